from __future__ import annotations

import pytest

from policies.cloudflare.edge_cache import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with

RULE_0 = "cache-ruleset: rules[0]"


def test_a_cache_rule_passes() -> None:
    assert evaluate(RULE, "zone").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [{"cache-ruleset": ABSENT}, {f"{RULE_0}.enabled": False}, {f"{RULE_0}.actionParameters.cache": False}],
)
def test_a_zone_without_a_cache_rule_fails(changes: dict[str, object]) -> None:
    assert [finding.found for finding in evaluate(RULE, "zone", changes).findings] == ["none caches"]


def test_a_page_rule_passes() -> None:
    resources = resources_with({"cache-ruleset": ABSENT})
    zone = next(each for each in resources if each.name == "zone")
    page = resource("cloudflare:index/pageRule:PageRule", {"actions": {"cacheLevel": "cache_everything"}})
    page = type(page)(page.type, page.name, page.urn, page.properties, references={"zoneId": frozenset({zone.urn})})
    assert RULE.evaluate(zone, Stack((*resources, page))).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_a_zone_without_file_stores() -> None:
    changes = {"cache-ruleset": ABSENT, "site-record: content": "app.example.net"}
    assert evaluate(RULE, "zone", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["cache-ruleset: rules", f"{RULE_0}.actionParameters"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "zone", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
