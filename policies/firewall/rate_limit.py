"""WAF-001: a load balancer that faces the world stands behind a web ACL with a rate limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    Unjudged,
    refers,
)
from .rules import WEB_ACL, rules_of, statements, stops

ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if balancer.properties.get("internal"):
        raise NotApplicable("an internal load balancer has no clients from outside")
    if balancer.properties.get("loadBalancerType") not in (None, "application"):
        raise NotApplicable("AWS WAF protects application load balancers only")
    associations = list(stack.referring((ASSOCIATION,), "resourceArn", balancer, "arn"))
    if not associations:
        yield Finding("web ACL association", "missing", "one with a web ACL whose rate-based rule blocks")
        return
    acls = [a for a in stack.of((WEB_ACL,)) if any(refers(x, "webAclArn", a, "arn") for x in associations)]
    if not acls:
        raise Unjudged("its web ACL is not of this stack, so its rules cannot be seen")
    for acl in acls:
        if not any(
            kind == "rateBasedStatement" and stops(rule)
            for rule in rules_of(acl, stack)
            for kind, _ in statements(rule)
        ):
            yield Finding(
                f"web ACL {acl.name}: rules", "no rate-based rule that blocks", "one, for all paths or for /api/"
            )


RULE = StackRule(
    id="WAF-001",
    name="load-balancer-rate-limit",
    title="A load balancer that faces the world limits how often one client may call.",
    item=ChecklistItem.RATE_LIMITING,
    severity=Severity.HIGH,
    applies_to=("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"),
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
