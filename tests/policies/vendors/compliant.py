"""A monitor, a condition and an alert of monitoring vendors, of the compliant program.

They are registered by their tokens, because the import of Datadog's SDK takes seconds.
"""

from __future__ import annotations

from typing import Any

import pulumi

from policies.vendors.condition_enabled import CONDITION
from policies.vendors.issue_alert_actions import ALERT
from policies.vendors.monitor_recipients import MONITOR


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    resources: dict[str, tuple[str, dict[str, Any]]] = {
        "datadog-monitor": (MONITOR, {"type": "query alert", "message": "Too many errors. @ops@example.com"}),
        "newrelic-condition": (CONDITION, {"name": "Errors", "enabled": True}),
        "sentry-alert": (ALERT, {"name": "New issues", "actions": [{"id": "sentry.mail.actions.NotifyEmailAction"}]}),
    }
    for name, (type, inputs) in resources.items():
        pulumi.CustomResource(type, name, inputs)
