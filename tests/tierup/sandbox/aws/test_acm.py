"""Tests of the behaviour rows of ACM."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.acm import covers, issued
from tierup.sandbox.cloud import CloudResource

from .account import Account

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
RECORD = "aws:route53/record:Record"


def validated(account: Account, certificate: CloudResource) -> None:
    """Create the validation records of a certificate in a zone."""
    zone = account.make("aws:route53/zone:Zone", "zone", name="example.com")
    names = {option["resourceRecordName"]: option for option in certificate.outputs["domainValidationOptions"]}
    for number, (name, option) in enumerate(names.items()):
        account.make(
            RECORD,
            f"validation-{number}",
            zoneId=zone.id,
            name=name,
            type=option["resourceRecordType"],
            ttl=300,
            records=[option["resourceRecordValue"]],
        )


def test_certificate_validation_requires_dns_records() -> None:
    account = Account()
    certificate = account.make(
        CERTIFICATE, domainName="example.com", subjectAlternativeNames=["*.example.com"], validationMethod="DNS"
    )
    assert certificate.outputs["status"] == "PENDING_VALIDATION"
    first, second = certificate.outputs["domainValidationOptions"]
    assert first["resourceRecordName"] == second["resourceRecordName"]  # a wildcard has its parent's record
    assert first["resourceRecordName"].endswith(".example.com.")
    assert first["resourceRecordValue"].endswith(".acm-validations.aws.")
    assert not issued(account.cloud, certificate)
    assert account.codes(VALIDATION, certificateArn=certificate.id) == {"TimeoutError"}
    validated(account, certificate)
    assert issued(account.cloud, certificate)
    name = first["resourceRecordName"].rstrip(".")
    assert not account.codes(VALIDATION, certificateArn=certificate.id, validationRecordFqdns=[name])
    wrong = account.codes(VALIDATION, certificateArn=certificate.id, validationRecordFqdns=["other.example.com"])
    assert wrong == {"InvalidParameterException"}


def test_validation_records_are_the_same_in_each_region() -> None:
    here, there = Account(), Account("us-east-1")
    options = [
        account.make(CERTIFICATE, name, domainName="example.com", validationMethod="DNS").outputs[
            "domainValidationOptions"
        ]
        for name, account in (("a", here), ("b", there))
    ]
    assert options[0] == options[1]


def test_wildcard_covers_one_label() -> None:
    certificate = Account().make(CERTIFICATE, domainName="*.example.com", validationMethod="DNS")
    assert covers(certificate, "api.example.com")
    assert not covers(certificate, "example.com")
    assert not covers(certificate, "a.api.example.com")


@pytest.mark.parametrize("name", ["example", "-a.example.com", "a_b.example.com", "https://example.com", "*.*.a.com"])
def test_invalid_domain_name_is_rejected(name: str) -> None:
    assert Account().codes(CERTIFICATE, domainName=name, validationMethod="DNS") == {"ValidationException"}


def test_eleventh_name_of_certificate_is_rejected() -> None:
    names = [f"a{number}.example.com" for number in range(10)]
    account = Account()
    assert account.codes(
        CERTIFICATE, domainName="example.com", subjectAlternativeNames=names, validationMethod="DNS"
    ) == {"LimitExceededException"}
    assert not account.codes(
        CERTIFICATE, domainName="example.com", subjectAlternativeNames=names[:9], validationMethod="DNS"
    )


def test_certificate_is_either_requested_or_imported() -> None:
    account = Account()
    assert account.codes(CERTIFICATE, validationMethod="DNS")
    assert account.codes(CERTIFICATE, domainName="example.com", privateKey="-", certificateBody="-")
    imported = account.make(CERTIFICATE, privateKey="-", certificateBody="-")
    assert issued(account.cloud, imported)


def test_changed_domain_name_replaces_certificate() -> None:
    account = Account()
    certificate = account.make(CERTIFICATE, domainName="example.com", validationMethod="DNS")
    assert account.replaced_by(certificate, domainName="example.org") == {"domainName"}
    assert not account.replaced_by(certificate, tags={"a": "b"})


def test_first_name_of_certificate_has_at_most_64_characters() -> None:
    long = f"{'a' * 53}.example.com"
    assert len(long) == 65
    found = Account().planned(CERTIFICATE, domainName=long)
    assert [rejection.path for rejection in found] == ["domainName"]
    assert not Account().planned(CERTIFICATE, domainName="example.com", subjectAlternativeNames=[long])
