from __future__ import annotations

import pytest

from policies.cdn.viewer_tls_version import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

VERSION = "viewerCertificate.minimumProtocolVersion"


@pytest.mark.parametrize("version", ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"])
def test_current_policies_pass(version: str) -> None:
    assert evaluate(RULE, "distribution", {VERSION: version}).outcome is Outcome.PASS


@pytest.mark.parametrize("version", ["SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019"])
def test_older_policies_fail(version: str) -> None:
    verdict = evaluate(RULE, "distribution", {VERSION: version})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(VERSION, f'"{version}"')]


@pytest.mark.parametrize("path", [VERSION, "viewerCertificate"])
def test_no_policy_fails(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: ABSENT}).outcome is Outcome.FAIL


def test_cloudfronts_own_certificate_fails_whatever_the_policy_says() -> None:
    verdict = evaluate(RULE, "distribution", {"viewerCertificate.cloudfrontDefaultCertificate": True})
    assert verdict.findings[0].path == "viewerCertificate.cloudfrontDefaultCertificate"


@pytest.mark.parametrize(("version", "outcome"), [("TLSv1.3_2025", Outcome.PASS), ("TLSv1.2_2025", Outcome.FAIL)])
def test_the_minimum_can_be_raised(version: str, outcome: Outcome) -> None:
    assert evaluate(RULE, "distribution", {VERSION: version}, parameters={"minimumTls": "1.3"}).outcome is outcome


def test_a_certificate_not_known_yet_does_not_matter() -> None:
    assert evaluate(RULE, "distribution", {"viewerCertificate.acmCertificateArn": UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [VERSION, "viewerCertificate"])
def test_a_policy_not_known_yet_is_not_a_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
