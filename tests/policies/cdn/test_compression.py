from __future__ import annotations

import pytest

from policies.cdn.compression import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

DEFAULT, ORDERED = "defaultCacheBehavior", "orderedCacheBehaviors[0]"
ACCEPT = "kept: parametersInCacheKeyAndForwardedToOrigin.enableAcceptEncoding"
UNCOMPRESSED = "b2884449-e4de-46a7-ac36-70bc7f1ddd6d"
DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


@pytest.mark.parametrize("subject", ["distribution", "api-distribution"])
def test_compressed_cached_content_passes(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@pytest.mark.parametrize("behavior", [DEFAULT, ORDERED])
@pytest.mark.parametrize(("value", "found"), [(False, "false"), (ABSENT, "not set")])
def test_every_caching_behavior_needs_compression(behavior: str, value: object, found: str) -> None:
    verdict = evaluate(RULE, "distribution", {f"{behavior}.compress": value})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(f"{behavior}.compress", found)]


@pytest.mark.parametrize("kind", ["Brotli", "Gzip"])
@pytest.mark.parametrize("value", [False, ABSENT])
def test_a_cache_policy_without_an_encoding_fails(kind: str, value: object) -> None:
    verdict = evaluate(RULE, "api-distribution", {ACCEPT + kind: value})
    assert [finding.path for finding in verdict.findings] == [f"{ORDERED}.cachePolicyId"]


def test_the_managed_policy_for_uncompressed_objects_passes() -> None:
    changes = {f"{ORDERED}.cachePolicyId": UNCOMPRESSED, f"{ORDERED}.compress": False}
    assert evaluate(RULE, "distribution", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{f"{ORDERED}.cachePolicyId": DISABLED}, {"kept: maxTtl": 0.0}])
def test_the_rule_does_not_apply_where_nothing_is_cached(changes: dict[str, object]) -> None:
    changes = {**changes, f"{ORDERED}.compress": False}
    assert evaluate(RULE, "api-distribution", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("longest", "outcome"), [(ABSENT, Outcome.PASS), (0.0, Outcome.NOT_APPLICABLE)])
def test_legacy_cache_settings_are_evaluated(longest: object, outcome: Outcome) -> None:
    changes: dict[str, object] = {f"{ORDERED}.cachePolicyId": ABSENT}
    if longest is not ABSENT:
        changes[f"{ORDERED}.maxTtl"] = longest
    assert evaluate(RULE, "api-distribution", changes).outcome is outcome


def test_a_cache_policy_of_another_stack_is_indeterminate() -> None:
    verdict = evaluate(RULE, "distribution", {f"{ORDERED}.cachePolicyId": "11111111-2222-3333-4444-555555555555"})
    assert verdict.outcome is Outcome.UNKNOWN
    assert ORDERED in verdict.reason


def test_a_cache_policy_with_an_unknown_id_is_found_by_data_flow() -> None:
    verdict = evaluate(RULE, "api-distribution", {f"{ACCEPT}Brotli": False})
    assert verdict.findings[0].found == "cache policy kept enables gzip only"


@pytest.mark.parametrize("path", [DEFAULT, f"{DEFAULT}.cachePolicyId", f"{DEFAULT}.compress", "orderedCacheBehaviors"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
