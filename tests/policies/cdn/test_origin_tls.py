from __future__ import annotations

import pytest

from policies.cdn.origin_tls import OLD_PROTOCOLS, RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

CUSTOM = "origins[0].customOriginConfig"
VPC = "vpcOriginEndpointConfig"
PLACES = [
    ("api-distribution", CUSTOM, f"{CUSTOM}.originSslProtocols"),
    ("vpc-origin", VPC, f"{VPC}.originSslProtocols.items"),
]
places = pytest.mark.parametrize(("subject", "config", "protocols"), PLACES)


@places
def test_tls_1_2_to_the_server_passes(subject: str, config: str, protocols: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@places
@pytest.mark.parametrize(("policy", "found"), [("http-only", '"http-only"'), (ABSENT, "not set")])
def test_plain_http_to_the_server_fails(subject: str, config: str, protocols: str, policy: object, found: str) -> None:
    path = f"{config}.originProtocolPolicy"
    verdict = evaluate(RULE, subject, {path: policy})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(path, found)]


@places
@pytest.mark.parametrize("protocol", OLD_PROTOCOLS)
def test_an_old_protocol_fails(subject: str, config: str, protocols: str, protocol: str) -> None:
    verdict = evaluate(RULE, subject, {protocols: [protocol, "TLSv1.2"]})
    assert [finding.path for finding in verdict.findings] == [f"{protocols}[0]"]


def test_match_viewer_passes_where_all_behaviors_require_https() -> None:
    assert (
        evaluate(RULE, "api-distribution", {f"{CUSTOM}.originProtocolPolicy": "match-viewer"}).outcome is Outcome.PASS
    )


def test_match_viewer_fails_where_one_behavior_allows_plain_http() -> None:
    changes = {
        f"{CUSTOM}.originProtocolPolicy": "match-viewer",
        "orderedCacheBehaviors[0].viewerProtocolPolicy": "allow-all",
    }
    assert evaluate(RULE, "api-distribution", changes).outcome is Outcome.FAIL


def test_an_s3_website_endpoint_fails_with_the_alternative() -> None:
    changes = {
        "origins[0].domainName": "site.s3-website-eu-west-1.amazonaws.com",
        f"{CUSTOM}.originProtocolPolicy": "http-only",
    }
    assert "regional host name" in evaluate(RULE, "api-distribution", changes).findings[0].wanted


def test_the_rule_does_not_apply_to_a_distribution_with_buckets_only() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["origins", CUSTOM, f"{CUSTOM}.originProtocolPolicy", f"{CUSTOM}.originSslProtocols"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "api-distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_an_unknown_host_does_not_matter() -> None:
    assert evaluate(RULE, "api-distribution", {"origins[0].domainName": UNKNOWN}).outcome is Outcome.PASS
