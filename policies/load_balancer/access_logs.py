"""ALB-007: an Application Load Balancer writes access logs to a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, declared, shown
from .balancers import LOAD_BALANCERS, require_application


def check(balancer: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_application(balancer)
    logs = block(balancer.properties, "accessLogs")
    # A bucket alone does not enable the logs.
    if not logs.get("enabled"):
        yield Finding("accessLogs.enabled", shown(logs.get("enabled")), "true")
    if not declared(logs, "bucket") or logs.get("bucket") == "":
        yield Finding("accessLogs.bucket", "not set", "a bucket whose policy lets load balancers write")


RULE = ResourceRule(
    id="ALB-007",
    name="load-balancer-access-logs",
    title="A load balancer writes access logs.",
    item=ChecklistItem.LOGGING,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Set access_logs with enabled true and a bucket that lets the log delivery service write.",
    example="""aws.lb.LoadBalancer(
    "api",
    access_logs={"bucket": logs.bucket, "enabled": True},
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-5",
    read=date(2026, 11, 24),
    unproven="The rule does not see how long the bucket keeps the logs, nor whether anyone can search them.",
)
