"""NET-001: security groups are open to the internet only on ports 80 and 443."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .public_cidr import INGRESS_RULES, SECURITY_GROUPS, Opening, openings

WEB = frozenset({("tcp", (80, 80)), ("tcp", (443, 443)), ("udp", (443, 443))})  # UDP 443 is HTTP/3


def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for opening in openings(resource):
        if not _is_web(opening):
            yield Finding(
                opening.path,
                str(opening),
                "0.0.0.0/0 on 80 or 443 only; your CIDR or a security group elsewhere",
            )


def _is_web(opening: Opening) -> bool:
    return (opening.protocol, opening.ports) in WEB


EXAMPLE = """aws.vpc.SecurityGroupIngressRule(
    "from-balancer",
    security_group_id=tasks.id,
    referenced_security_group_id=balancer.id,
    ip_protocol="tcp",
    from_port=5000,
    to_port=5000,
)"""

RULE = ResourceRule(
    id="NET-001",
    name="public-ingress",
    title="No security group is open to the internet, except on ports 80 and 443.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=(*SECURITY_GROUPS, *INGRESS_RULES),
    check=check,
    remediation="Allow only the source's security group or your CIDR, and use SSM Session Manager instead of SSH.",
    example=EXAMPLE,
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
    read=date(2026, 11, 24),
)
