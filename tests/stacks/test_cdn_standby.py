"""Both CDNs of a stack while `tierup:cdn` changes: what exists, and that requests arrive by either delegation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.config.errors import InvalidConfigError
from stacks.config.reading import parse
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.deployed import Deployment, deployment
from tierup.sandbox.registrar import DnsProvider, delegate
from tierup.sandbox.traffic import evaluate

ZONE = "0123456789abcdef0123456789abcdef"
BASE = {"tier": "medium", "apiDomain": "api.example.com"}
CLOUDFRONT = {"cdn": "cloudfront"}
BEFORE = {**CLOUDFRONT, "cdnStandby": "cloudflare", "cloudflareZoneId": ZONE}
AFTER = {"cdn": "cloudflare", "cdnStandby": "cloudfront", "cloudflareZoneId": ZONE}
CLOUDFLARE = {"cdn": "cloudflare", "cloudflareZoneId": ZONE}
EARLY = pytest.param("mvp", id="mvp")
LATE = pytest.param("scale", id="scale", marks=pytest.mark.exhaustive)


def failing(made: Deployment, provider: DnsProvider) -> list[str]:
    """Return the flows that do not go as they should while the registrar delegates to a provider."""
    delegate(made.cloud, "example.com", provider)
    report = evaluate(made.cloud)
    assert report.served
    return [each.flow.id for each in (*report.failed, *report.unknown, *report.opened)]


def record(made: Deployment, name: str) -> dict[str, Any]:
    (inputs,) = [inputs for (_, logical), (_, inputs, _) in made.made.items() if logical == name]
    return inputs


@pytest.mark.parametrize("phase", [EARLY, LATE])
@pytest.mark.parametrize("settings", [BEFORE, AFTER], ids=["standby is cloudflare", "standby is cloudfront"])
def test_requests_arrive_whichever_provider_the_registrar_delegates_to(phase: str, settings: dict[str, str]) -> None:
    with deployment({**BASE, "phase": phase, **settings}) as made:
        assert made.errors == []
        assert {provider: failing(made, provider) for provider in DnsProvider} == {
            provider: [] for provider in DnsProvider
        }


def names(made: Deployment) -> set[tuple[str, str]]:
    return set(made.made)


@pytest.mark.parametrize("phase", [EARLY, LATE])
def test_the_cdn_that_serves_changes_by_the_records_in_cloudflare_alone(phase: str) -> None:
    with deployment({**BASE, "phase": phase, **CLOUDFRONT}) as made:
        only_cloudfront = names(made)
    with deployment({**BASE, "phase": phase, **BEFORE}) as made:
        before, unproxied = names(made), record(made, "site-record-cname")
        distribution = made.cloud.find("aws:cloudfront/distribution:Distribution", aliases=["app.example.com"])
        assert unproxied["content"] == str(next(iter(distribution)).value("domainName"))
    with deployment({**BASE, "phase": phase, **AFTER}) as made:
        after, proxied = names(made), record(made, "site-record-cname")
    with deployment({**BASE, "phase": phase, **CLOUDFLARE}) as made:
        only_cloudflare = names(made)
    assert before == after
    assert only_cloudfront < before
    assert only_cloudflare < before
    assert (unproxied["proxied"], proxied["proxied"]) == (False, True)
    assert ".s3." in proxied["content"]


def test_both_cdns_may_read_the_site_and_neither_reads_what_describes_releases() -> None:
    with deployment({**BASE, "phase": "mvp", **BEFORE}) as made:
        policy = json.loads(record(made, "site-policy")["policy"])
    sids = [each["Sid"] for each in policy["Statement"]]
    assert len(set(sids)) == len(sids)
    assert {"DistributionReadsFiles", "DistributionReadsNoReleases", "CdnReadsFiles", "CdnReadsNoReleases"} <= set(sids)


@pytest.mark.parametrize(
    ("given", "key", "problem"),
    [
        ({"cdn": "cloudfront", "cdnStandby": "cloudfront"}, "cdnStandby", "the standby is the CDN that serves"),
        ({"cdnStandby": "cloudflare"}, "cloudflareZoneId", "the setting is missing"),
        ({**BEFORE, "apiPath": "/api/*", "phase": "scale"}, "cdnStandby", "has one CDN only"),
        (
            {**BEFORE, "siteEdgeFunction": "function handler(event) { return event.request; }"},
            "siteEdgeFunction",
            "runs",
        ),
    ],
)
def test_a_standby_that_cannot_exist_is_refused(given: dict[str, str], key: str, problem: str) -> None:
    config = {**MINIMAL_CONFIG, **{f"tierup:{name}": value for name, value in {**BASE, **given}.items()}}
    with pytest.raises(InvalidConfigError) as caught:
        parse(config, secret_keys=(), stack="dev")
    found = {each.key: str(each) for each in caught.value.errors}
    assert problem in found[f"tierup:{key}"]
