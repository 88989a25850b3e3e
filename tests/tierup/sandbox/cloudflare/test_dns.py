"""Cloudflare DNS records in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.cloudflare.dns import full_name

from ..aws.account import Account
from .test_zones import zone

SUBSCRIPTION = "cloudflare:index/zoneSubscription:ZoneSubscription"

RECORD = "cloudflare:index/dnsRecord:DnsRecord"


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def home(account: Account) -> str:
    return zone(account)


def record(zone_id: str, **more: Any) -> dict[str, Any]:
    inputs = {"zoneId": zone_id, "name": "www.example.com", "type": "A", "content": "192.0.2.1", "ttl": 1, **more}
    return {key: value for key, value in inputs.items() if value is not None}


@pytest.mark.parametrize(
    "more",
    [
        {"ttl": 10},
        {"ttl": 86_401},
        {"proxied": True, "ttl": 300},
        {"proxied": True, "type": "TXT", "content": "hello"},
        {"content": "example.org"},
        {"content": None},
        {"type": "AAAA"},
        {"type": "MX", "content": "mail.example.com"},
        {"type": "CAA", "content": None},
        {"type": "SPAM"},
        {"name": "w w w"},
        {"name": "-www.example.com"},
        {"name": ".".join(["a" * 60] * 5)},
        {"type": "TXT", "content": '"these" ones"'},
        {"zoneId": "f" * 32},
    ],
)
def test_invalid_records_are_rejected(account: Account, home: str, more: dict[str, Any]) -> None:
    assert account.codes(RECORD, **record(home, **more))


@pytest.mark.parametrize(
    "more",
    [
        {"proxied": True},
        {"ttl": 300},
        {"name": "example.com"},
        {"name": "@"},
        {"name": "www"},
        {"name": "*.www"},
        {"name": "_dmarc"},
        {"type": "MX", "content": "mail.example.com", "priority": 10},
        {"type": "CNAME", "content": "d1.cloudfront.net"},
        {"type": "TXT", "content": '"v=spf1 -all"'},
    ],
)
def test_valid_records_are_accepted(account: Account, home: str, more: dict[str, Any]) -> None:
    assert not account.codes(RECORD, **record(home, **more))


def test_duplicate_validation_record_names_certificate_arn(account: Account, home: str) -> None:
    validation = record(home, type="CNAME", name="_1.example.com", content="_2.acm-validations.aws", proxied=False)
    account.make(RECORD, "first", **validation)
    (rejection,) = account.rejections(RECORD, "second", **validation)
    assert "certificateArn" in rejection.message


def test_shortest_ttl_follows_the_plan(account: Account, home: str) -> None:
    assert account.codes(RECORD, **record(home, ttl=45)) == {"9021"}
    account.add_existing(SUBSCRIPTION, "subscription", zoneId=home, ratePlan={"id": "enterprise"})
    assert not account.codes(RECORD, **record(home, ttl=45))


def test_duplicate_records_are_rejected(account: Account, home: str) -> None:
    made = account.make(RECORD, "first", **record(home))
    assert made.outputs["proxiable"] is True
    assert account.codes(RECORD, "second", **record(home)) == {"81058"}
    assert not account.codes(RECORD, "second", **record(home, content="192.0.2.2"))
    assert account.codes(RECORD, "second", **record(home, type="CNAME", content="example.org")) == {"81053"}
    assert not account.codes(RECORD, "second", **record(home, type="TXT", content="hello"))
    assert account.replaced_by(made, type="AAAA") == {"type"}
    assert not account.replaced_by(made, content="192.0.2.3")
    assert account.codes(RECORD, "second", **record(home, name="www")) == {"81058"}


@pytest.mark.parametrize(
    ("type", "content", "most"), [("NS", "ns{}.example.org", 10), ("TXT", "{:01000}", 8), ("A", "192.0.2.{}", 12)]
)
def test_names_have_a_limited_number_of_records(
    account: Account, home: str, type: str, content: str, most: int
) -> None:
    records = [record(home, type=type, content=content.format(number)) for number in range(13)]
    for number in range(most):
        account.make(RECORD, f"record-{number}", **records[number])
    assert bool(account.codes(RECORD, "next", **records[most])) is (type != "A")
    assert not account.codes(RECORD, "next", **{**records[most], "name": "other"})


def test_relative_names_are_names_in_the_zone() -> None:
    assert full_name("@", "example.com") == "example.com"
    assert full_name("www", "example.com") == "www.example.com"
    assert full_name("www.example.com.", "example.com") == "www.example.com"
