"""Tests of the load balancer resources of blue/green deployments."""

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


def test_creates_exactly_these_resources(recording: Recording[BlueGreen]) -> None:
    assert recording.tree() == {
        "api": None,
        **dict.fromkeys(("api-alternate", "api-production", "api-blue-green"), "api"),
    }
    assert sorted(each.type for each in recording.resources if each.name == "api-blue-green") == [
        ROLE,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ]


def test_rule_routes_all_traffic_to_the_first_group_and_then_ignores_changes(recording: Recording[BlueGreen]) -> None:
    rule = recording.named("api-production")
    (action,) = rule.inputs["actions"]
    groups = action["forward"]["targetGroups"]

    assert [(group["arn"].rpartition(":")[2], group["weight"]) for group in groups] == [
        ("first", 100),
        ("api-alternate", 0),
    ]
    assert rule.opts.ignore_changes == ("actions",)
    assert (rule.inputs["priority"], rule.inputs["conditions"]) == (50_000, [{"pathPattern": {"values": ["/*"]}}])


def test_alternate_group_has_the_settings_of_the_first(recording: Recording[BlueGreen]) -> None:
    group = recording.named("api-alternate").inputs

    assert (group["port"], group["healthCheck"]["path"]) == (5000, "/ready")


def test_role_is_assumed_by_ecs_and_resolves_after_its_policy(recording: Recording[BlueGreen]) -> None:
    (trust,) = statements(recording.one(ROLE), "assumeRolePolicy")

    assert trust["Principal"] == {"Service": "ecs.amazonaws.com"}
    assert recording.source_types(recording.result.role_arn) == {
        ROLE,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    }
    attached = recording.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs["policyArn"]
    assert attached.endswith("/AmazonECSInfrastructureRolePolicyForLoadBalancers")


def test_rule_matches_the_requests_of_a_routed_service_only() -> None:
    args = replace(ARGS, match=RequestMatch(paths=("/api/reports/*",)), priority=99)
    rule = record(lambda: BlueGreen("reports", args)).named("reports-production").inputs

    assert (rule["priority"], rule["conditions"]) == (99, [{"pathPattern": {"values": ["/api/reports/*"]}}])


def test_invalid_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"priority: out of range \(got 0\)"):
        replace(ARGS, priority=0)
    with pytest.raises(ValueError, match="name: too long"):
        record(lambda: BlueGreen("a" * 15, ARGS))


def test_target_stickiness_is_rejected() -> None:
    with pytest.raises(
        ValueError, match=r"targets\.sticky_seconds: not supported by blue/green deployments \(got 60\)"
    ):
        replace(ARGS, targets=TargetSettings(port=5000, sticky_seconds=60))
