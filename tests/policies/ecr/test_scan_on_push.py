from __future__ import annotations

import pytest

from policies.ecr.scan_on_push import REGISTRY_SCANNING, RULE
from policies.rule import Outcome, Stack, Verdict
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


def by_registry(frequency: str, filter_: str) -> Verdict:
    rule = {"scanFrequency": frequency, "repositoryFilters": [{"filter": filter_, "filterType": "WILDCARD"}]}
    repository = resource("aws:ecr/repository:Repository", {})
    return RULE.evaluate(repository, Stack((repository, resource(REGISTRY_SCANNING, {"rules": [rule]}))))


def test_repository_with_scanning_passes() -> None:
    assert evaluate(RULE, "images").outcome is Outcome.PASS


@pytest.mark.parametrize("scanning", [ABSENT, {}, {"scanOnPush": False}])
def test_repository_without_scanning_fails(scanning: object) -> None:
    assert evaluate(RULE, "images", {"imageScanningConfiguration": scanning}).outcome is Outcome.FAIL


@pytest.mark.parametrize("frequency", ["SCAN_ON_PUSH", "CONTINUOUS_SCAN"])
def test_registry_scanning_of_all_repositories_passes(frequency: str) -> None:
    assert by_registry(frequency, "*").outcome is Outcome.PASS


@pytest.mark.parametrize(("frequency", "filter_"), [("MANUAL", "*"), ("SCAN_ON_PUSH", "other-*")])
def test_registry_scanning_of_other_repositories_or_manual_fails(frequency: str, filter_: str) -> None:
    assert by_registry(frequency, filter_).outcome is Outcome.FAIL


def test_unknown_setting_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "images", {"imageScanningConfiguration.scanOnPush": UNKNOWN}).outcome is Outcome.UNKNOWN
