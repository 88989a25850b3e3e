"""Tests of the behaviour rows of Route 53."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tierup.sandbox.cloud import CloudResource

from .account import Account

ZONE = "aws:route53/zone:Zone"
RECORD = "aws:route53/record:Record"
HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"


@pytest.fixture
def zone(account: Account) -> CloudResource:
    return account.make(ZONE, "zone", name="example.com")


def record(zone: CloudResource, **inputs: Any) -> dict[str, Any]:
    return {"zoneId": zone.id, "name": "www", "type": "A", "ttl": 60, "records": ["192.0.2.1"], **inputs}


def test_zone_outputs_match_aws(zone: CloudResource) -> None:
    assert zone.region == ""
    assert zone.outputs["arn"] == f"arn:aws:route53:::hostedzone/{zone.id}"
    assert len(set(zone.outputs["nameServers"])) == 4
    assert zone.outputs["primaryNameServer"] == zone.outputs["nameServers"][0]


def test_zone_requires_name(account: Account) -> None:
    assert account.codes(ZONE) == {"InvalidDomainName"}


def test_zone_with_records_cannot_be_deleted_without_force(account: Account, zone: CloudResource) -> None:
    assert not account.delete_codes(zone)
    account.make(RECORD, **record(zone))
    assert account.delete_codes(zone) == {"HostedZoneNotEmpty"}
    forced = account.make(ZONE, "forced", name="example.org", forceDestroy=True)
    account.make(RECORD, "there", **record(forced))
    assert not account.delete_codes(forced)


def test_record_name_is_made_fully_qualified(account: Account, zone: CloudResource) -> None:
    made = account.make(RECORD, **record(zone, name="WWW"))
    assert made.outputs["fqdn"] == "www.example.com"
    assert made.id == f"{zone.id}_www.example.com_A"


@pytest.mark.parametrize(
    "inputs",
    [
        {"records": ["not an address"]},
        {"type": "AAAA"},
        {"ttl": None},
        {"records": None, "ttl": None},
        {"type": "CNAME", "records": ["a.example.net", "b.example.net"]},
        {"name": "notexample.com"},
        {"type": "CNAME", "name": "example.com", "records": ["a.example.net"]},
        {"weightedRoutingPolicies": [{"weight": 1}]},
        {"setIdentifier": "blue"},
        {"zoneId": "Z0"},
        {"aliases": [{"name": "d.cloudfront.net", "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}]},
    ],
)
def test_invalid_record_is_rejected(account: Account, zone: CloudResource, inputs: dict[str, Any]) -> None:
    given = {key: value for key, value in record(zone, **inputs).items() if value is not None}
    assert account.codes(RECORD, **given)


def test_record_of_another_stack_is_rejected(account: Account, zone: CloudResource) -> None:
    made = account.make(RECORD, "validation", **record(zone))
    account.cloud.change(replace(made, urn=made.urn.replace("urn:pulumi:test::", "urn:pulumi:other::")))
    (rejection,) = account.rejections(RECORD, "validation", **record(zone, allowOverwrite=True))
    assert rejection.code == "AlreadyExists"
    assert "another stack has this record ('validation')" in rejection.message
    assert "certificateArn" in rejection.message


def test_allow_overwrite_updates_the_existing_record(account: Account, zone: CloudResource) -> None:
    first = account.make(RECORD, "first", **record(zone))
    second = account.make(RECORD, "second", **record(zone, records=["192.0.2.9"], allowOverwrite=True))
    assert second.id == first.id
    (stored,) = account.cloud.find(RECORD)
    assert stored.outputs["records"] == ["192.0.2.9"]


@pytest.mark.parametrize(
    ("kind", "value", "rejected"),
    [
        ("TXT", "x" * 255, False),
        ("TXT", "x" * 256, True),
        ("TXT", f'{"x" * 255}""{"y" * 255}', False),
        ("MX", "10 mail.example.com", False),
        ("MX", "mail.example.com", True),
        ("CAA", '0 issue "amazon.com"', False),
        ("CAA", "0 issue amazon.com", True),
        ("SRV", "1 10 5269 xmpp.example.com", False),
        ("SRV", "10 xmpp.example.com", True),
        ("CNAME", "two words", True),
    ],
)
def test_value_must_have_the_form_of_the_type(
    account: Account, zone: CloudResource, kind: str, value: str, rejected: bool
) -> None:
    assert bool(account.codes(RECORD, **record(zone, type=kind, records=[value]))) is rejected


def test_records_of_one_name_and_type_share_policy_and_ttl(account: Account, zone: CloudResource) -> None:
    weighted = {"weightedRoutingPolicies": [{"weight": 1}]}
    account.make(RECORD, "simple", **record(zone))
    assert account.codes(RECORD, "blue", **record(zone, setIdentifier="blue", **weighted)) == {"InvalidChangeBatch"}
    account.make(RECORD, "red", **record(zone, name="api", setIdentifier="red", **weighted))
    second = record(zone, name="api", setIdentifier="green", **weighted)
    assert not account.codes(RECORD, "green", **second)
    assert account.codes(RECORD, "green", **{**second, "ttl": 300}) == {"InvalidChangeBatch"}


def test_duplicate_record_is_rejected(account: Account, zone: CloudResource) -> None:
    account.make(RECORD, "first", **record(zone))
    assert account.codes(RECORD, "second", **record(zone)) == {"InvalidChangeBatch"}
    assert not account.codes(RECORD, "second", **record(zone, allowOverwrite=True))
    assert not account.codes(RECORD, "second", **record(zone, type="AAAA", records=["2001:db8::1"]))
    assert account.codes(RECORD, "second", **record(zone, type="CNAME", records=["a.example.net"])) == {
        "InvalidChangeBatch"
    }


def test_weighted_records_require_unique_identifiers(account: Account, zone: CloudResource) -> None:
    weighted = {"weightedRoutingPolicies": [{"weight": 1}]}
    account.make(RECORD, "blue", **record(zone, setIdentifier="blue", **weighted))
    assert not account.codes(RECORD, "green", **record(zone, setIdentifier="green", **weighted))


def test_alias_target_must_be_in_its_zone(account: Account, zone: CloudResource) -> None:
    account.add_existing(
        "aws:cloudfront/distribution:Distribution", "E1", domainName="d1.cloudfront.net", hostedZoneId="Z2FDTNDATAQYW2"
    )

    def codes(name: str, target_zone: str) -> set[str]:
        alias = {"name": name, "zoneId": target_zone, "evaluateTargetHealth": False}
        return account.codes(RECORD, zoneId=zone.id, name="example.com", type="A", aliases=[alias])

    assert not codes("d1.cloudfront.net", "Z2FDTNDATAQYW2")
    assert codes("d1.cloudfront.net", "Z1") == {"InvalidChangeBatch"}
    alias = {"name": "d1.cloudfront.net", "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": True}
    assert account.codes(RECORD, zoneId=zone.id, name="example.com", type="A", aliases=[alias])
    assert codes("d2.cloudfront.net", "Z2FDTNDATAQYW2") == {"InvalidChangeBatch"}


def test_changed_inputs_replace_record(account: Account, zone: CloudResource) -> None:
    made = account.make(RECORD, **record(zone))
    assert account.replaced_by(made, name="api") == {"name"}
    assert not account.replaced_by(made, records=["192.0.2.2"])


@pytest.mark.parametrize(
    ("inputs", "rejected"),
    [
        ({"type": "HTTPS", "fqdn": "example.com"}, False),
        ({"type": "HTTPS"}, True),
        ({"type": "HTTPS_STR_MATCH", "fqdn": "example.com"}, True),
        ({"type": "TCP", "ipAddress": "192.0.2.1"}, True),
        ({"type": "CLOUDWATCH_METRIC", "cloudwatchAlarmName": "a"}, True),
        ({"type": "HTTPS", "fqdn": "example.com", "requestInterval": 20}, True),
        ({"type": "HTTPS", "fqdn": "example.com", "failureThreshold": 11}, True),
        ({"type": "HTTPS", "fqdn": "example.com", "regions": ["eu-west-1"]}, True),
        ({"type": "HTTPS", "fqdn": "example.com", "regions": ["eu-west-1", "us-east-1", "eu-north-1"]}, True),
    ],
)
def test_health_check_inputs_are_validated(account: Account, inputs: dict[str, Any], rejected: bool) -> None:
    assert bool(account.codes(HEALTH_CHECK, **inputs)) is rejected
