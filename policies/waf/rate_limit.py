"""WAF-001: an internet-facing load balancer has a web ACL with a rate-based rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..load_balancer.balancers import LOAD_BALANCERS, require_application, require_internet_facing
from ..network.public_cidr import SECURITY_GROUPS, public_openings
from ..network.sources import sources
from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
)
from .rules import blocks, rules_of, statements, web_acls


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_internet_facing(balancer)
    require_application(balancer)
    acls, external = web_acls(balancer, stack)
    if not acls and not external:
        if not _is_public(balancer, stack):
            raise NotApplicable("its security groups allow only specific networks, such as a CDN's")
        yield Finding("web ACL association", "missing", "an association with a web ACL whose rate-based rule blocks")
    for acl in acls:
        if not any(
            kind == "rateBasedStatement" and blocks(rule)
            for rule in rules_of(acl, stack)
            for kind, _ in statements(rule)
        ):
            yield Finding(
                f"web ACL {acl.name}: rules",
                "no blocking rate-based rule",
                "a rate-based rule for all paths or for /api/",
            )
    if external:
        raise Indeterminate("its web ACL is not in this stack, so the rule cannot see the web ACL's rules")


def _is_public(balancer: Resource, stack: Stack) -> bool:
    """Return whether a security group is, or may be, open to the internet. A group outside the stack may be."""
    groups = sources(balancer, "securityGroups", stack, SECURITY_GROUPS)
    all_known = len(groups) >= max(1, len(balancer.properties.get("securityGroups") or ()))
    return not all_known or any(True for _ in public_openings(groups, stack))


RULE = StackRule(
    id="WAF-001",
    name="load-balancer-rate-limit",
    title="An internet-facing load balancer limits the request rate of each client.",
    item=ChecklistItem.RATE_LIMITING,
    pitfall=Pitfall.NO_RATE_LIMITING,
    severity=Severity.HIGH,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Associate a web ACL with a rate-based rule whose action is block.",
    example="""acl = aws.wafv2.WebAcl(
    "edge",
    scope="REGIONAL",
    rules=[
        {
            "name": "rate",
            "priority": 0,
            "action": {"block": {}},
            # 100 requests in 15 minutes, converted to AWS WAF's longest window of 10 minutes
            "statement": {
                "rate_based_statement": {"limit": 66, "evaluation_window_sec": 600, "aggregate_key_type": "IP"}
            },
            "visibility_config": {...},
        },
    ],
    # ...
)
aws.wafv2.WebAclAssociation("edge", resource_arn=balancer.arn, web_acl_arn=acl.arn)""",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html",
    read=date(2026, 11, 24),
)
