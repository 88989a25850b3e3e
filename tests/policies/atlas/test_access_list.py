from __future__ import annotations

import pytest

from policies.atlas.access_list import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_own_network_passes() -> None:
    assert evaluate(RULE, "access-list").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("key", "value"),
    [("cidrBlock", "0.0.0.0/0"), ("cidrBlock", "0.0.0.0/1"), ("ipAddress", "0.0.0.0")],  # noqa: S104 - the violation
)
def test_public_internet_fails(key: str, value: str) -> None:
    verdict = evaluate(RULE, "access-list", {"cidrBlock": ABSENT, key: value} if key == "ipAddress" else {key: value})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(key, f'"{value}"')]


@pytest.mark.parametrize("changes", [{"ipAddress": "203.0.113.9"}, {"awsSecurityGroup": "sg-1"}])
def test_address_or_a_security_group_passes(changes: dict[str, str]) -> None:
    assert evaluate(RULE, "access-list", {"cidrBlock": ABSENT, **changes}).outcome is Outcome.PASS


@pytest.mark.parametrize("key", ["cidrBlock", "ipAddress"])
def test_unknown_source_evaluates_to_unknown(key: str) -> None:
    assert evaluate(RULE, "access-list", {key: UNKNOWN}).outcome is Outcome.UNKNOWN
