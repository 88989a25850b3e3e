"""What the edge does with the site: maintenance, caching, an own function, and redirects of Cloudflare."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from components.cloudfront.site_distribution import page_router
from stacks.catalog.phases import Phase
from tests.stacks.deployed import deploy
from tests.stacks.test_architecture import CLOUDFLARE_ZONE
from tests.stacks.test_options import built_with_secrets, errors

CLOUDFLARE: Any = {"cdn": "cloudflare", "cloudflareZoneId": CLOUDFLARE_ZONE}
MAINTENANCE = json.dumps({"enabled": True, "message": "Back at <noon>."})
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed; the router is JavaScript")


def answer(code: str, path: str, host: str = "app.example.com", **headers: str) -> Any:
    """Return what the function returns for a request, run by Node."""
    given = {name: {"value": value} for name, value in {"host": host, **headers}.items()}
    request = {"uri": path, "headers": given, "querystring": {}}
    script = f"{code}\nconsole.log(JSON.stringify(handler({json.dumps({'request': request})})))"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


# --- maintenance ---


def test_maintenance_answers_before_every_other_rule_of_the_load_balancer() -> None:
    recording = built_with_secrets(maintenance=MAINTENANCE)
    rule = recording.named("maintenance-rule").inputs
    assert rule["priority"] == 1
    assert json.loads(rule["actions"][0]["fixedResponse"]["messageBody"]) == {"error": "Back at <noon>."}
    assert "Back at &lt;noon&gt;." in recording.named("cdn-router").inputs["code"]
    without = built_with_secrets()
    assert "maintenance-rule" not in [each.name for each in without.resources]
    assert "503" not in without.named("cdn-router").inputs["code"]


def test_only_the_api_is_down_without_the_site() -> None:
    recording = built_with_secrets(maintenance=json.dumps({"enabled": True, "site": False}))
    assert "503" not in recording.named("cdn-router").inputs["code"]
    assert recording.named("maintenance-rule").inputs["priority"] == 1


def test_cloudflare_blocks_pages_with_the_maintenance_page() -> None:
    recording = built_with_secrets(maintenance=MAINTENANCE, cloudflarePlan="pro", apiPath="/api/*", **CLOUDFLARE)
    first = recording.named("zone-waf-custom").inputs["rules"][0]
    assert (first["ref"], first["action"]) == ("maintenance", "block")
    answered = recording.named("site-errors-rules").inputs["rules"][0]
    assert 'cf.response.error_type eq "waf"' in answered["expression"]
    assert answered["actionParameters"]["statusCode"] == 503
    assert "Back at &lt;noon&gt;." in answered["actionParameters"]["content"]
    assert 'not starts_with(http.request.uri.path, "/api/")' in first["expression"]


def test_maintenance_that_is_not_possible_is_rejected() -> None:
    assert "plan free" in errors(maintenance=MAINTENANCE, **CLOUDFLARE)["tierup:maintenance.site"]


@needs_node
def test_the_function_of_maintenance_answers_503() -> None:
    found = answer(page_router("app.example.com", [], maintenance_page="<p>Down</p>"), "/tasks")
    assert (found["statusCode"], found["body"]["data"]) == (503, "<p>Down</p>")
    assert found["headers"]["retry-after"] == {"value": "300"}


# --- the stack's own function ---

EDGE = """
function edge(event) {
  if (event.request.uri === '/old') {
    return {statusCode: 301, headers: {location: {value: '/new'}}};
  }
  event.request.headers['x-edge'] = {value: 'yes'};
  return event.request;
}
"""


@needs_node
def test_the_own_function_runs_before_redirects_and_the_router() -> None:
    code = page_router("app.example.com", ["www.example.com"], edge_function=EDGE)
    assert answer(code, "/old")["headers"]["location"] == {"value": "/new"}
    page = answer(code, "/tasks")
    assert (page["uri"], page["headers"]["x-edge"]) == ("/index.html", {"value": "yes"})
    assert answer(code, "/tasks", "www.example.com")["statusCode"] == 301


def test_the_own_function_is_part_of_the_distribution() -> None:
    assert EDGE in built_with_secrets(siteEdgeFunction=EDGE).named("cdn-router").inputs["code"]
    assert "runs no CloudFront functions" in errors(siteEdgeFunction=EDGE, **CLOUDFLARE)["tierup:siteEdgeFunction"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("function other() {}", "does not define the function edge"),
        ("function edge(event) {}\nfunction handler(event) {}", "defines a function of the router"),
        (f"function edge(event) {{}} // {'x' * 10_240}", "too large with the router"),
    ],
)
def test_functions_that_cannot_run_are_rejected(code: str, message: str) -> None:
    assert message in errors(siteEdgeFunction=code)["tierup:siteEdgeFunction"]


# --- caching ---


def test_own_caching_replaces_that_of_the_phase_at_the_edge() -> None:
    given = {
        "pageSeconds": 30,
        "staleWhileRevalidateSeconds": 120,
        "staleIfErrorSeconds": 172_800,
        "rules": {"data": {"path": "/data/*", "edgeSeconds": 300, "browserSeconds": 60}},
    }
    recording = built_with_secrets(siteCache=json.dumps(given))
    distribution = recording.named("cdn-distribution").inputs
    assert distribution["orderedCacheBehaviors"][0]["pathPattern"] == "/data/*"
    pages = recording.named("cdn-pages").inputs
    assert (pages["defaultTtl"], pages["maxTtl"]) == (30, 172_800)


def test_uploaded_pages_get_the_own_caching() -> None:
    from stacks.config.reading import parse
    from tests.stacks.config.test_reading import MINIMAL_CONFIG
    from tierup.site.caching import caching_table

    given = {**MINIMAL_CONFIG, "tierup:siteCache": json.dumps({"staleIfErrorSeconds": 7_200})}
    table = caching_table(parse(given, secret_keys=(), stack="dev"))
    assert table.cache_control("index.html").endswith("stale-if-error=7200")
    assert table.cache_control("assets/app-1.js").endswith("immutable")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"pageSeconds": 0}, "edge_seconds: outside the limits"),
        ({"rules": {"api": {"path": "/x", "edgeSeconds": 1}}}, "the name belongs to another resource"),
        ({"rules": {"a": {"path": "/x", "edgeSeconds": 1}, "b": {"path": "/x", "edgeSeconds": 2}}}, "the same path"),
    ],
)
def test_caching_that_a_cdn_refuses_is_rejected(given: dict[str, Any], message: str) -> None:
    assert message in " ".join(errors(siteCache=json.dumps(given)).values())


# --- redirects ---


def test_cloudflare_redirects_further_names() -> None:
    recording = built_with_secrets(siteRedirects='["www.example.com"]', **CLOUDFLARE)
    (rule,) = recording.named("site-redirects-rules").inputs["rules"]
    assert rule["expression"] == 'http.host in {"www.example.com"}'
    record = recording.named("site-record-www.example.com-cname").inputs
    assert (record["content"], record["proxied"]) == ("app.example.com", True)


@pytest.mark.exhaustive
def test_maintenance_redirects_and_caching_deploy_and_are_destroyed_behind_cloudflare() -> None:
    settings = {
        "phase": Phase.SCALE.value,
        "tier": "small",
        "cloudflarePlan": "pro",
        "maintenance": MAINTENANCE,
        "siteRedirects": '["www.example.com"]',
        "siteCache": json.dumps({"pageSeconds": 120}),
        **CLOUDFLARE,
    }
    assert deploy(settings, destroy=True) == ([], [])


# --- the documents ---


@needs_node
def test_the_password_of_the_documented_function_protects_pages() -> None:
    text = (Path(__file__).parents[2] / "docs/how-to/deploy-the-site.md").read_text(encoding="utf-8")
    (function,) = [code for code in re.findall(r"```js\n(.*?)```", text, re.S) if "www-authenticate" in code]
    assert function.strip() in built_with_secrets(siteEdgeFunction=function).named("cdn-router").inputs["code"]
    code = page_router("app.example.com", [], edge_function=function)
    refused = answer(code, "/tasks")
    assert (refused["statusCode"], refused["headers"]["www-authenticate"]["value"]) == (401, 'Basic realm="staging"')
    served = answer(code, "/tasks", authorization="Basic " + b64encode(b"staging:example").decode())
    assert served["uri"] == "/index.html"
