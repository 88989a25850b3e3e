"""WAF-005: a web ACL has logging enabled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, items
from .rules import LOGGING, WEB_ACL


def check(acl: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    configurations = list(stack.referring((LOGGING,), "resourceArn", acl, "arn"))
    if not configurations:
        yield Finding("logging configuration", "missing", "a logging configuration with a log group, bucket or stream")
    for configuration in configurations:
        filter_ = block(configuration.properties, "loggingFilter")
        keeps = any(part.get("behavior") == "KEEP" for _, part in items(filter_, "filters"))
        if filter_.get("defaultBehavior") == "DROP" and not keeps:
            yield Finding(
                f"{configuration.name}: loggingFilter",
                "drops all requests",
                "a filter that keeps blocked and counted requests",
            )


RULE = StackRule(
    id="WAF-005",
    name="web-acl-logs",
    title="A web ACL logs the requests that it blocks.",
    item=ChecklistItem.LOGGING,
    severity=Severity.MEDIUM,
    applies_to=(WEB_ACL,),
    check=check,
    remediation="Add a logging configuration with a log group whose name starts with aws-waf-logs-.",
    example="""aws.wafv2.WebAclLoggingConfiguration(
    "edge",
    resource_arn=acl.arn,
    log_destination_configs=[log_group.arn],
    redacted_fields=[{"single_header": {"name": name}} for name in ("authorization", "cookie")],
)""",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/logging.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see the retention of the logs.",
)
