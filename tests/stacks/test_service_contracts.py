"""Further services: who may call whom, their time-outs, deployments, and versions that a header selects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.config.constraints.services import call_order
from stacks.config.containers import ServiceConfig
from tests.engine_recorder import Recording
from tests.stacks.test_options import built_with_secrets, errors

SMALL_POOL = json.dumps({"databaseMaxPoolSize": 20})


def service(name: str, priority: int, **more: Any) -> dict[str, Any]:
    image = f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/{name}:v1"
    return {"image": image, "paths": [f"/{name}/*"], "priority": priority, "tasks": 1, "maxTasks": 2, **more}


def with_services(services: dict[str, Any], **changes: str) -> Recording[Any]:
    given: Any = {"services": json.dumps(services), "sizeOverrides": SMALL_POOL, **changes}
    return built_with_secrets(phase=Phase.ENTERPRISE, **given)


def rejected(services: dict[str, Any]) -> str:
    given = errors(Phase.ENTERPRISE, services=json.dumps(services), sizeOverrides=SMALL_POOL)
    return " ".join(f"{key}: {text}" for key, text in given.items())


def callers(recording: Recording[Any], callee: str) -> set[str]:
    """Return the tasks whose security group may connect to that of a service."""
    rules = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    suffix = f"-into-{callee}"
    return {rule.name.removesuffix(suffix) for rule in rules if rule.name.endswith(suffix)}


def test_only_declared_callers_may_connect_to_a_service() -> None:
    services = {
        "reports": service("reports", 100, callers=["backend", "billing"]),
        "billing": service("billing", 200, callers=["worker"]),
        "search": service("search", 300),
    }
    recording = with_services(services)
    assert callers(recording, "reports") == {"backend", "billing"}
    assert callers(recording, "billing") == {"worker"}
    assert callers(recording, "search") == {"backend", "worker"}
    order = [each.name for each in recording.resources]
    assert order.index("reports-service") < order.index("billing-service")


def test_a_circle_of_calls_and_unknown_callers_are_rejected() -> None:
    circle = {"a": service("a", 100, callers=["b"]), "b": service("b", 200, callers=["a"])}
    assert "the services call each other in a circle" in rejected(circle)
    assert "not another service" in rejected({"a": service("a", 100, callers=["a"])})
    configs = {name: ServiceConfig.model_validate_json(json.dumps(each)) for name, each in circle.items()}
    assert call_order(configs) == ([], ["a", "b"])


def test_a_service_has_its_own_time_out_of_calls() -> None:
    recording = with_services({"reports": service("reports", 100, requestTimeoutSeconds=45)})
    (connected,) = recording.named("reports-service").inputs["serviceConnectConfiguration"]["services"]
    assert connected["timeout"] == {"perRequestTimeoutSeconds": 45}


def test_a_service_chooses_its_own_deployment() -> None:
    recording = with_services({"reports": service("reports", 100, deployment="canary")}, shiftPercent="25")
    created = recording.named("reports-service").inputs
    assert created["deploymentConfiguration"]["strategy"] == "CANARY"
    assert created["deploymentConfiguration"]["canaryConfiguration"]["canaryPercent"] == 25
    assert created["loadBalancers"][0]["advancedConfiguration"]["productionListenerRule"]
    assert recording.named("reports-production").inputs["priority"] == 99
    assert recording.named("reports-route").inputs["priority"] == 100
    assert created["alarms"]["rollback"] is True
    rolling = with_services({"reports": service("reports", 100)})
    assert "reports-production" not in [each.name for each in rolling.resources]


def test_a_header_selects_a_version_before_the_weights() -> None:
    versions = {"weights": {"a": 95, "b": 5}, "select": {"b": {"x-version": "b"}}, "selectPriority": 50}
    recording = with_services({"reports": service("reports", 100, **versions)})
    selected = recording.named("reports-b-selected").inputs
    assert selected["priority"] == 50
    assert {"httpHeader": {"httpHeaderName": "x-version", "values": ["b"]}} in selected["conditions"]
    (action,) = selected["actions"]
    assert (action["type"], action["targetGroupArn"].rpartition(":")[2]) == ("forward", "reports-b")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"select": {"b": {"x-version": "b"}}}, "select names versions without a weight"),
        ({"weights": {"a": 1, "b": 1}, "select": {"b": {"x": "1"}}}, "selectPriority: must be 99 or less"),
        ({"weights": {"a": 1, "b": 1}, "select": {"b": {}}, "selectPriority": 1}, "needs exactly one header"),
        ({"weights": {"a": 1, "b": 1}, "deployment": "linear"}, "an A/B test has a service for each version"),
        ({"paths": ["/a", "/b", "/c", "/d", "/e"]}, "a listener rule cannot have so many values"),
    ],
)
def test_combinations_that_the_load_balancer_refuses_are_rejected(changes: dict[str, Any], message: str) -> None:
    assert message in rejected({"reports": service("reports", 100, **changes)})


# --- checks of the API's deployments ---

CHECKS = {
    "testHeader": "x-candidate",
    "testValue": "s3cr3t",
    "hooks": {"smoke": {"functionArn": "arn:aws:lambda:eu-west-1:111122223333:function:smoke"}},
}


def test_test_requests_reach_the_new_tasks_before_a_hook_decides() -> None:
    recording = built_with_secrets(deployment="blue-green", deploymentChecks=json.dumps(CHECKS))
    rule = recording.named("backend-test").inputs
    assert rule["conditions"] == [{"httpHeader": {"httpHeaderName": "x-candidate", "values": ["s3cr3t"]}}]
    assert rule["priority"] == recording.named("backend-production").inputs["priority"] - 1
    created = recording.named("backend-service").inputs
    assert created["loadBalancers"][0]["advancedConfiguration"]["testListenerRule"]
    (hook,) = created["deploymentConfiguration"]["lifecycleHooks"]
    assert hook["lifecycleStages"] == ["POST_TEST_TRAFFIC_SHIFT"]
    assert "backend-test" not in [each.name for each in built_with_secrets(deployment="blue-green").resources]


def test_checks_need_two_target_groups() -> None:
    assert "from phase scale on" in errors(Phase.MVP, deploymentChecks=json.dumps(CHECKS))["tierup:deploymentChecks"]
