from __future__ import annotations

import json

import pytest

from policies.cdn.site_has_cdn import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with
from tests.policies.s3.compliant import read_by_cdn, tls_only

POLICY = "bucket-policy: policy"
# No distribution, no proxied record and no distribution of another stack.
ALONE = {
    "distribution: origins[0].domainName": "elsewhere.s3.eu-west-1.amazonaws.com",
    "site-record: content": "elsewhere.example.com",
    POLICY: json.dumps({"Statement": [tls_only()]}),
}


def test_a_site_behind_cloudfront_passes() -> None:
    assert evaluate(RULE, "bucket", {"site-record: content": "elsewhere.example.com"}).outcome is Outcome.PASS


def test_a_site_without_a_cdn_fails() -> None:
    assert [finding.path for finding in evaluate(RULE, "bucket", ALONE).findings] == ["CDN"]


@pytest.mark.parametrize(("proxied", "outcome"), [(True, Outcome.PASS), (False, Outcome.FAIL)])
def test_a_cloudflare_record_passes_only_if_proxied(proxied: bool, outcome: Outcome) -> None:
    changes = {**ALONE, "site-record: content": "bucket-id", "site-record: proxied": proxied}
    assert evaluate(RULE, "bucket", changes).outcome is outcome


def test_a_cloud_connector_rule_passes() -> None:
    resources = resources_with(ALONE)
    bucket = next(each for each in resources if each.name == "bucket")
    rules = resource("cloudflare:index/cloudConnectorRules:CloudConnectorRules", {"zoneId": "1"})
    rules = type(rules)(
        rules.type, rules.name, rules.urn, rules.properties, references={"rules": frozenset({bucket.urn})}
    )
    assert RULE.evaluate(bucket, Stack((*resources, rules))).outcome is Outcome.PASS


def test_a_policy_for_a_distribution_of_another_stack_passes() -> None:
    changes = {**ALONE, POLICY: json.dumps({"Statement": [read_by_cdn()]})}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.PASS


def test_a_policy_for_certain_addresses_is_indeterminate() -> None:
    statement = {**read_by_cdn(), "Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "173.245.48.0/20"}}}
    changes = {**ALONE, POLICY: json.dumps({"Statement": [statement]})}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("website", "outcome"),
    [
        ({"indexDocument": "index.html"}, Outcome.FAIL),
        ({"redirectAllRequestsTo": "www.example.com"}, Outcome.NOT_APPLICABLE),
    ],
)
def test_the_rule_does_not_apply_to_a_website_that_only_redirects(website: object, outcome: Outcome) -> None:
    assert evaluate(RULE, "bucket", {**ALONE, "website": website}).outcome is outcome


@pytest.mark.parametrize("changes", [{"bucket-index": ABSENT}, {"bucket-index: key": "report.html"}])
def test_the_rule_does_not_apply_to_a_bucket_without_a_site(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "bucket", {**ALONE, **changes}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [POLICY, "bucket-index: key", "website"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "bucket", {**ALONE, path: UNKNOWN}).outcome is Outcome.UNKNOWN
