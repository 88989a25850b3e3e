"""The subject of rules on a zone, and the cases in which a stack does not show the zone's settings."""

from __future__ import annotations

import pytest

from policies.cloudflare.ssl_mode import RULE
from policies.cloudflare.zones import OLD_SETTINGS
from policies.rule import Outcome, Stack
from tests.policies.cloudflare.zone_of_another_stack import RECORDS, ZONE_ID, evaluate_record
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with

NO_SETTING = {"setting-ssl": ABSENT}


def test_a_zone_of_the_stack_is_evaluated_once() -> None:
    verdict = evaluate(RULE, "zone", NO_SETTING)
    assert [finding.path for finding in verdict.findings] == ["zone setting ssl"]
    assert {evaluate(RULE, record, NO_SETTING).outcome for record in RECORDS} == {Outcome.NOT_APPLICABLE}


def test_without_a_zone_the_first_proxied_record_is_the_subject() -> None:
    keep = ("setting-min_tls_version",)
    verdicts = {record: evaluate_record(RULE, record, keep=keep).outcome for record in RECORDS}
    assert verdicts == {
        "api-record": Outcome.FAIL,
        "site-record": Outcome.NOT_APPLICABLE,
        "validation-record": Outcome.NOT_APPLICABLE,
        "address-record": Outcome.NOT_APPLICABLE,
    }


def test_a_record_without_settings_is_indeterminate() -> None:
    assert evaluate_record(RULE, "api-record").outcome is Outcome.UNKNOWN


def test_a_ruleset_does_not_show_the_settings() -> None:
    assert evaluate_record(RULE, "api-record", keep=("cache-ruleset",)).outcome is Outcome.UNKNOWN


def test_the_rule_does_not_apply_to_a_zone_without_proxied_records() -> None:
    changes = {f"{record}: proxied": False for record in RECORDS}
    assert evaluate(RULE, "zone", {**NO_SETTING, **changes}).outcome is Outcome.NOT_APPLICABLE


def test_the_rule_does_not_apply_to_a_validation_record() -> None:
    assert evaluate_record(RULE, "validation-record").outcome is Outcome.NOT_APPLICABLE


def test_settings_of_another_zone_do_not_count() -> None:
    assert evaluate(RULE, "zone", {"setting-ssl: zoneId": ZONE_ID}).outcome is Outcome.FAIL


@pytest.mark.parametrize("zone_id", ["zone-id", UNKNOWN])
def test_an_id_from_the_zone_identifies_it(zone_id: str) -> None:
    # For unknown ids only the data flow identifies the zone, and this test has none.
    expected = Outcome.NOT_APPLICABLE if zone_id == "zone-id" else Outcome.FAIL
    assert evaluate(RULE, "zone", {"setting-ssl: zoneId": zone_id}).outcome is expected


def test_settings_of_an_old_provider_are_indeterminate() -> None:
    resources = resources_with(NO_SETTING)
    zone = next(each for each in resources if each.name == "zone")
    old = resource(OLD_SETTINGS, {"zoneId": ZONE_ID, "settings": {"ssl": "strict"}})
    old = type(old)(old.type, old.name, old.urn, old.properties, references={"zoneId": frozenset({zone.urn})})
    assert RULE.evaluate(zone, Stack((*resources, old))).outcome is Outcome.UNKNOWN


def test_an_unknown_proxied_value_does_not_pass() -> None:
    assert evaluate_record(RULE, "api-record", {"proxied": UNKNOWN}).outcome is Outcome.UNKNOWN
