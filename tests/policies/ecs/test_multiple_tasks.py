from __future__ import annotations

import pytest

from policies.ecs.multiple_tasks import RULE
from policies.ecs.services import SCALING_TARGET, SERVICE
from policies.rule import Level, Outcome, Resource, Stack, Verdict
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, urn


def test_autoscaling_minimum_overrides_desired_count() -> None:
    assert evaluate(RULE, "service", {"desiredCount": 1.0}).outcome is Outcome.PASS
    assert evaluate(RULE, "service", {"desiredCount": ABSENT}).outcome is Outcome.PASS


def test_autoscaling_minimum_of_one_fails() -> None:
    verdict = evaluate(RULE, "service", {"scaling: minCapacity": 1.0})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("autoscaling target scaling: minCapacity", "1")
    ]


@pytest.mark.parametrize(
    ("count", "outcome"), [(2.0, Outcome.PASS), (1.0, Outcome.FAIL), (0.0, Outcome.FAIL), (ABSENT, Outcome.FAIL)]
)
def test_desired_count_is_evaluated_without_autoscaling(count: object, outcome: Outcome) -> None:
    assert evaluate(RULE, "service", {"scaling": ABSENT, "desiredCount": count}).outcome is outcome


def test_autoscaling_of_another_service_is_ignored() -> None:
    changes = {"scaling: resourceId": "service/main/other", "desiredCount": 1.0}
    assert evaluate(RULE, "service", changes).outcome is Outcome.FAIL


def test_target_is_found_by_data_flow_before_the_service_has_a_name() -> None:
    properties = {"loadBalancers": [{"containerName": "shop"}], "desiredCount": 1.0}
    service = Resource(
        SERVICE, "service", urn(SERVICE, "service"), from_state(properties), from_state({"name": UNKNOWN})
    )
    target = Resource(
        SCALING_TARGET,
        "scaling",
        urn(SCALING_TARGET, "scaling"),
        from_state({"resourceId": UNKNOWN, "minCapacity": 2.0}),
        references={"resourceId": frozenset({service.urn})},
    )
    assert RULE.evaluate(service, Stack((service, target))).outcome is Outcome.PASS
    assert RULE.evaluate(service, Stack((service,))).outcome is Outcome.FAIL


@pytest.mark.parametrize("changes", [{"loadBalancers": ABSENT}, {"schedulingStrategy": "DAEMON"}])
def test_worker_or_a_daemon_is_not_applicable(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "service", {**changes, "desiredCount": 1.0}).outcome is Outcome.NOT_APPLICABLE


def test_minimum_is_configurable() -> None:
    assert evaluate(RULE, "service", parameters={"minimumTasks": 3}).outcome is Outcome.FAIL


def test_rule_is_advisory_because_the_smallest_size_runs_one_task() -> None:
    assert RULE.level is Level.ADVISORY


@pytest.mark.parametrize("changes", [{"scaling: minCapacity": UNKNOWN}, {"scaling": ABSENT, "desiredCount": UNKNOWN}])
def test_unknown_number_evaluates_to_unknown(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "service", changes).outcome is Outcome.UNKNOWN


def scaled_by_name(scales: str, cluster: str = UNKNOWN) -> Verdict:
    """Return the verdict on the service `shop` with one task and an autoscaling target of two for `scales`."""
    given = {"name": "shop", "cluster": cluster}
    properties = {**given, "loadBalancers": [{"containerName": "shop"}], "desiredCount": 1.0}
    service = Resource(SERVICE, "service", urn(SERVICE, "service"), from_state(properties), from_state(given))
    scaling = from_state({"resourceId": scales, "minCapacity": 2.0})
    target = Resource(SCALING_TARGET, "scaling", urn(SCALING_TARGET, "scaling"), scaling)
    return RULE.evaluate(service, Stack((service, target)))


def test_target_evaluates_to_unknown_until_the_cluster_is_known() -> None:
    verdict = scaled_by_name("service/main/shop")
    assert (verdict.outcome, verdict.findings) == (Outcome.UNKNOWN, ())
    assert "cluster" in verdict.reason


@pytest.mark.parametrize("scales", ["service/main/other", "service/main/other-shop"])
def test_target_of_another_service_name_fails(scales: str) -> None:
    assert scaled_by_name(scales).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("cluster", "outcome"),
    [("main", Outcome.PASS), ("arn:aws:ecs:eu-west-1:111122223333:cluster/main", Outcome.PASS), ("x", Outcome.FAIL)],
)
def test_cluster_name_identifies_the_target(cluster: str, outcome: Outcome) -> None:
    assert scaled_by_name("service/main/shop", cluster).outcome is outcome
