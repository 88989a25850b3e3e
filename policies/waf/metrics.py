"""WAF-006: a web ACL and each of its rules publish CloudWatch metrics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, shown
from .rules import WEB_ACL, rules_of

METRICS = "cloudwatchMetricsEnabled"


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    enabled = block(acl.properties, "visibilityConfig").get(METRICS)
    if not enabled:
        yield Finding(f"visibilityConfig.{METRICS}", shown(enabled), "true")
    for rule in rules_of(acl, stack):
        enabled = block(rule, "visibilityConfig").get(METRICS)
        # AWS requires the setting in each rule; a separately associated rule group does not have it.
        if enabled is False:
            yield Finding(f"rule {rule.get('name')}: visibilityConfig.{METRICS}", "false", "true")


RULE = StackRule(
    id="WAF-006",
    name="web-acl-metrics",
    title="A web ACL and its rules publish CloudWatch metrics.",
    item=ChecklistItem.REQUEST_RATE,
    severity=Severity.LOW,
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Set cloudwatch_metrics_enabled in the visibility config of the web ACL and of each rule.",
    example="""visibility_config = {
    "cloudwatch_metrics_enabled": True,
    "metric_name": "edge",
    "sampled_requests_enabled": True,
}""",
    source="https://docs.aws.amazon.com/waf/latest/APIReference/API_VisibilityConfig.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether an alarm reads the metrics.",
)
