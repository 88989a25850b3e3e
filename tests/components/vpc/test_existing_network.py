"""Tests of an existing network: its outputs, and the errors that lookups report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pulumi_aws as aws
import pytest

from components.vpc.existing_network import ExistingNetwork, ExistingNetworkArgs
from components.vpc.network import Network
from tests.engine_recorder import Recording, record

VPC = "vpc-0000000000000000a"
A, B = "eu-west-1a", "eu-west-1b"
ARGS = ExistingNetworkArgs(
    vpc_id=VPC,
    public_subnet_ids={A: "subnet-000000000000000a0", B: "subnet-000000000000000b0"},
    private_subnet_ids={A: "subnet-000000000000000a1", B: "subnet-000000000000000b1"},
    data_subnet_ids={A: "subnet-000000000000000a2", B: "subnet-000000000000000b2"},
    public_route_table_id="rtb-00000000000000000",
    private_route_table_ids={A: "rtb-00000000000000001", B: "rtb-00000000000000001"},
    data_route_table_id="rtb-00000000000000002",
    nat_public_ips=["192.0.2.1"],
)


def associations(subnet_ids: Iterable[str], *, main: bool = False) -> list[SimpleNamespace]:
    """Return the associations of a route table with these subnets."""
    return [SimpleNamespace(subnet_id=each, main=main) for each in subnet_ids]


class FakeLookups:
    """Replacements of the lookups. They return a network that matches `ARGS`; `changes` overrides results by id."""

    def __init__(self, **vpc: Any) -> None:
        self.vpc = {"cidr_block": "172.31.0.0/16", "enable_dns_support": True, "enable_dns_hostnames": True, **vpc}
        self.changes: dict[str, Mapping[str, Any]] = {}

    def get_vpc(self, *, id: str, opts: object) -> SimpleNamespace:
        del id, opts
        return SimpleNamespace(**self.vpc)

    def get_subnet(self, *, id: str, opts: object) -> SimpleNamespace:
        del opts
        if id == "subnet-00000000000000bad":
            raise Exception("no matching EC2 Subnet found")  # as a failed invoke does
        zone = A if id[-2] == "a" else B
        return SimpleNamespace(**{"vpc_id": VPC, "availability_zone": zone, **self.changes.get(id, {})})

    def get_route_table(self, *, route_table_id: str, opts: object) -> SimpleNamespace:
        del opts
        found = {
            "vpc_id": VPC,
            "routes": [SimpleNamespace(gateway_id="local"), SimpleNamespace(gateway_id="igw-1")],
            "associations": associations(f"subnet-000000000000000{zone}{route_table_id[-1]}" for zone in "ab"),
        }
        return SimpleNamespace(**{**found, **self.changes.get(route_table_id, {})})

    def create(self, patch: pytest.MonkeyPatch, args: ExistingNetworkArgs = ARGS) -> Recording[ExistingNetwork]:
        for name in ("get_vpc", "get_subnet", "get_route_table"):
            patch.setattr(aws.ec2, name, getattr(self, name))
        return record(lambda: ExistingNetwork("net", args))


def test_outputs_are_those_of_network() -> None:
    assert ExistingNetwork.__annotations__ == Network.__annotations__


def test_creates_no_resources_and_passes_on_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = FakeLookups().create(monkeypatch)
    network = recording.result

    assert recording.tree() == {"net": None}
    assert network.vpc_cidr == "172.31.0.0/16"
    assert recording.value(network.vpc_id) == VPC
    for output, argument in (
        (network.public_subnet_ids, ARGS.public_subnet_ids),
        (network.private_subnet_ids, ARGS.private_subnet_ids),
        (network.data_subnet_ids, ARGS.data_subnet_ids),
        (network.private_route_table_ids, ARGS.private_route_table_ids),
    ):
        assert {zone: recording.value(each) for zone, each in output.items()} == argument
    assert [recording.value(each) for each in network.nat_public_ips] == ["192.0.2.1"]


def test_route_table_shared_by_zones_is_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = FakeLookups().create(monkeypatch)

    assert {name: recording.value(each) for name, each in recording.result.route_table_ids.items()} == {
        "public": "rtb-00000000000000000",
        f"private-{A}": "rtb-00000000000000001",
    }


def test_all_errors_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = FakeLookups(enable_dns_hostnames=False)
    lookups.changes = {
        "subnet-000000000000000a0": {"vpc_id": "vpc-other"},
        "subnet-000000000000000b1": {"availability_zone": "eu-west-1c"},
        "rtb-00000000000000000": {"routes": [SimpleNamespace(gateway_id="local")]},
        "rtb-00000000000000001": {"associations": associations(["subnet-000000000000000a1"])},
        "rtb-00000000000000002": {"vpc_id": "vpc-other"},
    }
    lookups.changes["subnet-000000000000000a2"] = {"vpc_id": "vpc-other"}
    args = replace(ARGS, data_subnet_ids={**ARGS.data_subnet_ids, B: "subnet-00000000000000bad"})
    with pytest.raises(ValueError, match=rf"vpc_id: the existing network cannot be used \(got {VPC}\)") as caught:
        lookups.create(monkeypatch, args)

    errors = str(caught.value).splitlines()[1:]
    assert [error.strip().split(": ")[0] for error in errors] == [
        "vpc_id",
        f"public_subnet_ids[{A}]",
        f"private_subnet_ids[{B}]",
        f"data_subnet_ids[{A}]",
        f"data_subnet_ids[{B}]",
        "data_route_table_id",
        "data_route_table_id",
        f"private_route_table_ids[{B}]",
        "public_route_table_id",
    ]
    assert "DNS hostnames are disabled" in errors[0]
    assert f"is in another VPC (got vpc-other). Set a subnet of {VPC}." in errors[1]
    assert f"is in another zone (got eu-west-1c). Set a subnet of {B}." in errors[2]
    assert "no matching EC2 Subnet found" in errors[4]
    assert "is not associated with every subnet (got subnet-00000000000000bad without it)" in errors[6]
    assert "is not associated with every subnet (got subnet-000000000000000b1 without it)" in errors[7]
    assert "no route to an internet gateway" in errors[8]


def test_main_route_table_counts_for_subnets_without_association(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = FakeLookups()
    lookups.changes = {"rtb-00000000000000002": {"associations": associations([""], main=True)}}

    assert lookups.create(monkeypatch).tree() == {"net": None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vpc_id": "net"}, r"vpc_id: malformed id \(got 'net'\)\. Set an id such as vpc-"),
        ({"public_subnet_ids": {A: "subnet-000000000000000a0"}}, r"public_subnet_ids: too few zones \(got 1\)"),
        ({"data_subnet_ids": {}}, r"data_subnet_ids: too few zones \(got 0\)"),
        ({"data_subnet_ids": {A: "x", B: "y"}}, r"data_subnet_ids: malformed id \(got 'x'\)"),
        (
            {"public_route_table_id": VPC},
            rf"public_route_table_id: malformed id \(got '{VPC}'\)\. Set an id such as rtb-",
        ),
        (
            {"private_route_table_ids": {}},
            r"private_route_table_ids: zones differ from private_subnet_ids \(got none\)",
        ),
        (
            {
                "private_subnet_ids": {"eu-west-1c": "subnet-000000000000000c1"},
                "private_route_table_ids": {"eu-west-1c": "rtb-00000000000000001"},
            },
            r"private_subnet_ids: zones without a public subnet \(got eu-west-1c\)",
        ),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)


def test_without_private_subnets_only_the_public_route_table_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    args = replace(ARGS, private_subnet_ids={}, private_route_table_ids={})

    assert set(FakeLookups().create(monkeypatch, args).result.route_table_ids) == {"public"}
