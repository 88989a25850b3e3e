from __future__ import annotations

import pytest

from policies.cdn.modern_protocols import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_http_3_and_ipv6_pass() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("version", ["http1.1", "http2", "http3", ABSENT])
def test_other_http_versions_fail(version: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "distribution", {"httpVersion": version}).findings] == [
        "httpVersion"
    ]


@pytest.mark.parametrize("ipv6", [False, ABSENT])
def test_no_ipv6_fails(ipv6: object) -> None:
    verdict = evaluate(RULE, "distribution", {"isIpv6Enabled": ipv6})
    assert [finding.path for finding in verdict.findings] == ["isIpv6Enabled"]


@pytest.mark.parametrize("path", ["httpVersion", "isIpv6Enabled"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
