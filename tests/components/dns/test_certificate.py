"""The certificate: its validation records and the ARN after validation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.dns.certificate import Certificate, CertificateArgs
from components.dns.validation import ValidationRecord
from tests.engine_recorder import Recording, record

ARGS = CertificateArgs(
    domain_name="app.example.com",
    alternative_names=["www.example.com"],
    zone_id="Z1",
    region="us-east-1",
    tags={"Stack": "dev"},
)
RECORD = "aws:route53/record:Record"


def option(domain: str) -> dict[str, str]:
    return {
        "domainName": domain,
        "resourceRecordName": f"_x.{domain.removeprefix('*.')}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_y.{domain.removeprefix('*.')}.acm.example.",
    }


def recorded(args: CertificateArgs = ARGS, *, preview: bool = False) -> Recording[Certificate]:
    # ACM may return the options in another order.
    options = [option(domain) for domain in reversed([args.domain_name, *args.alternative_names])]
    outputs = {
        "aws:acm/certificate:Certificate": {} if preview else {"domainValidationOptions": options},
        RECORD: {"fqdn": "_x.example.com"},
    }
    return record(lambda: Certificate("cert", args), outputs=outputs, preview=preview)


def test_creates_exactly_these_resources() -> None:
    assert recorded().tree() == {
        "cert": None,
        "cert-certificate": "cert",
        "cert-validation-app.example.com": "cert",
        "cert-validation-www.example.com": "cert",
        "cert-issued": "cert",
    }


def test_each_name_has_its_record_in_any_order_of_acms_response() -> None:
    recording = recorded()

    for domain in ("app.example.com", "www.example.com"):
        inputs = recording.named(f"cert-validation-{domain}").inputs
        assert inputs["name"] == f"_x.{domain}."
        assert inputs["records"] == [f"_y.{domain}.acm.example."]
        assert (inputs["type"], inputs["zoneId"]) == ("CNAME", "Z1")


def test_preview_has_the_same_resources_as_the_update() -> None:
    assert recorded(preview=True).tree() == recorded().tree()


def test_arn_depends_on_the_validation() -> None:
    recording = recorded()

    assert "cert-issued" in recording.sources(recording.result.arn)
    issued = recording.one("aws:acm/certificateValidation:CertificateValidation")
    assert issued.opts.depends_on >= {"cert-validation-app.example.com", "cert-validation-www.example.com"}


def test_certificate_and_validation_have_the_given_region() -> None:
    recording = recorded()

    assert recording.one("aws:acm/certificate:Certificate").inputs["region"] == "us-east-1"
    assert recording.one("aws:acm/certificateValidation:CertificateValidation").inputs["region"] == "us-east-1"


def test_wildcard_shares_the_record_of_its_base_name() -> None:
    recording = recorded(replace(ARGS, domain_name="example.com", alternative_names=["*.example.com"]))

    assert [resource.name for resource in recording.of(RECORD)] == ["cert-validation-example.com"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"domain_name": "app"}, r"^domain_name: .*\(got 'app'\)\. Give a full lower-case name"),
        ({"domain_name": "App.example.com"}, "lower-case"),
        ({"domain_name": "app.example.com."}, "full lower-case name"),
        ({"alternative_names": ["app.example.com"]}, r"^alternative_names: .*more than once \(got app.example.com\)"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)  # pyright: ignore[reportArgumentType]  # wrong on purpose


def test_second_certificate_reuses_the_validation_records() -> None:
    second = replace(ARGS, zone_id=None, validation_records=["_x.app.example.com"])
    recording = recorded(second)

    assert not recording.of(RECORD), "the first certificate owns the records"
    issued = recording.one("aws:acm/certificateValidation:CertificateValidation").inputs
    assert issued["validationRecordFqdns"] == ["_x.app.example.com"]
    assert recording.value(recorded().result.validation_records) == ["_x.example.com", "_x.example.com"]


def test_both_dns_providers_have_the_validation_records_while_the_cdn_changes() -> None:
    created: list[str] = []

    def dns_validation(name: str, record: ValidationRecord, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
        created.append(name)
        return record.name

    recording = recorded(replace(ARGS, dns_validation=dns_validation))
    names = ["cert-validation-app.example.com", "cert-validation-www.example.com"]
    assert created == names
    assert sorted(each.name for each in recording.of(RECORD)) == names
    assert recording.named("cert-issued").inputs["validationRecordFqdns"] == ["_x.example.com", "_x.example.com"]


def test_records_can_be_created_by_another_provider() -> None:
    created: list[str] = []

    def dns_validation(name: str, record: ValidationRecord, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
        created.append(name)
        return record.name

    recording = recorded(replace(ARGS, zone_id=None, dns_validation=dns_validation))

    assert created == ["cert-validation-app.example.com", "cert-validation-www.example.com"]
    assert recording.value(recording.result.validation_records) == ["_x.app.example.com.", "_x.www.example.com."]


@pytest.mark.parametrize("change", [{"zone_id": None}, {"validation_records": ["_x.example.com"]}])
def test_exactly_one_way_of_validation_is_required(change: dict[str, Any]) -> None:
    with pytest.raises(
        ValueError, match=r"zone_id, dns_validation, validation_records: .*\(got (none|zone_id, validation_records)\)"
    ):
        replace(ARGS, **change)
