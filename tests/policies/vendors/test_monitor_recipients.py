from __future__ import annotations

from policies.rule import Outcome, Stack
from policies.vendors.monitor_recipients import MONITOR, RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

SUBJECT = "datadog-monitor"


def test_monitor_with_a_handle_passes() -> None:
    assert evaluate(RULE, SUBJECT).outcome is Outcome.PASS


def test_monitor_without_a_handle_fails() -> None:
    assert evaluate(RULE, SUBJECT, {"message": "Too many errors."}).outcome is Outcome.FAIL
    assert evaluate(RULE, SUBJECT, {"message": ABSENT}).outcome is Outcome.FAIL


def test_part_of_a_composite_monitor_is_not_applicable() -> None:
    part = resource(MONITOR, {"type": "query alert", "message": "Part of a composite monitor."}, "part")
    composite = resource(MONITOR, {"type": "composite", "message": "Errors @ops@example.com"}, "both")
    assert RULE.evaluate(part, Stack((part, composite))).outcome is Outcome.NOT_APPLICABLE
    assert RULE.evaluate(composite, Stack((part, composite))).outcome is Outcome.PASS


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, SUBJECT, {"message": UNKNOWN}).outcome is Outcome.UNKNOWN
