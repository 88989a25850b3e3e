from __future__ import annotations

import pytest

from policies.cloudflare.security_headers import HEADERS, RULE
from policies.rule import Outcome, Stack, Verdict
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with

HSTS = HEADERS[0]
ONE_YEAR = "max-age=31536000"
SENT = "headers-ruleset: rules[0].actionParameters.headers"
APPLICATION = {"site-record: content": "app.example.net"}


def without(*names: str) -> dict[str, object]:
    """Return the change that removes these headers."""
    return {SENT: {name: {"operation": "set", "value": ONE_YEAR} for name in HEADERS if name not in names}}


def instead(name: str, header: dict[str, str]) -> dict[str, object]:
    """Return the change of the operation on one header."""
    return {SENT: {each: {"operation": "set", "value": ONE_YEAR} for each in HEADERS} | {name: header}}


def with_also(type_: str, properties: dict[str, object], changes: dict[str, object]) -> Verdict:
    resources = resources_with(changes)
    zone = next(each for each in resources if each.name == "zone")
    more = resource(type_, {"zoneId": UNKNOWN, **properties}, "more")
    more = type(more)(more.type, more.name, more.urn, more.properties, references={"zoneId": frozenset({zone.urn})})
    return RULE.evaluate(zone, Stack((*resources, more)))


def test_all_five_headers_pass() -> None:
    assert evaluate(RULE, "zone").outcome is Outcome.PASS


@pytest.mark.parametrize("header", HEADERS)
def test_each_missing_header_fails(header: str) -> None:
    verdict = evaluate(RULE, "zone", without(header))
    assert [finding.path for finding in verdict.findings] == [f"response header {header}"]


@pytest.mark.parametrize("changes", [{"headers-ruleset": ABSENT}, {"headers-ruleset: rules[0].enabled": False}])
def test_a_zone_without_headers_fails(changes: dict[str, object]) -> None:
    assert len(evaluate(RULE, "zone", changes).findings) == len(HEADERS)


def test_a_removed_header_fails() -> None:
    verdict = evaluate(RULE, "zone", instead("X-Frame-Options", {"operation": "remove"}))
    assert [finding.path for finding in verdict.findings] == ["response header X-Frame-Options"]


def test_a_zone_with_an_application_is_indeterminate() -> None:
    verdict = evaluate(RULE, "zone", {**APPLICATION, "headers-ruleset": ABSENT})
    assert verdict.outcome is Outcome.UNKNOWN
    assert "Content-Security-Policy" in verdict.reason


@pytest.mark.parametrize("value", ["max-age=31535999", "includeSubDomains"])
def test_hsts_needs_a_max_age_of_a_year(value: str) -> None:
    verdict = evaluate(RULE, "zone", instead(HSTS, {"operation": "set", "value": value}))
    assert [finding.path for finding in verdict.findings] == [f"response header {HSTS}"]


@pytest.mark.parametrize("key", ["strictTransportSecurity", "strict_transport_security"])
@pytest.mark.parametrize(("seconds", "outcome"), [(31_536_000.0, Outcome.PASS), (86_400.0, Outcome.FAIL)])
def test_the_zone_setting_for_hsts_counts(key: str, seconds: float, outcome: Outcome) -> None:
    value = {key: {"enabled": True, "maxAge": seconds}}
    setting: dict[str, object] = {"settingId": "security_header", "value": value}
    assert with_also("cloudflare:index/zoneSetting:ZoneSetting", setting, without(HSTS)).outcome is outcome


def test_the_managed_transform_counts() -> None:
    transforms: dict[str, object] = {"managedResponseHeaders": [{"id": "add_security_headers", "enabled": True}]}
    changes = without("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
    assert (
        with_also("cloudflare:index/managedTransforms:ManagedTransforms", transforms, changes).outcome is Outcome.PASS
    )


@pytest.mark.parametrize("path", ["headers-ruleset: rules", SENT, "headers-ruleset: phase"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "zone", {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_a_secret_header_is_never_shown() -> None:
    verdict = evaluate(RULE, "zone", instead(HSTS, {"operation": "set", "value": "max-age=1; a-secret"}))
    assert "a-secret" not in str(verdict.findings)
