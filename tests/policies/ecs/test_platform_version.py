from __future__ import annotations

import pytest

from policies.ecs.platform_version import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("version", [ABSENT, "LATEST", "1.4.0", "1.0.0"])
def test_latest_version_passes(version: object) -> None:
    changes = {} if version is ABSENT else {"platformVersion": version}
    assert evaluate(RULE, "service", changes).outcome is Outcome.PASS


def test_older_version_fails() -> None:
    assert evaluate(RULE, "service", {"platformVersion": "1.3.0"}).findings[0].found == '"1.3.0"'


@pytest.mark.parametrize("launch_type", ["EC2", "EXTERNAL"])
def test_service_on_instances_is_not_applicable(launch_type: str) -> None:
    assert evaluate(RULE, "service", {"launchType": launch_type}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_version_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {"platformVersion": UNKNOWN}).outcome is Outcome.UNKNOWN
