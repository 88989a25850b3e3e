"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from policies.vendors.condition_enabled import CONDITION
from policies.vendors.issue_alert_actions import ALERT
from policies.vendors.monitor_recipients import MONITOR
from tests.policies.violations import Violation

VIOLATIONS: Mapping[str, Violation] = {
    "VEN-001": Violation(MONITOR, {"message": "Too many errors."}),
    "VEN-002": Violation(CONDITION, {"enabled": False}),
    "VEN-003": Violation(ALERT, {"actions": []}),
}
