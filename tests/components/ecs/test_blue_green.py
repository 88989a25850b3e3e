"""The load balancer's half of blue/green: two groups behind one rule that is ECS's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.alb.listener_rule import RequestMatch
from components.alb.target_group import TargetSettings
from components.ecs.blue_green import BlueGreen, BlueGreenArgs
from tests.components.policy_documents import statements
from tests.engine_recorder import Recording, record

ARGS = BlueGreenArgs(
    listener_arn="arn:listener",
    vpc_id="vpc-1",
    target_group_arn="arn:first",
    targets=TargetSettings(port=5000, health_check_path="/ready"),
    tags={"Stack": "dev"},
)
ROLE = "aws:iam/role:Role"


@pytest.fixture(scope="module")
def recording() -> Recording[BlueGreen]:
    return record(lambda: BlueGreen("api", ARGS))


def test_it_is_made_of_these_and_no_others(recording: Recording[BlueGreen]) -> None:
    assert recording.tree() == {
        "api": None,
        **dict.fromkeys(("api-alternate", "api-production", "api-shift"), "api"),
    }
    assert sorted(each.type for each in recording.resources if each.name == "api-shift") == [
        ROLE,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ]


def test_all_traffic_starts_in_the_first_group_and_is_then_left_to_ecs(recording: Recording[BlueGreen]) -> None:
    rule = recording.named("api-production")
    (action,) = rule.inputs["actions"]
    groups = action["forward"]["targetGroups"]

    assert [(group["arn"].rpartition(":")[2], group["weight"]) for group in groups] == [
        ("first", 100),
        ("api-alternate", 0),
    ]
    assert rule.opts.ignore_changes == ("actions",)
    assert (rule.inputs["priority"], rule.inputs["conditions"]) == (50_000, [{"pathPattern": {"values": ["/*"]}}])


def test_the_second_group_is_like_the_first(recording: Recording[BlueGreen]) -> None:
    group = recording.named("api-alternate").inputs

    assert (group["port"], group["healthCheck"]["path"]) == (5000, "/ready")


def test_the_role_is_ecs_own_and_handed_out_once_it_may_work(recording: Recording[BlueGreen]) -> None:
    (trust,) = statements(recording.one(ROLE), "assumeRolePolicy")

    assert trust["Principal"] == {"Service": "ecs.amazonaws.com"}
    assert recording.source_types(recording.result.role_arn) == {
        ROLE,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    }
    attached = recording.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs["policyArn"]
    assert attached.endswith("/AmazonECSInfrastructureRolePolicyForLoadBalancers")


def test_a_routed_service_shifts_its_own_requests_alone() -> None:
    args = replace(ARGS, match=RequestMatch(paths=("/api/reports/*",)), priority=99)
    rule = record(lambda: BlueGreen("reports", args)).named("reports-production").inputs

    assert (rule["priority"], rule["conditions"]) == (99, [{"pathPattern": {"values": ["/api/reports/*"]}}])


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="priority: got 0"):
        replace(ARGS, priority=0)
    with pytest.raises(ValueError, match="name: got"):
        record(lambda: BlueGreen("a" * 15, ARGS))
