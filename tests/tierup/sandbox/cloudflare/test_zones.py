"""Cloudflare zones and their settings in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account

ZONE = "cloudflare:index/zone:Zone"
SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
TIERS = "cloudflare:index/argoTieredCaching:ArgoTieredCaching"
SUBSCRIPTION = "cloudflare:index/zoneSubscription:ZoneSubscription"
TIERED_CACHE = "cloudflare:index/tieredCache:TieredCache"


def zone(account: Account, name: str = "example.com") -> str:
    """Create a zone and return its id."""
    return account.make(ZONE, name, name=name, account={"id": "a" * 32}).id


def test_zone_has_an_id_and_two_name_servers() -> None:
    account = Account()
    made = account.make(ZONE, name="example.com", account={"id": "a" * 32})
    assert len(made.id) == 32
    assert len(made.outputs["nameServers"]) == 2
    assert account.replaced_by(made, name="example.org") == {"name"}
    assert account.codes(ZONE, "twin", name="example.com", account={"id": "b" * 32}) == {"1061"}
    assert account.codes(ZONE, name="example", account={"id": "a" * 32})


@pytest.mark.parametrize(
    ("setting", "value", "rejected"),
    [
        ("ssl", "strict", False),
        ("ssl", "strong", True),
        ("min_tls_version", "1.2", False),
        ("min_tls_version", "1.4", True),
        ("browser_cache_ttl", 14_400, False),
    ],
)
def test_zone_setting_validates_its_value(setting: str, value: Any, rejected: bool) -> None:
    account = Account()
    inputs = {"zoneId": zone(account), "settingId": setting, "value": value}
    assert bool(account.codes(SETTING, **inputs)) is rejected


def test_second_owner_of_a_setting_is_rejected() -> None:
    account = Account()
    home = zone(account)
    account.make(SETTING, "first", zoneId=home, settingId="ssl", value="strict")
    assert account.codes(SETTING, "second", zoneId=home, settingId="ssl", value="full") == {"1004"}
    assert not account.codes(SETTING, "second", zoneId=home, settingId="http3", value="on")
    assert account.codes(SETTING, zoneId="f" * 32, settingId="ssl", value="full") == {"7003"}


@pytest.mark.parametrize("switch", [TIERS, TIERED_CACHE])
def test_second_tiered_cache_of_a_zone_is_rejected(switch: str) -> None:
    account = Account()
    home = zone(account)
    account.make(switch, "first", zoneId=home, value="on")
    assert account.codes(switch, "second", zoneId=home, value="on") == {"1004"}
    assert account.codes(switch, "first", zoneId=home, value="yes") == {"InvalidValue"}


def test_unknown_setting_is_rejected() -> None:
    account = Account()
    inputs = {"zoneId": zone(account), "value": "on"}
    (rejection,) = account.rejections(SETTING, settingId="htttp3", **inputs)
    assert (rejection.path, rejection.code) == ("settingId", "1006")
    assert not account.codes(SETTING, settingId="http3", **inputs)


@pytest.mark.parametrize(
    ("setting", "value", "plan", "rejected"),
    [
        ("polish", "lossy", "free", True),
        ("polish", "lossy", "pro", False),
        ("max_upload", 200, "pro", True),
        ("max_upload", 200, "business", False),
        ("response_buffering", "on", "business", True),
        ("browser_cache_ttl", 0, "free", True),
        ("browser_cache_ttl", 0, "enterprise", False),
        ("browser_cache_ttl", 14_400, "free", False),
        ("security_header", {"strictTransportSecurity": {"enabled": True}}, "free", False),
    ],
)
def test_setting_requires_its_plan(setting: str, value: Any, plan: str, rejected: bool) -> None:
    account = Account()
    home = zone(account)
    account.add_existing(SUBSCRIPTION, "s", zoneId=home, ratePlan={"id": plan})
    codes = account.codes(SETTING, zoneId=home, settingId=setting, value=value)
    assert codes == ({"1015"} if rejected else set())
