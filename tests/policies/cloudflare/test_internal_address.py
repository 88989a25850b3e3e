from __future__ import annotations

import pytest

from policies.cloudflare.internal_address import RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate

RECORD = "address-record"


@pytest.mark.parametrize("address", ["203.0.113.10", "192.0.2.1", "100::", "172.32.0.1", "2001:db8::1"])
def test_public_addresses_and_placeholders_pass(address: str) -> None:
    assert evaluate(RULE, RECORD, {"content": address}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "169.254.169.254", "fd00::1"]
)
def test_internal_addresses_fail_and_are_not_shown(address: str) -> None:
    verdict = evaluate(RULE, RECORD, {"content": address})
    assert [finding.path for finding in verdict.findings] == ["content"]
    assert address not in verdict.findings[0].found


@pytest.mark.parametrize(
    "changes", [{"type": "CNAME"}, {"type": "TXT", "content": "10.0.0.1"}, {"content": "x"}, {"privateRouting": True}]
)
def test_the_rule_does_not_apply_to_a_record_without_an_address(changes: dict[str, object]) -> None:
    assert evaluate(RULE, RECORD, changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["type", "content"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, RECORD, {path: UNKNOWN}).outcome is Outcome.UNKNOWN
