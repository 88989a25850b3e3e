"""VEN-001: a monitor of Datadog notifies somebody by a handle in its message."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Pitfall, Resource, Severity, Stack, StackRule

MONITOR = "datadog:index/monitor:Monitor"


def check(monitor: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if "@" in str(monitor.properties.get("message") or ""):
        return
    if any(other.properties.get("type") == "composite" for other in stack.of((MONITOR,))):
        raise NotApplicable("a composite monitor of the stack may contain it and notify instead")
    yield Finding("message", "no handle", "a handle such as @ops@example.com or @pagerduty-service")


RULE = StackRule(
    id="VEN-001",
    name="datadog-monitor-recipients",
    title="A Datadog monitor notifies a recipient.",
    item=ChecklistItem.ERROR_RATE,
    pitfall=Pitfall.NO_MONITORING,
    severity=Severity.MEDIUM,
    applies_to=(MONITOR,),
    check=check,
    remediation="Name a recipient in the message, by the handle of a person, a team or an integration.",
    example='datadog.Monitor("errors", name="Errors", type="query alert", query=query, message="@ops@example.com")',
    source="https://docs.datadoghq.com/monitors/notify/",
    read=None,
    unproven="The rule does not see whether the handle exists, and which composite monitor contains a monitor.",
)
