"""CDN-009: a distribution logs its requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, declared
from .behaviors import DISTRIBUTION, behaviors

SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery"
ACCESS_LOGS = "ACCESS_LOGS"


def check(distribution: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    # Legacy logging. Without a bucket, loggingConfig only sets whether standard logging v2 includes cookies.
    if declared(block(distribution.properties, "loggingConfig"), "bucket"):
        return
    sources = [
        source
        for source in stack.referring((SOURCE,), "resourceArn", distribution, "arn")
        if source.properties.get("logType") == ACCESS_LOGS
    ]
    if any(_delivered(source, stack) for source in sources):
        return
    if all(declared(behavior, "realtimeLogConfigArn") for _, behavior in behaviors(distribution)):
        return
    if sources:
        yield Finding(f"{sources[0].name}: delivery", "missing", "a LogDelivery to a bucket, log group or stream")
    else:
        yield Finding("access logs", "missing", "a LogDeliverySource of the distribution, or loggingConfig.bucket")


def _delivered(source: Resource, stack: Stack) -> bool:
    return any(True for _ in stack.referring((DELIVERY,), "deliverySourceName", source, "name"))


RULE = StackRule(
    id="CDN-009",
    name="cdn-access-logs",
    title="A distribution writes access logs.",
    item=ChecklistItem.LOGGING,
    severity=Severity.MEDIUM,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Add a LogDeliverySource with the distribution's ARN and a LogDelivery, both in us-east-1.",
    example="""source = aws.cloudwatch.LogDeliverySource(
    "site", name="site", log_type="ACCESS_LOGS", resource_arn=distribution.arn, region="us-east-1"
)
aws.cloudwatch.LogDelivery(
    "site",
    delivery_source_name=source.name,
    delivery_destination_arn=destination.arn,
    region="us-east-1",
)""",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_LoggingConfig.html",
    read=date(2026, 11, 24),
)
