"""Changes of a network on the real engine do not replace its other resources."""

from __future__ import annotations

from dataclasses import replace

import pulumi
import pytest

from components.vpc.endpoints import EndpointService
from components.vpc.existing_network import ExistingNetwork, ExistingNetworkArgs
from components.vpc.nat import NatKind
from components.vpc.network import Network, NetworkArgs
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.engine.sandbox_stack import CreateStack, Program, SandboxStack

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

TWO = ("eu-west-1a", "eu-west-1b")
THREE = (*TWO, "eu-west-1c")
ARGS = NetworkArgs(
    vpc_cidr="10.20.0.0/16",
    availability_zones=TWO,
    account_id="123456789012",
    region="eu-west-1",
    flow_log_retention_days=30,
    tags={"Stack": "dev"},
)
KEPT = ("Vpc", "Subnet", "RouteTable", "Eip", "NatGateway", "VpcEndpoint", "SecurityGroup", "InternetGateway")


def program(args: NetworkArgs) -> Program:
    def build() -> None:
        network = Network("net", args)
        pulumi.export("vpc", network.vpc_id)
        pulumi.export("public", network.public_subnet_ids)
        pulumi.export("private", network.private_subnet_ids)
        pulumi.export("data", network.data_subnet_ids)
        pulumi.export("public_table", network.public_route_table_id)
        pulumi.export("private_tables", network.private_route_table_ids)
        pulumi.export("data_table", network.data_route_table_id)
        pulumi.export("nat", network.nat_public_ips)

    return build


def ids(stack: SandboxStack) -> dict[tuple[str, str], str]:
    """Return the ids of the resources whose type is in KEPT, by type and logical name."""
    return {(type, each.name): each.id for each in stack.resources() if (type := each.type.rpartition(":")[2]) in KEPT}


def private(nat: NatKind, *services: EndpointService) -> PrivateSubnetsArgs:
    return PrivateSubnetsArgs(nat=nat, endpoint_services=services)


def test_changes_of_zones_nat_and_endpoints_replace_nothing(create_stack: CreateStack) -> None:
    stack = create_stack()
    ecr = (EndpointService.ECR_API, EndpointService.ECR_DKR)
    three = replace(ARGS, availability_zones=THREE)
    steps = [
        ARGS,
        replace(three, private=private(NatKind.INSTANCE)),
        replace(three, private=private(NatKind.SINGLE, *ecr)),
        replace(three, private=private(NatKind.PER_ZONE, *ecr, EndpointService.LOGS)),
        replace(three, private=private(NatKind.SINGLE, *ecr)),
        replace(three, private=private(NatKind.NONE, *ecr), ipv6=True),
        replace(three, private=private(NatKind.PER_ZONE), ipv6=True, availability_zones=("eu-west-1c", *TWO)),
    ]
    before: dict[tuple[str, str], str] = {}
    nat_public_ips: list[list[str]] = []  # of each step; allow lists of other systems may contain them
    for number, args in enumerate(steps):
        preview = stack.preview(program(args))
        assert not preview.error, f"step {number}: {preview.error}"
        assert not preview.changes.get("replace"), f"step {number}: {preview.changes}"
        done = stack.up(program(args))
        assert not done.error, f"step {number}: {done.error}"
        assert not done.changes.get("replace"), f"step {number}: {done.changes}"
        assert stack.preview(program(args)).empty, f"step {number}"

        after = ids(stack)
        kept = before.keys() & after.keys()
        assert {key: after[key] for key in kept} == {key: before[key] for key in kept}, f"step {number}"
        deleted = {type for type, _ in before.keys() - after.keys()}
        assert deleted <= {"NatGateway", "Eip", "VpcEndpoint", "SecurityGroup"}, f"step {number}: {deleted}"
        before = after
        nat_public_ips.append(done.outputs["nat"])

    assert [len(addresses) for addresses in nat_public_ips] == [0, 1, 1, 3, 1, 0, 3]
    assert nat_public_ips[2] == nat_public_ips[4]
    assert nat_public_ips[2][0] in nat_public_ips[3]
    assert stack.refresh(program(steps[-1])).empty
    assert not stack.destroy(program(ARGS)).error
    assert stack.resources() == []


def test_removal_of_ipv6_is_rejected(create_stack: CreateStack) -> None:
    stack = create_stack()
    assert not stack.up(program(replace(ARGS, ipv6=True))).error
    assert "cannot release its IPv6 CIDR block" in stack.up(program(ARGS)).error


def existing(args: ExistingNetworkArgs) -> Program:
    def build() -> None:
        network = ExistingNetwork("net", args)
        pulumi.export("cidr", network.vpc_cidr)
        pulumi.export("public", network.public_subnet_ids)
        pulumi.export("tables", network.route_table_ids)

    return build


def test_existing_network_of_another_stack_is_looked_up_and_validated(create_stack: CreateStack) -> None:
    owner = create_stack(stack="owner")
    outputs = owner.up(program(replace(ARGS, private=private(NatKind.SINGLE)))).outputs
    args = ExistingNetworkArgs(
        vpc_id=outputs["vpc"],
        public_subnet_ids=outputs["public"],
        private_subnet_ids=outputs["private"],
        data_subnet_ids=outputs["data"],
        public_route_table_id=outputs["public_table"],
        private_route_table_ids=outputs["private_tables"],
        data_route_table_id=outputs["data_table"],
    )
    tenant = create_stack(stack="tenant", account=owner.account)
    done = tenant.up(existing(args))

    assert not done.error
    assert done.outputs["cidr"] == "10.20.0.0/16"
    assert done.outputs["public"] == outputs["public"]
    assert set(done.outputs["tables"]) == {"public", "private-eu-west-1a", "private-eu-west-1b"}
    assert tenant.preview(existing(args)).empty
    assert not tenant.resources()

    swapped = {TWO[0]: outputs["public"][TWO[1]], TWO[1]: outputs["public"][TWO[0]]}
    wrong = replace(args, public_subnet_ids=swapped, public_route_table_id=outputs["data_table"])
    error = tenant.preview(existing(wrong)).error
    assert f"public_subnet_ids[{TWO[0]}]: {swapped[TWO[0]]} is in another zone (got {TWO[1]})" in error
    assert f"public_route_table_id: no route to an internet gateway (got {outputs['data_table']})" in error
    assert f"{outputs['data_table']} is not associated with every subnet" in error

    missing = replace(args, vpc_id="vpc-0123456789abcdef0")
    assert "no matching EC2 VPC found: 'vpc-0123456789abcdef0'" in tenant.preview(existing(missing)).error
