"""The certificate: validated before anyone sees its ARN, with records that every preview knows."""

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


def made(args: CertificateArgs = ARGS, *, preview: bool = False) -> Recording[Certificate]:
    # In another order than asked for, as ACM may answer.
    options = [option(domain) for domain in reversed([args.domain_name, *args.alternative_names])]
    outputs = {
        "aws:acm/certificate:Certificate": {} if preview else {"domainValidationOptions": options},
        RECORD: {"fqdn": "_x.example.com"},
    }
    return record(lambda: Certificate("cert", args), outputs=outputs, preview=preview)


def test_it_is_made_of_these_and_no_others() -> None:
    assert made().tree() == {
        "cert": None,
        "cert-certificate": "cert",
        "cert-validation-app.example.com": "cert",
        "cert-validation-www.example.com": "cert",
        "cert-issued": "cert",
    }


def test_each_name_gets_its_own_record_whatever_the_order_of_the_answer() -> None:
    recording = made()

    for domain in ("app.example.com", "www.example.com"):
        inputs = recording.named(f"cert-validation-{domain}").inputs
        assert inputs["name"] == f"_x.{domain}."
        assert inputs["records"] == [f"_y.{domain}.acm.example."]
        assert (inputs["type"], inputs["zoneId"]) == ("CNAME", "Z1")


def test_a_preview_shows_the_same_resources_before_the_certificate_exists() -> None:
    assert made(preview=True).tree() == made().tree()


def test_the_arn_is_known_only_once_the_certificate_is_issued() -> None:
    recording = made()

    assert "cert-issued" in recording.sources(recording.result.arn)
    issued = recording.one("aws:acm/certificateValidation:CertificateValidation")
    assert issued.opts.depends_on >= {"cert-validation-app.example.com", "cert-validation-www.example.com"}


def test_certificate_and_validation_are_where_the_certificate_is_used() -> None:
    recording = made()

    assert recording.one("aws:acm/certificate:Certificate").inputs["region"] == "us-east-1"
    assert recording.one("aws:acm/certificateValidation:CertificateValidation").inputs["region"] == "us-east-1"


def test_a_wildcard_shares_the_record_of_the_name_below_it() -> None:
    recording = made(replace(ARGS, domain_name="example.com", alternative_names=["*.example.com"]))

    assert [resource.name for resource in recording.of(RECORD)] == ["cert-validation-example.com"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"domain_name": "app"}, "got 'app', allowed a full lower-case name"),
        ({"domain_name": "App.example.com"}, "lower-case"),
        ({"domain_name": "app.example.com."}, "full lower-case name"),
        ({"alternative_names": ["app.example.com"]}, "given twice"),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)  # pyright: ignore[reportArgumentType]  # wrong on purpose


def test_a_second_certificate_of_the_same_names_waits_for_the_first_one_s_records() -> None:
    second = replace(ARGS, zone_id=None, validated_by=["_x.app.example.com"])
    recording = made(second)

    assert not recording.of(RECORD), "two owners of one record would delete it under each other"
    issued = recording.one("aws:acm/certificateValidation:CertificateValidation").inputs
    assert issued["validationRecordFqdns"] == ["_x.app.example.com"]
    assert recording.value(made().result.validation_records) == ["_x.example.com", "_x.example.com"]


def test_records_can_be_written_elsewhere() -> None:
    written: list[str] = []

    def dns_validation(name: str, proof: ValidationRecord, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
        written.append(name)
        return proof.name

    recording = made(replace(ARGS, zone_id=None, dns_validation=dns_validation))

    assert written == ["cert-validation-app.example.com", "cert-validation-www.example.com"]
    assert recording.value(recording.result.validation_records) == ["_x.app.example.com.", "_x.www.example.com."]


@pytest.mark.parametrize("change", [{"zone_id": None}, {"validated_by": ["_x.example.com"]}])
def test_the_names_are_proved_in_one_way(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"zone_id, prove, validated_by: got [02] of them, allowed one"):
        replace(ARGS, **change)
