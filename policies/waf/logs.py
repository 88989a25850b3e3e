"""WAF-005: what a web ACL decides is logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, items
from .rules import LOGGING, WEB_ACL


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    configurations = list(stack.referring((LOGGING,), "resourceArn", acl, "arn"))
    if not configurations:
        yield Finding("logging configuration", "missing", "one that writes to a log group, bucket or stream")
    for configuration in configurations:
        wanted = block(configuration.properties, "loggingFilter")
        keeps = any(part.get("behavior") == "KEEP" for _, part in items(wanted, "filters"))
        if wanted.get("defaultBehavior") == "DROP" and not keeps:
            yield Finding(f"{configuration.name}: loggingFilter", "drops all", "what is blocked and counted is kept")


RULE = StackRule(
    id="WAF-005",
    name="web-acl-logs",
    title="A web ACL logs what it blocks and why, so that a wrong rule and an attack can be told apart.",
    item=ChecklistItem.LOGGING,
    severity=Severity.MEDIUM,
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Add a logging configuration to a log group whose name starts with aws-waf-logs-.",
    example="""aws.wafv2.WebAclLoggingConfiguration(
    "edge",
    resource_arn=acl.arn,
    log_destination_configs=[log_group.arn],
    redacted_fields=[{"single_header": {"name": name}} for name in ("authorization", "cookie")],
)""",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/logging.html",
    read=date(2026, 11, 24),
    unproven="How long the logs are kept.",
)
