from __future__ import annotations

import pytest

from policies.load_balancer.tls_version import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

# A policy of each family in AWS's list, from SslPolicy of aws-cdk-lib 2.275.0 (read 2026-11-24):
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
FROM_1_3 = ["ELBSecurityPolicy-TLS13-1-3-2021-06", "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09"]
FROM_1_2 = [
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04",
    "ELBSecurityPolicy-TLS-1-2-2017-01",
    "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
    "ELBSecurityPolicy-FS-1-2-Res-2020-10",
]
OLDER = [
    "ELBSecurityPolicy-2016-08",
    "ELBSecurityPolicy-2015-05",
    "ELBSecurityPolicy-TLS-1-1-2017-01",
    "ELBSecurityPolicy-TLS-1-0-2015-04",
    "ELBSecurityPolicy-FS-2018-06",
    "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-TLS13-1-1-2021-06",
    "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04",
]


@pytest.mark.parametrize("policy", FROM_1_3 + FROM_1_2)
def test_tls_1_2_and_up_passes(policy: str) -> None:
    assert evaluate(RULE, "https", {"sslPolicy": policy}).outcome is Outcome.PASS


@pytest.mark.parametrize("policy", OLDER)
def test_policies_for_older_clients_fail(policy: str) -> None:
    verdict = evaluate(RULE, "https", {"sslPolicy": policy})
    assert verdict.outcome is Outcome.FAIL
    assert policy in verdict.findings[0].found


def test_missing_policy_fails_as_aws_default() -> None:
    verdict = evaluate(RULE, "https", {"sslPolicy": ABSENT})
    assert "ELBSecurityPolicy-2016-08" in verdict.findings[0].found


@pytest.mark.parametrize(("policy", "outcome"), [*((p, Outcome.PASS) for p in FROM_1_3), (FROM_1_2[0], Outcome.FAIL)])
def test_minimum_is_configurable(policy: str, outcome: Outcome) -> None:
    assert evaluate(RULE, "https", {"sslPolicy": policy}, parameters={"minimumTls": "1.3"}).outcome is outcome


def test_tls_listener_of_a_network_load_balancer_is_evaluated() -> None:
    assert evaluate(RULE, "https", {"protocol": "TLS", "sslPolicy": OLDER[0]}).outcome is Outcome.FAIL


def test_listener_without_tls_is_not_applicable() -> None:
    assert evaluate(RULE, "http").outcome is Outcome.NOT_APPLICABLE


def test_unknown_policy_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "https", {"sslPolicy": UNKNOWN}).outcome is Outcome.UNKNOWN
