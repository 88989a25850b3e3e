from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from policies.cost.tags import RULE, remedy
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def test_any_tag_passes() -> None:
    assert evaluate(RULE, "balancer", {"tags": {"team": "shop"}}).outcome is Outcome.PASS


@pytest.mark.parametrize("tags", [ABSENT, {}, {"Name": "api"}])
def test_missing_tags_and_name_alone_fail(tags: Any) -> None:
    assert evaluate(RULE, "balancer", {"tags": tags}).outcome is Outcome.FAIL


def test_provider_default_tags_count() -> None:
    assert evaluate(RULE, "balancer", {"tags": ABSENT, "tagsAll": {"team": "shop"}}).outcome is Outcome.PASS


def test_required_tags_are_configurable() -> None:
    verdict = evaluate(RULE, "balancer", parameters={"requiredTags": ["Project", "Owner"]})
    assert verdict.findings[0].found == "without Owner"


def test_tag_with_unknown_value_passes() -> None:
    assert evaluate(RULE, "balancer", {"tags": {"team": UNKNOWN}}).outcome is Outcome.PASS


def test_unknown_tags_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "balancer", {"tags": UNKNOWN}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("tags", "required", "remedied"),
    [
        ({}, [], {"tags": {"Project": "tests", "Stack": "dev"}}),
        ({"Name": "api"}, [], {"tags": {"Name": "api", "Project": "tests", "Stack": "dev"}}),
        ({"project": "mine"}, ["project", "environment"], {"tags": {"project": "mine", "environment": "dev"}}),
        ({}, ["Owner"], {"tags": {}}),
        ({"team": UNKNOWN}, [], {}),
    ],
)
def test_remedy_adds_tags_and_keeps_the_others(
    tags: dict[str, str], required: list[str], remedied: Mapping[str, Any]
) -> None:
    given = resource(BALANCER, {"tags": tags})
    assert remedy(given, {"requiredTags": required}) == remedied


def test_remedy_keeps_merged_default_tags() -> None:
    given = resource(BALANCER, {"tags": {"Name": "api"}, "tagsAll": {"Name": "api", "a": "b"}})
    assert remedy(given, {"requiredTags": []})["tagsAll"] == {
        "Name": "api",
        "a": "b",
        "Project": "tests",
        "Stack": "dev",
    }


def test_remedied_resource_passes() -> None:
    given = resource(BALANCER, {"tags": {"Name": "api"}})
    assert RULE.evaluate(resource(BALANCER, remedy(given, {"requiredTags": []}))).outcome is Outcome.PASS
