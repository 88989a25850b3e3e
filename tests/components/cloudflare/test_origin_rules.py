"""Cloudflare's origin rules: Cloud Connector, path rewrite and secret headers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.cloudflare.origin_rules import CloudflareOrigin, CloudflareOriginArgs
from tests.engine_recorder import Recording, record

RULESET = "cloudflare:index/ruleset:Ruleset"


def args(**more: Any) -> CloudflareOriginArgs:
    given: dict[str, Any] = {
        "zone_id": "z",
        "site_host": "app.example.com",
        "bucket_domain_name": "site-1.s3.eu-west-1.amazonaws.com",
        "bucket_key": pulumi.Output.secret("bucket-key"),
        "api_host": "api.example.com",
        "origin_key": pulumi.Output.secret("origin-key"),
    }
    return CloudflareOriginArgs(**(given | more))


def recorded(**more: Any) -> Recording[CloudflareOrigin]:
    return record(lambda: CloudflareOrigin("origin", args(**more)))


def ruleset(recording: Recording[CloudflareOrigin], phase: str) -> Any:
    (found,) = [each for each in recording.of(RULESET) if each.inputs["phase"] == phase]
    return found


def test_creates_exactly_these_resources() -> None:
    parts = ("pages", "keys", "connector")

    assert recorded().tree() == {"origin": None, **{f"origin-{part}": "origin" for part in parts}}


def test_cloud_connector_connects_the_site_to_its_bucket() -> None:
    (rule,) = recorded().one("cloudflare:index/cloudConnectorRules:CloudConnectorRules").inputs["rules"]

    assert rule["cloudConnectorRulesProvider"] == "aws_s3"
    assert rule["parameters"] == {"host": "site-1.s3.eu-west-1.amazonaws.com"}
    assert rule["expression"] == '(http.host eq "app.example.com")'


def test_paths_of_the_site_are_rewritten_to_index_html() -> None:
    (rule,) = ruleset(recorded(), "http_request_transform").inputs["rules"]

    assert rule["actionParameters"] == {"uri": {"path": {"value": "/index.html"}}}
    assert "app.example.com" in rule["expression"]
    assert '(http.request.uri.path.extension eq "")' in rule["expression"]


def test_each_origin_receives_its_secret_header() -> None:
    keys = ruleset(recorded(), "http_request_late_transform")
    sent = {
        (rule["expression"], name): header
        for rule in keys.inputs["rules"]
        for name, header in rule["actionParameters"]["headers"].items()
    }

    assert sent == {
        ('(http.host eq "app.example.com")', "User-Agent"): {"operation": "set", "value": "bucket-key"},
        ('(http.host eq "api.example.com")', "x-origin-key"): {"operation": "set", "value": "origin-key"},
    }
    assert keys.secret_inputs == {"rules"}


def test_the_buckets_key_is_in_no_forbidden_header() -> None:
    """Cloudflare does not allow rules that set Referer, a forbidden header name."""
    keys = ruleset(recorded(), "http_request_late_transform").inputs["rules"]

    assert list(keys[0]["actionParameters"]["headers"]) == ["User-Agent"]


def test_without_api_there_is_one_key() -> None:
    keys = ruleset(recorded(api_host=None, origin_key=None), "http_request_late_transform")

    assert [rule["ref"] for rule in keys.inputs["rules"]] == ["bucket-key"]


@pytest.mark.parametrize("missing", ["api_host", "origin_key"])
def test_api_host_and_origin_key_are_given_together(missing: str) -> None:
    with pytest.raises(ValueError, match="api_host and origin_key: only one is given"):
        replace(args(), **{missing: None})


@pytest.mark.parametrize("argument", ["site_host", "api_host"])
def test_invalid_host_name_is_rejected(argument: str) -> None:
    with pytest.raises(ValueError, match=rf"{argument}: .*\(got 'App'\)\. Give a full lower-case name"):
        args(**{argument: "App"})


def test_requests_below_the_path_of_the_api_go_to_the_load_balancer_with_its_key() -> None:
    recording = recorded(api_path="/api/*")
    excluded = 'not starts_with(http.request.uri.path, "/api/")'
    (connector,) = recording.one("cloudflare:index/cloudConnectorRules:CloudConnectorRules").inputs["rules"]
    (page,) = ruleset(recording, "http_request_transform").inputs["rules"]
    bucket, api = ruleset(recording, "http_request_late_transform").inputs["rules"]

    assert all(excluded in each["expression"] for each in (connector, page, bucket))
    assert api["expression"] == (
        '((http.host eq "api.example.com")) or '
        '((http.host eq "app.example.com") and (starts_with(http.request.uri.path, "/api/")))'
    )


def test_a_path_of_an_api_that_is_not_proxied_is_rejected() -> None:
    with pytest.raises(ValueError, match="api_path: the API is not proxied"):
        args(api_host=None, origin_key=None, api_path="/api/*")
