"""NET-004: the default security group of a VPC has no rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .public_cidr import DEFAULT_SECURITY_GROUP, EGRESS_RULES, INGRESS_RULES

RULES = (*INGRESS_RULES, *EGRESS_RULES)
# Removes every rule that it does not list.
EXCLUSIVE = ("aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive",)


def check(vpc: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    groups = list(stack.referring((DEFAULT_SECURITY_GROUP,), "vpcId", vpc, "id"))
    exclusive = list(stack.referring(EXCLUSIVE, "securityGroupId", vpc, "defaultSecurityGroupId"))
    if not groups and not exclusive:
        yield Finding("default security group", "the AWS default rules", "no rules")
    for holders, keys in ((groups, ("ingress", "egress")), (exclusive, ("ingressRuleIds", "egressRuleIds"))):
        for holder in holders:
            for key in keys:
                if count := len(holder.properties.get(key) or ()):
                    yield Finding(f"{holder.name}: {key}", f"{count} given", "none")
    for rule in (
        *stack.referring(RULES, "securityGroupId", vpc, "defaultSecurityGroupId"),
        *(rule for group in groups for rule in stack.referring(RULES, "securityGroupId", group, "id")),
    ):
        yield Finding(f"{rule.name}: securityGroupId", "the VPC's default security group", "another security group")


RULE = StackRule(
    id="NET-004",
    name="vpc-default-group-closed",
    title="A VPC's default security group has no rules.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    applies_to=("aws:ec2/vpc:Vpc",),
    check=check,
    remediation=(
        "Adopt the group as aws.ec2.DefaultSecurityGroup without rules, and give each service its own security group."
    ),
    example="""aws.ec2.DefaultSecurityGroup("closed", vpc_id=vpc.id)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2",
    read=date(2026, 11, 24),
)
