"""WAF-001: a load balancer that faces the world stands behind a web ACL with a rate limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..load_balancer.balancers import LOAD_BALANCERS, require_application, require_facing_out
from ..network.public_cidr import SECURITY_GROUPS, ways_in
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
from .rules import rules_of, statements, stops, web_acls


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_facing_out(balancer)
    require_application(balancer, "AWS WAF protects application load balancers only")
    acls, unseen = web_acls(balancer, stack)
    if not acls and not unseen:
        if not _open_to_world(balancer, stack):
            raise NotApplicable("its security groups let in named networks alone, such as a CDN's")
        yield Finding("web ACL association", "missing", "one with a web ACL whose rate-based rule blocks")
    for acl in acls:
        if not any(
            kind == "rateBasedStatement" and stops(rule)
            for rule in rules_of(acl, stack)
            for kind, _ in statements(rule)
        ):
            yield Finding(
                f"web ACL {acl.name}: rules", "no rate-based rule that blocks", "one, for all paths or for /api/"
            )
    if unseen:
        raise Indeterminate("its web ACL is not of this stack, so its rules cannot be seen")


def _open_to_world(balancer: Resource, stack: Stack) -> bool:
    """Groups that cannot be seen may let in anybody."""
    groups = sources(balancer, "securityGroups", stack, SECURITY_GROUPS)
    all_seen = len(groups) >= max(1, len(balancer.properties.get("securityGroups") or ()))
    return not all_seen or any(True for _ in ways_in(groups, stack))


RULE = StackRule(
    id="WAF-001",
    name="load-balancer-rate-limit",
    title="A load balancer that faces the world limits how often one client may call.",
    item=ChecklistItem.RATE_LIMITING,
    pitfall=Pitfall.NO_RATE_LIMITING,
    severity=Severity.HIGH,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Associate a web ACL whose rules hold a rate-based statement with action block.",
    example="""acl = aws.wafv2.WebAcl(
    "edge",
    scope="REGIONAL",
    rules=[
        {
            "name": "rate",
            "priority": 0,
            "action": {"block": {}},
            # 100 requests in 15 minutes, in AWS WAF's longest window of ten
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
