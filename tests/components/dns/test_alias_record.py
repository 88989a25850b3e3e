"""Alias records: both address families, and existing records."""

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


def test_alias_has_a_and_aaaa_records(recording: Recording[AliasRecord]) -> None:
    assert recording.tree() == {"app": None, "app-a": "app", "app-aaaa": "app"}
    for name, kind in (("app-a", "A"), ("app-aaaa", "AAAA")):
        inputs = recording.named(name).inputs
        assert (inputs["type"], inputs["name"], inputs["zoneId"]) == (kind, "app.example.com", "Z1")
        assert inputs["aliases"] == [
            {"name": "d1.cloudfront.net", "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}
        ]


def test_target_without_ipv6_has_no_aaaa_record() -> None:
    recording = record(lambda: AliasRecord("api", replace(ARGS, ipv6=False, evaluate_target_health=True)))

    assert recording.tree() == {"api": None, "api-a": "api"}
    assert recording.named("api-a").inputs["aliases"][0]["evaluateTargetHealth"] is True


@pytest.mark.parametrize("allow_overwrite", [True, False])
def test_existing_records_are_overwritten_only_on_request(allow_overwrite: bool) -> None:
    recording = record(lambda: AliasRecord("app", replace(ARGS, allow_overwrite=allow_overwrite)))

    assert {resource.inputs["allowOverwrite"] for resource in recording.of("aws:route53/record:Record")} == {
        allow_overwrite
    }


@pytest.mark.parametrize("domain", ["app", "app.example.com.", "App.example.com", ""])
def test_invalid_host_name_is_rejected(domain: str) -> None:
    with pytest.raises(ValueError, match="Give a full lower-case name"):
        replace(ARGS, domain_name=domain)
