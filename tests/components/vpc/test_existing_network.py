"""Taking over a network: what fits is offered as a made one would be, what does not fit is refused beforehand."""

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


def joined(subnet_ids: Iterable[str], *, main: bool = False) -> list[SimpleNamespace]:
    """What a table says of the subnets that use it."""
    return [SimpleNamespace(subnet_id=each, main=main) for each in subnet_ids]


class Account:
    """What the lookups find: by default a network that fits `ARGS`. Things to differ are given by id."""

    def __init__(self, **vpc: Any) -> None:
        self.vpc = {"cidr_block": "172.31.0.0/16", "enable_dns_support": True, "enable_dns_hostnames": True, **vpc}
        self.different: dict[str, Mapping[str, Any]] = {}

    def get_vpc(self, *, id: str, opts: object) -> SimpleNamespace:
        del id, opts
        return SimpleNamespace(**self.vpc)

    def get_subnet(self, *, id: str, opts: object) -> SimpleNamespace:
        del opts
        if id == "subnet-00000000000000bad":
            raise Exception("no matching EC2 Subnet found")  # as an invoke does
        zone = A if id[-2] == "a" else B
        return SimpleNamespace(**{"vpc_id": VPC, "availability_zone": zone, **self.different.get(id, {})})

    def get_route_table(self, *, route_table_id: str, opts: object) -> SimpleNamespace:
        del opts
        found = {
            "vpc_id": VPC,
            "routes": [SimpleNamespace(gateway_id="local"), SimpleNamespace(gateway_id="igw-1")],
            "associations": joined(f"subnet-000000000000000{zone}{route_table_id[-1]}" for zone in "ab"),
        }
        return SimpleNamespace(**{**found, **self.different.get(route_table_id, {})})

    def take_over(self, patch: pytest.MonkeyPatch, args: ExistingNetworkArgs = ARGS) -> Recording[ExistingNetwork]:
        for name in ("get_vpc", "get_subnet", "get_route_table"):
            patch.setattr(aws.ec2, name, getattr(self, name))
        return record(lambda: ExistingNetwork("net", args))


def test_it_offers_what_a_made_network_offers() -> None:
    assert ExistingNetwork.__annotations__ == Network.__annotations__


def test_nothing_is_made_and_everything_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = Account().take_over(monkeypatch)
    network = recording.result

    assert recording.tree() == {"net": None}
    assert network.vpc_cidr == "172.31.0.0/16"
    assert recording.value(network.vpc_id) == VPC
    for offered, given in (
        (network.public_subnet_ids, ARGS.public_subnet_ids),
        (network.private_subnet_ids, ARGS.private_subnet_ids),
        (network.data_subnet_ids, ARGS.data_subnet_ids),
        (network.private_route_table_ids, ARGS.private_route_table_ids),
    ):
        assert {zone: recording.value(each) for zone, each in offered.items()} == given
    assert [recording.value(each) for each in network.nat_public_ips] == ["192.0.2.1"]


def test_a_table_that_zones_share_gets_a_peerings_routes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = Account().take_over(monkeypatch)

    assert {name: recording.value(each) for name, each in recording.result.route_table_ids.items()} == {
        "public": "rtb-00000000000000000",
        f"private-{A}": "rtb-00000000000000001",
    }


def test_every_fault_of_the_network_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account(enable_dns_hostnames=False)
    account.different = {
        "subnet-000000000000000a0": {"vpc_id": "vpc-other"},
        "subnet-000000000000000b1": {"availability_zone": "eu-west-1c"},
        "rtb-00000000000000000": {"routes": [SimpleNamespace(gateway_id="local")]},
        "rtb-00000000000000001": {"associations": joined(["subnet-000000000000000a1"])},
        "rtb-00000000000000002": {"vpc_id": "vpc-other"},
    }
    account.different["subnet-000000000000000a2"] = {"vpc_id": "vpc-other"}
    args = replace(ARGS, data_subnet_ids={**ARGS.data_subnet_ids, B: "subnet-00000000000000bad"})
    with pytest.raises(ValueError, match=f"the existing network {VPC} does not fit") as caught:
        account.take_over(monkeypatch, args)

    faults = str(caught.value).splitlines()[1:]
    assert [fault.strip().split(": ")[0] for fault in faults] == [
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
    assert "DNS hostnames off" in faults[0]
    assert f"is in vpc-other, must be in {VPC}" in faults[1]
    assert f"is in zone eu-west-1c, must be in {B}" in faults[2]
    assert "no matching EC2 Subnet found" in faults[4]
    assert "is not the table of subnet-00000000000000bad:" in faults[6]
    assert "is not the table of subnet-000000000000000b1:" in faults[7]
    assert "no route to an internet gateway" in faults[8]


def test_the_main_table_serves_subnets_that_have_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account()
    account.different = {"rtb-00000000000000002": {"associations": joined([""], main=True)}}

    assert account.take_over(monkeypatch).tree() == {"net": None}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"vpc_id": "net"}, "vpc_id: got 'net', allowed an id such as vpc-"),
        ({"public_subnet_ids": {A: "subnet-000000000000000a0"}}, "public_subnet_ids: got 1 zone"),
        ({"data_subnet_ids": {}}, "data_subnet_ids: got 0 zone"),
        ({"data_subnet_ids": {A: "x", B: "y"}}, "data_subnet_ids: got 'x'"),
        ({"public_route_table_id": VPC}, f"public_route_table_id: got '{VPC}', allowed an id such as rtb-"),
        ({"private_route_table_ids": {}}, "private_route_table_ids: got zones none, allowed those of private_subnet"),
        (
            {
                "private_subnet_ids": {"eu-west-1c": "subnet-000000000000000c1"},
                "private_route_table_ids": {"eu-west-1c": "rtb-00000000000000001"},
            },
            "private_subnet_ids: got eu-west-1c, allowed zones of public_subnet_ids",
        ),
    ],
)
def test_arguments_that_cannot_fit_are_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(ARGS, **change)


def test_without_private_subnets_tasks_run_in_the_public_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    args = replace(ARGS, private_subnet_ids={}, private_route_table_ids={})

    assert set(Account().take_over(monkeypatch, args).result.route_table_ids) == {"public"}
