"""NET-003: a VPC has a flow log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, shown
from .sources import SUBNETS

FLOW_LOGS = ("aws:ec2/flowLog:FlowLog",)


def check(vpc: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    subnets = list(stack.referring(SUBNETS, "vpcId", vpc, "id"))
    if subnets and all(any(stack.referring(FLOW_LOGS, "subnetId", subnet, "id")) for subnet in subnets):
        return
    logs = list(stack.referring(FLOW_LOGS, "vpcId", vpc, "id"))
    if not logs:
        yield Finding("flow log", "missing", "a flow log with traffic type ALL or REJECT")
        return
    kinds = [log.properties.get("trafficType") for log in logs]
    if not any(kind in ("ALL", "REJECT") for kind in kinds):
        yield Finding(f"flow log {logs[0].name}: trafficType", shown(kinds[0]), '"ALL" or "REJECT"')


RULE = StackRule(
    id="NET-003",
    name="vpc-flow-logs",
    title="A VPC has a flow log.",
    item=ChecklistItem.LOGGING,
    severity=Severity.MEDIUM,
    applies_to=("aws:ec2/vpc:Vpc",),
    check=check,
    remediation="Add a VPC flow log that writes to a log group or bucket with a retention period.",
    example="""aws.ec2.FlowLog(
    "network",
    vpc_id=vpc.id,
    traffic_type="ALL",
    log_destination=log_group.arn,
    iam_role_arn=role.arn,
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-6",
    read=date(2026, 11, 24),
    unproven="The rule does not see the retention of the log, nor whether the role may write to it.",
)
