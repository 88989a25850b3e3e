from __future__ import annotations

from typing import Any

import pytest

from policies.network.flow_logs import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


@pytest.mark.parametrize("kind", ["ALL", "REJECT"])
def test_flow_log_of_rejected_traffic_passes(kind: str) -> None:
    assert evaluate(RULE, "vpc", {"flow-log: trafficType": kind}).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"flow-log": ABSENT}, {"flow-log: vpcId": "vpc-another"}])
def test_missing_flow_log_fails(changes: dict[str, Any]) -> None:
    assert [finding.found for finding in evaluate(RULE, "vpc", changes).findings] == ["missing"]


@pytest.mark.parametrize(("kind", "found"), [("ACCEPT", '"ACCEPT"'), (ABSENT, "not set")])
def test_flow_log_of_accepted_traffic_only_fails(kind: object, found: str) -> None:
    verdict = evaluate(RULE, "vpc", {"flow-log: trafficType": kind})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("flow log flow-log: trafficType", found)
    ]


@pytest.mark.parametrize(("logged", "outcome"), [(("a", "b"), Outcome.PASS), (("a",), Outcome.FAIL)])
def test_flow_logs_of_subnets_pass_only_for_all_subnets(logged: tuple[str, ...], outcome: Outcome) -> None:
    vpc = resource("aws:ec2/vpc:Vpc", {"id": "vpc-1"}, "vpc")
    subnets = [resource("aws:ec2/subnet:Subnet", {"vpcId": "vpc-1", "id": f"subnet-{zone}"}, zone) for zone in "ab"]
    logs = [resource("aws:ec2/flowLog:FlowLog", {"subnetId": f"subnet-{zone}"}, f"log-{zone}") for zone in logged]
    assert RULE.evaluate(vpc, Stack((vpc, *subnets, *logs))).outcome is outcome


def test_unknown_traffic_type_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "vpc", {"flow-log: trafficType": UNKNOWN}).outcome is Outcome.UNKNOWN


def test_vpc_is_found_by_plain_id() -> None:
    vpc = resource("aws:ec2/vpc:Vpc", {"id": "vpc-1"}, "vpc")
    log = resource("aws:ec2/flowLog:FlowLog", {"vpcId": "vpc-1", "trafficType": "ALL"}, "log")
    assert RULE.evaluate(vpc, Stack((vpc, log))).outcome is Outcome.PASS
