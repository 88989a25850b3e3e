"""Cloudflare's DNS records: proxied names and a certificate's validation records."""

from __future__ import annotations

import pytest

from components.cloudflare.dns_record import CloudflareRecord, CloudflareRecordArgs, certificate_records
from components.dns.certificate import Certificate, CertificateArgs
from tests.engine_recorder import record

RECORD = "cloudflare:index/dnsRecord:DnsRecord"
ARGS = CloudflareRecordArgs(domain_name="api.example.com", zone_id="z", target="api-1.eu-west-1.elb.amazonaws.com")


def test_record_is_one_proxied_cname() -> None:
    recording = record(lambda: CloudflareRecord("api-record", ARGS))

    assert recording.tree() == {"api-record": None, "api-record-cname": "api-record"}
    assert recording.one(RECORD).inputs == {
        "zoneId": "z",
        "name": "api.example.com",
        "type": "CNAME",
        "content": "api-1.eu-west-1.elb.amazonaws.com",
        "ttl": 1,
        "proxied": True,
    }


@pytest.mark.parametrize("name", ["api", "api.example.com.", "API.example.com"])
def test_invalid_host_name_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match="domain_name: not a host name"):
        CloudflareRecordArgs(domain_name=name, zone_id="z", target="t")


def test_validation_records_have_no_final_dot() -> None:
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
    validation = recording.one(RECORD)

    assert (validation.name, validation.parent) == ("api-validation-api.example.com", "api")
    assert (validation.inputs["name"], validation.inputs["content"]) == ("_x.api.example.com", "_y.acm-validations.aws")
    assert validation.inputs["proxied"] is False, "ACM queries the record itself"
    issued = recording.one("aws:acm/certificateValidation:CertificateValidation")
    assert issued.inputs["validationRecordFqdns"] == ["_x.api.example.com"]
