"""NET-005: no administration or database port is open to more of the internet than one owner holds.

Security groups that let the whole world in are NET-001's. Here it is the ranges below that (somebody's provider, a
country), and network ACLs that open such a port by name. A network ACL that lets everything in, as AWS makes them, or
the ports of answers (1024 and up), which it has to, names none: security groups decide there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .ports import guarded
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

# A range as broad names no port: 1024 and up for answers, or everything.
MOST_PORTS_NAMED = 1024


def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for opening in openings(resource, is_wide):
        ports = list(guarded(*opening.ports)) if opening.ports and _evaluated_here(resource, opening) else []
        if ports:
            yield Finding(
                opening.path,
                f"{', '.join(ports)} open to {opening.cidr}",
                "your own network, a security group, or nobody: SSM Session Manager needs no port",
            )


def _evaluated_here(resource: Resource, opening: Opening) -> bool:
    if resource.type in (*NETWORK_ACLS, *NETWORK_ACL_RULES):
        low, high = opening.ports or (0, 65_535)
        return high - low < MOST_PORTS_NAMED
    return not is_public(opening.cidr)


RULE = ResourceRule(
    id="NET-005",
    name="administration-ports",
    title="No port for administration or of a database is open to more of the internet than one owner holds.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=(*SECURITY_GROUPS, *INGRESS_RULES, *NETWORK_ACLS, *NETWORK_ACL_RULES),
    check=check,
    remediation="Name your own CIDR or the source's security group; reach machines by SSM Session Manager.",
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
