"""The way from Cloudflare to the origins: a private bucket, and keys that show who asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.cdn.provider import CdnKind
from components.cloudflare.origin_rules import CloudflareOrigin, CloudflareOriginArgs
from tests.engine_recorder import Recording, record

RULESET = "cloudflare:index/ruleset:Ruleset"
RANGES = {
    "cloudflare:index/getIpRanges:getIpRanges": {"ipv4Cidrs": ["173.245.48.0/20", "103.21.244.0/22"], "ipv6Cidrs": []}
}


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


def made(**more: Any) -> Recording[CloudflareOrigin]:
    return record(lambda: CloudflareOrigin("origin", args(**more)), calls=RANGES)


def ruleset(recording: Recording[CloudflareOrigin], phase: str) -> Any:
    (found,) = [each for each in recording.of(RULESET) if each.inputs["phase"] == phase]
    return found


def test_it_is_made_of_these_and_no_others() -> None:
    parts = ("pages", "keys", "connector")

    assert made().tree() == {"origin": None, **{f"origin-{part}": "origin" for part in parts}}


def test_the_site_s_name_leads_to_its_bucket() -> None:
    (rule,) = made().one("cloudflare:index/cloudConnectorRules:CloudConnectorRules").inputs["rules"]

    assert rule["cloudConnectorRulesProvider"] == "aws_s3"
    assert rule["parameters"] == {"host": "site-1.s3.eu-west-1.amazonaws.com"}
    assert rule["expression"] == '(http.host eq "app.example.com")'


def test_pages_are_routed_and_the_api_s_paths_are_not() -> None:
    (rule,) = ruleset(made(), "http_request_transform").inputs["rules"]

    assert rule["actionParameters"] == {"uri": {"path": {"value": "/index.html"}}}
    assert "app.example.com" in rule["expression"]
    assert '(http.request.uri.path.extension eq "")' in rule["expression"]


def test_each_origin_gets_its_own_key_and_nobody_reads_it_in_the_state() -> None:
    keys = ruleset(made(), "http_request_late_transform")
    sent = {
        (rule["expression"], name): header
        for rule in keys.inputs["rules"]
        for name, header in rule["actionParameters"]["headers"].items()
    }

    assert sent == {
        ('(http.host eq "app.example.com")', "Referer"): {"operation": "set", "value": "bucket-key"},
        ('(http.host eq "api.example.com")', "x-origin-key"): {"operation": "set", "value": "origin-key"},
    }
    assert keys.secret_inputs == {"rules"}


def test_without_an_api_there_is_one_key() -> None:
    keys = ruleset(made(api_host=None, origin_key=None), "http_request_late_transform")

    assert [rule["ref"] for rule in keys.inputs["rules"]] == ["bucket-key"]


def test_the_stack_learns_of_this_cdn_as_of_any() -> None:
    recording = record(lambda: CloudflareOrigin("origin", args()).cdn(), calls=RANGES)
    cdn = recording.result

    assert (cdn.kind, cdn.alias_zone_id) == (CdnKind.CLOUDFLARE, None)
    assert recording.value(cdn.cache_id) == "z"
    assert cdn.origin_callers.cidrs_ipv4 == ["103.21.244.0/22", "173.245.48.0/20"]


@pytest.mark.parametrize("missing", ["api_host", "origin_key"])
def test_the_api_has_a_key(missing: str) -> None:
    with pytest.raises(ValueError, match="api_host, origin_key: got one of them"):
        replace(args(), **{missing: None})


@pytest.mark.parametrize("argument", ["site_host", "api_host"])
def test_a_name_that_no_browser_asks_for_is_refused(argument: str) -> None:
    with pytest.raises(ValueError, match=f"{argument}: got 'App', allowed a full lower-case name"):
        args(**{argument: "App"})
