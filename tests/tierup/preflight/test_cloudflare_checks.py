"""The checks of Cloudflare: token, zone, permissions, rulesets and records."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tierup.preflight.cloud_servers import CloudflareServer
from tests.tierup.preflight.conftest import CLOUDFLARE, Account, statuses
from tierup.preflight.check import PreflightFinding, PreflightStatus
from tierup.preflight.cloudflare_zone import PERMISSIONS
from tierup.preflight.context import PreflightContext

PASS, FAIL, UNKNOWN = PreflightStatus.PASS, PreflightStatus.FAIL, PreflightStatus.UNKNOWN
CHECKS = ("token", "zone", "permissions", "rulesets", "records")
CLOUDFRONT_SERVES: Any = {"cdn": "cloudfront", "cdnStandby": "cloudflare"}
CLOUDFLARE_SERVES: Any = {"cdn": "cloudflare", "cdnStandby": "cloudfront"}


@pytest.fixture(autouse=True)
def behind_cloudflare(account: Account) -> None:
    account.configure(**CLOUDFLARE)


def one(account: Account, check: str) -> PreflightFinding:
    """Return the only finding of a check."""
    (finding,) = account.check(f"cloudflare-{check}")
    return finding


def test_cloudflare_is_not_called_if_the_cdn_is_cloudfront(account: Account) -> None:
    account.configure(cdn=None, cloudflareZoneId=None)
    assert [statuses(account.check(f"cloudflare-{check}")) for check in CHECKS] == [[PreflightStatus.SKIPPED]] * 5
    assert account.cloudflare.requests == []


def test_missing_credentials_fail_once(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    assert one(account, "token").status is FAIL
    assert "CLOUDFLARE_API_TOKEN" in one(account, "token").command
    assert one(account, "zone").status is UNKNOWN


def test_a_wrong_token_fails_and_is_not_shown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "wrong-token")
    finding = one(account, "token")
    assert finding.status is FAIL
    assert "Invalid API Token" in finding.finding
    assert "wrong-token" not in finding.finding + finding.command


def test_an_expired_token_fails(account: Account) -> None:
    account.cloudflare.token_status = "expired"
    assert "its status is expired" in one(account, "token").finding


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"status": "pending"}, "is not active (its status is pending)"),
        ({"paused": True}, "is paused"),
        ({"plan": {"legacy_id": "pro"}}, "has the plan pro (the setting is free)"),
        ({"name": "example.org"}, "is outside the zone example.org"),
    ],
)
def test_a_zone_that_is_not_ready_fails(account: Account, changed: dict[str, Any], part: str) -> None:
    account.cloudflare.zone |= changed
    finding = one(account, "zone")
    assert finding.status is FAIL
    assert part in finding.finding
    assert finding.command


def test_a_zone_may_wait_for_its_delegation_while_the_cdn_changes(account: Account) -> None:
    account.configure(**CLOUDFRONT_SERVES)
    for status in ("pending", "moved"):  # before the delegation to Cloudflare, and after its end
        account.cloudflare.zone |= {"status": status}
        assert one(account, "zone").status is PASS
    assert statuses(account.check("hosted-zone")) == [PASS]
    assert statuses(account.check("delegation")) == [PreflightStatus.SKIPPED]


def test_a_zone_is_active_before_its_records_are_proxied(account: Account) -> None:
    account.cloudflare.zone |= {"status": "pending"}
    account.configure(**CLOUDFLARE_SERVES)
    assert "is not active (its status is pending)" in one(account, "zone").finding


def test_a_name_has_an_active_certificate_before_its_record_is_proxied(account: Account) -> None:
    account.configure(**CLOUDFLARE_SERVES)
    assert one(account, "certificate").status is PASS
    account.cloudflare.packs[0]["status"] = "pending_validation"
    findings = account.check("cloudflare-certificate")
    assert statuses(findings) == [FAIL, FAIL]
    assert "no active certificate of app.example.com" in findings[0].finding
    account.configure(**CLOUDFRONT_SERVES)
    assert one(account, "certificate").status is PreflightStatus.SKIPPED


def test_a_zone_that_the_token_cannot_read_fails(account: Account) -> None:
    account.configure(cloudflareZoneId="f" * 32)
    assert one(account, "zone").finding.startswith("tierup:cloudflareZoneId: ")


@pytest.mark.parametrize(
    ("area", "group"),
    [
        ("DNS", "DNS Write"),
        ("Zone Settings", "Zone Settings Write"),
        ("http_request_firewall_custom", "Zone WAF Write"),
        ("http_request_late_transform", "Zone Transform Rules Write"),
    ],
)
def test_a_permission_that_the_token_lacks_fails(account: Account, area: str, group: str) -> None:
    account.cloudflare.unreadable = {area}
    findings = account.check("cloudflare-permissions")
    assert [each.status for each in findings] == [FAIL], findings
    assert f"lacks the permission {group}" in findings[0].finding


def test_permissions_of_the_token_are_compared_if_it_can_read_them(account: Account) -> None:
    every = sorted({group for _, group in PERMISSIONS.values()})
    account.cloudflare.groups = every
    assert one(account, "permissions").status is PASS
    account.cloudflare.groups = [group for group in every if group != "DNS Write"]
    assert "lacks the permission DNS Write" in one(account, "permissions").finding


def test_a_used_entry_point_fails_with_the_import_command(account: Account) -> None:
    account.cloudflare.rulesets = [
        {"id": "a" * 32, "name": "default", "kind": "zone", "phase": "http_request_firewall_custom"},
        {"id": "b" * 32, "name": "Managed", "kind": "managed", "phase": "http_request_firewall_managed"},
    ]
    finding = one(account, "rulesets")
    assert finding.status is FAIL
    assert "phase http_request_firewall_custom" in finding.finding
    zone = CloudflareServer.ZONE
    assert "pulumi import cloudflare:index/ruleset:Ruleset " in finding.command
    assert f" zones/{zone}/{'a' * 32} --stack prod" in finding.command


def test_the_stacks_own_rulesets_are_accepted(account: Account) -> None:
    planned = [each for each in account.context().resources() if each.type == "cloudflare:index/ruleset:Ruleset"]
    assert planned
    account.cloudflare.rulesets = [
        {"id": "a" * 32, "name": each.inputs["name"], "kind": "zone", "phase": each.inputs["phase"]} for each in planned
    ]
    assert one(account, "rulesets").status is PASS


def test_cloud_connector_rules_that_would_be_replaced_fail(account: Account) -> None:
    account.cloudflare.connector_rules = [{"id": "1", "description": "another bucket", "provider": "aws_s3"}]
    finding = one(account, "rulesets")
    assert finding.status is FAIL
    assert "1 Cloud Connector rules" in finding.finding


def test_a_record_that_exists_fails_with_the_import_command(account: Account) -> None:
    account.cloudflare.records = [{"id": "c" * 32, "type": "A", "name": "api.example.com"}]
    finding = one(account, "records")
    assert finding.status is FAIL
    assert f"NAME {CloudflareServer.ZONE}/{'c' * 32}" in finding.command


def test_a_record_in_a_zone_that_is_new_to_an_existing_stack_fails(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PreflightContext, "exists", True)
    account.cloudflare.records = [{"id": "c" * 32, "type": "A", "name": "api.example.com"}]
    assert one(account, "records").status is PreflightStatus.SKIPPED
    account.configure(**CLOUDFRONT_SERVES)
    assert "already has a record api.example.com" in one(account, "records").finding
    planned = [each for each in account.context().resources() if each.type == "cloudflare:index/ruleset:Ruleset"]
    account.cloudflare.rulesets = [{"kind": "zone", "phase": "x", "name": planned[0].inputs["name"]}]
    assert one(account, "records").status is PreflightStatus.SKIPPED


def test_an_api_that_is_down_is_unknown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", "http://127.0.0.1:9")
    finding = one(account, "zone")
    assert finding.status is UNKNOWN
    assert "127.0.0.1:9 could not be reached" in finding.finding
