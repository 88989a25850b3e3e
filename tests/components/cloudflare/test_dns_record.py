"""Names at Cloudflare, and the records of certificates, which are quiet at a second preview."""

from __future__ import annotations

import pytest

from components.cloudflare.dns_record import CloudflareRecord, CloudflareRecordArgs, certificate_records
from components.dns.certificate import Certificate, CertificateArgs
from tests.engine_recorder import record

RECORD = "cloudflare:index/dnsRecord:DnsRecord"
ARGS = CloudflareRecordArgs(domain_name="api.example.com", zone_id="z", target="api-1.eu-west-1.elb.amazonaws.com")


def test_a_name_is_one_proxied_record() -> None:
    recording = record(lambda: CloudflareRecord("api-name", ARGS))

    assert recording.tree() == {"api-name": None, "api-name-cname": "api-name"}
    assert recording.one(RECORD).inputs == {
        "zoneId": "z",
        "name": "api.example.com",
        "type": "CNAME",
        "content": "api-1.eu-west-1.elb.amazonaws.com",
        "ttl": 1,
        "proxied": True,
    }


@pytest.mark.parametrize("name", ["api", "api.example.com.", "API.example.com"])
def test_what_is_no_full_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="domain_name: got"):
        CloudflareRecordArgs(domain_name=name, zone_id="z", target="t")


def test_a_certificate_is_proved_by_records_without_the_final_dot() -> None:
    option = {
        "domainName": "api.example.com",
        "resourceRecordName": "_x.api.example.com.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": "_y.acm-validations.aws.",
    }
    args = CertificateArgs(domain_name="api.example.com", dns_validation=certificate_records("z"), tags={})
    recording = record(
        lambda: Certificate("api", args),
        outputs={"aws:acm/certificate:Certificate": {"domainValidationOptions": [option]}},
    )
    proof = recording.one(RECORD)

    assert (proof.name, proof.parent) == ("api-validation-api.example.com", "api")
    assert (proof.inputs["name"], proof.inputs["content"]) == ("_x.api.example.com", "_y.acm-validations.aws")
    assert proof.inputs["proxied"] is False, "ACM looks for the record itself"
    issued = recording.one("aws:acm/certificateValidation:CertificateValidation")
    assert issued.inputs["validationRecordFqdns"] == ["_x.api.example.com"]
