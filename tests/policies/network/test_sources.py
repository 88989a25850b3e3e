from __future__ import annotations

from dataclasses import replace

from policies.network.sources import SUBNETS, sources
from policies.rule import Stack
from tests.policies.evaluation import UNKNOWN, resource

TOKEN = "aws:ec2/subnet:Subnet"
A, B = (resource(TOKEN, {"id": f"subnet-{zone}"}, zone) for zone in "ab")


def test_references_are_found_and_sorted_by_name() -> None:
    flows = {"subnetId": frozenset({B.urn, A.urn, "urn:of:something:else"})}
    holder = replace(resource("aws:ec2/instance:Instance", {"subnetId": UNKNOWN}), references=flows)
    assert sources(holder, "subnetId", Stack((A, B)), SUBNETS) == [A, B]


def test_plain_text_is_found_by_its_value() -> None:
    holder = resource("aws:ec2/instance:Instance", {"subnetId": "subnet-b", "subnets": ["subnet-a"]})
    stack = Stack((A, B))
    assert sources(holder, "subnetId", stack, SUBNETS) == [B]
    assert sources(holder, "subnetId", stack, ("aws:ec2/vpc:Vpc",)) == []
    assert sources(holder, "missing", stack, SUBNETS) == []


def test_each_stack_has_its_own_index() -> None:
    holder = resource("aws:ec2/instance:Instance", {"subnetId": "subnet-b"})
    assert sources(holder, "subnetId", Stack((B,)), SUBNETS) == [B]
    assert sources(holder, "subnetId", Stack((A,)), SUBNETS) == []
