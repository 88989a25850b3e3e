"""WAF-008: a web ACL's logs redact the clients' credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..network.sources import sources
from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, items
from .rules import LOGGING, WEB_ACL

CREDENTIALS = ("authorization", "cookie")


def check(configuration: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    hidden = set(_redacted(configuration.properties))
    for acl in sources(configuration, "resourceArn", stack, (WEB_ACL,), "arn"):
        hidden.update(_protected(acl.properties))
    for header in CREDENTIALS:
        if header not in hidden:
            yield Finding("redactedFields", f'"{header}" is not redacted', f'the header "{header}"')


def _redacted(properties: Mapping[str, Any]) -> Iterator[str]:
    for _, field in items(properties, "redactedFields"):
        if name := block(field, "singleHeader").get("name"):
            yield name.lower()


def _protected(properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield the headers that the web ACL's data protection covers; without keys it covers all headers."""
    for _, protection in items(block(properties, "dataProtectionConfig"), "dataProtections"):
        field = block(protection, "field")
        if field.get("fieldType") == "SINGLE_HEADER":
            yield from (name.lower() for _, name in items(field, "fieldKeys"))
            if not field.get("fieldKeys"):
                yield from CREDENTIALS


RULE = StackRule(
    id="WAF-008",
    name="web-acl-logs-redacted",
    title="A web ACL's logs redact headers with tokens and session cookies.",
    item=ChecklistItem.SECRETS,
    severity=Severity.HIGH,
    applies_to=(LOGGING,),
    check=check,
    remediation="Redact the single headers authorization and cookie in the logging configuration.",
    example="""aws.wafv2.WebAclLoggingConfiguration(
    "edge",
    resource_arn=acl.arn,
    log_destination_configs=[log_group.arn],
    redacted_fields=[{"single_header": {"name": name}} for name in ("authorization", "cookie")],
)""",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/logging.html",
    read=date(2026, 11, 24),
    unproven=(
        "The rule does not see sampled requests, which contain the headers unless the web ACL's data protection covers "
        "them, nor custom headers such as an API key."
    ),
)
