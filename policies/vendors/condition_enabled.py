"""VEN-002: an alert condition of New Relic is enabled."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity

CONDITION = "newrelic:index/nrqlAlertCondition:NrqlAlertCondition"


def check(condition: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if condition.properties.get("enabled") is False:
        yield Finding("enabled", "false", "true")


RULE = ResourceRule(
    id="VEN-002",
    name="newrelic-condition-enabled",
    title="A New Relic alert condition is enabled.",
    item=ChecklistItem.ERROR_RATE,
    pitfall=Pitfall.NO_MONITORING,
    severity=Severity.MEDIUM,
    applies_to=(CONDITION,),
    check=check,
    remediation="Set enabled to true, or delete the condition.",
    example="""newrelic.NrqlAlertCondition(
    "errors", policy_id=policy.id, name="Errors", enabled=True, nrql={"query": query}, critical=critical
)""",
    source="https://www.pulumi.com/registry/packages/newrelic/api-docs/nrqlalertcondition/",
    read=None,
)
