"""A name: in both address families, and never over a record that already stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.dns.alias_record import AliasRecord, AliasRecordArgs
from tests.engine_recorder import Recording, record

ARGS = AliasRecordArgs(
    domain_name="app.example.com",
    zone_id="Z1",
    target_domain_name="d1.cloudfront.net",
    target_zone_id="Z2FDTNDATAQYW2",
)


@pytest.fixture(scope="module")
def recording() -> Recording[AliasRecord]:
    return record(lambda: AliasRecord("app", ARGS))


def test_it_answers_in_both_address_families(recording: Recording[AliasRecord]) -> None:
    assert recording.tree() == {"app": None, "app-a": "app", "app-aaaa": "app"}
    for name, kind in (("app-a", "A"), ("app-aaaa", "AAAA")):
        inputs = recording.named(name).inputs
        assert (inputs["type"], inputs["name"], inputs["zoneId"]) == (kind, "app.example.com", "Z1")
        assert inputs["aliases"] == [
            {"name": "d1.cloudfront.net", "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}
        ]


def test_a_target_without_ipv6_gets_no_aaaa_record() -> None:
    recording = record(lambda: AliasRecord("api", replace(ARGS, ipv6=False, evaluate_target_health=True)))

    assert recording.tree() == {"api": None, "api-a": "api"}
    assert recording.named("api-a").inputs["aliases"][0]["evaluateTargetHealth"] is True


@pytest.mark.parametrize("take_over", [True, False])
def test_records_that_stand_are_replaced_only_when_told_so(take_over: bool) -> None:
    recording = record(lambda: AliasRecord("app", replace(ARGS, take_over=take_over)))

    assert {resource.inputs["allowOverwrite"] for resource in recording.of("aws:route53/record:Record")} == {take_over}


@pytest.mark.parametrize("domain", ["app", "app.example.com.", "App.example.com", ""])
def test_a_name_that_is_not_full_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="full lower-case name"):
        replace(ARGS, domain_name=domain)
