"""NET-005: no administration or database port is open to a wide range of the internet.

NET-001 evaluates security groups that are open to the whole internet. This rule evaluates smaller but wide ranges (such
as a provider's or a country's), and network ACLs that open such a port explicitly. A network ACL that allows all
traffic, the AWS default, or ephemeral ports (1024 and up), which it must allow, opens no port explicitly: there,
security groups decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .ports import sensitive_ports
from .public_cidr import (
    INGRESS_RULES,
    NETWORK_ACL_RULES,
    NETWORK_ACLS,
    SECURITY_GROUPS,
    Opening,
    is_public,
    is_wide,
    openings,
)

# A wider port range is not an explicit opening: it contains ephemeral ports or all ports.
MAXIMUM_EXPLICIT_PORTS = 1024


def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for opening in openings(resource, is_wide):
        ports = list(sensitive_ports(*opening.ports)) if opening.ports and _is_in_scope(resource, opening) else []
        if ports:
            yield Finding(
                opening.path,
                f"{', '.join(ports)} open to {opening.cidr}",
                "your CIDR or a security group; SSM Session Manager needs no open port",
            )


def _is_in_scope(resource: Resource, opening: Opening) -> bool:
    if resource.type in (*NETWORK_ACLS, *NETWORK_ACL_RULES):
        low, high = opening.ports or (0, 65_535)
        return high - low < MAXIMUM_EXPLICIT_PORTS
    return not is_public(opening.cidr)


RULE = ResourceRule(
    id="NET-005",
    name="administration-ports",
    title="No administration or database port is open to a wide range of the internet.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=(*SECURITY_GROUPS, *INGRESS_RULES, *NETWORK_ACLS, *NETWORK_ACL_RULES),
    check=check,
    remediation="Allow only your CIDR or the source's security group, and use SSM Session Manager to reach machines.",
    example="""aws.vpc.SecurityGroupIngressRule(
    "office",
    security_group_id=bastion.id,
    cidr_ipv4="198.51.100.16/29",
    ip_protocol="tcp",
    from_port=22,
    to_port=22,
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-21",
    read=date(2026, 11, 24),
)
