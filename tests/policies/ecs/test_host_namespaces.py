from __future__ import annotations

import pytest

from policies.ecs.host_namespaces import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import evaluated, program, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("mode", ["awsvpc", "bridge", "none", ABSENT])
def test_dedicated_network_mode_passes(mode: object) -> None:
    assert evaluate(RULE, "task", {"networkMode": mode}).outcome is Outcome.PASS


def test_namespaces_shared_within_the_task_pass() -> None:
    assert evaluate(RULE, "task", {"pidMode": "task", "ipcMode": "task"}).outcome is Outcome.PASS


@pytest.mark.parametrize("key", ["networkMode", "pidMode", "ipcMode"])
def test_host_namespace_fails(key: str) -> None:
    verdict = evaluated(RULE, program(), router(), changes={key: "host"})
    assert [finding.path for finding in verdict.findings] == [key]


def test_monitoring_agent_is_not_applicable() -> None:
    assert evaluated(RULE, router(), changes={"networkMode": "host"}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_containers_pass_without_host_namespaces() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"networkMode": UNKNOWN}, {"pidMode": "host", "containerDefinitions": UNKNOWN}])
def test_unknown_values_evaluate_to_unknown(changes: dict[str, str]) -> None:
    assert evaluate(RULE, "task", changes).outcome is Outcome.UNKNOWN
