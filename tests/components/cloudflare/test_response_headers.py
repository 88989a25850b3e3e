"""Cloudflare's response header rules, with the same values as CloudFront."""

from __future__ import annotations

from typing import Any

import pytest

from components.cdn.security_headers import SiteHeaders
from components.cloudflare.plan import CloudflarePlan
from components.cloudflare.response_headers import CloudflareHeaders, CloudflareHeadersArgs
from tests.engine_recorder import record

HEADERS = SiteHeaders(allowed_origins=["https://app.example.com", "https://admin.example.com:8443"])


def args(headers: SiteHeaders = HEADERS) -> CloudflareHeadersArgs:
    return CloudflareHeadersArgs(zone_id="z", plan=CloudflarePlan.FREE, site_host="app.example.com", headers=headers)


def rules(headers: SiteHeaders = HEADERS) -> dict[str, dict[str, Any]]:
    ruleset = record(lambda: CloudflareHeaders("headers", args(headers))).one("cloudflare:index/ruleset:Ruleset")
    assert ruleset.inputs["phase"] == "http_response_headers_transform"
    return {rule["ref"]: rule for rule in ruleset.inputs["rules"]}


def sent(rule: dict[str, Any]) -> dict[str, str]:
    assert {header["operation"] for header in rule["actionParameters"]["headers"].values()} == {"set"}
    return {name: header["value"] for name, header in rule["actionParameters"]["headers"].items()}


def test_headers_of_the_checklist_are_set() -> None:
    security = sent(rules()["security"])

    assert security["Strict-Transport-Security"] == "max-age=31536000"
    assert security["Content-Security-Policy"] == HEADERS.content_security_policy
    assert security["X-Content-Type-Options"] == "nosniff"
    assert security["X-Frame-Options"] == "DENY"
    assert security["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_cors_rule_per_origin_returns_that_origin() -> None:
    cors = {ref: rule for ref, rule in rules().items() if ref.startswith("cors-")}

    assert list(cors) == ["cors-app.example.com", "cors-admin.example.com-8443"]
    for origin, rule in zip(HEADERS.allowed_origins, cors.values(), strict=True):
        assert f'eq "{origin}")' in rule["expression"]
        assert sent(rule)["Access-Control-Allow-Origin"] == origin
        assert sent(rule)["Access-Control-Allow-Credentials"] == "true"


def test_hsts_includes_subdomains_on_request() -> None:
    headers = SiteHeaders(allowed_origins=["https://app.example.com"], hsts_subdomains=True)

    assert sent(rules(headers)["security"])["Strict-Transport-Security"].endswith("; includeSubDomains")


def test_too_many_origins_for_the_plan_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"allowed_origins: .*plan free \(got 7\)\. Give at most 6"):
        args(SiteHeaders(allowed_origins=[f"https://a{number}.example.com" for number in range(7)]))


def test_invalid_host_name_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"site_host: .*\(got 'App'\)\. Give a full lower-case name"):
        CloudflareHeadersArgs(zone_id="z", plan=CloudflarePlan.FREE, site_host="App", headers=HEADERS)
