"""Cloudflare's redirects of further names."""

from __future__ import annotations

import pytest

from components.cloudflare.redirects import CloudflareRedirects, CloudflareRedirectsArgs
from tests.engine_recorder import record


def test_names_are_redirected_with_path_and_query() -> None:
    args = CloudflareRedirectsArgs(zone_id="z", hosts=["www.example.com", "example.com"], target="app.example.com")
    recording = record(lambda: CloudflareRedirects("redirects", args))
    ruleset = recording.one("cloudflare:index/ruleset:Ruleset").inputs
    (rule,) = ruleset["rules"]

    assert recording.tree() == {"redirects": None, "redirects-rules": "redirects"}
    assert ruleset["phase"] == "http_request_dynamic_redirect"
    assert rule["expression"] == 'http.host in {"www.example.com" "example.com"}'
    assert rule["actionParameters"]["fromValue"] == {
        "statusCode": 301,
        "preserveQueryString": True,
        "targetUrl": {"expression": 'concat("https://app.example.com", http.request.uri.path)'},
    }


@pytest.mark.parametrize(
    ("hosts", "message"), [([], "hosts: must not be empty"), (["app.example.com"], "hosts: contains the target")]
)
def test_redirects_to_nowhere_and_to_themselves_are_rejected(hosts: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CloudflareRedirectsArgs(zone_id="z", hosts=hosts, target="app.example.com")
