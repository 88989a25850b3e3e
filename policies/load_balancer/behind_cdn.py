"""ALB-006: nobody reaches a load balancer past the CDN that stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..firewall.rules import asks_for_header, web_acls
from ..network.sources import sources
from ..network.world import SECURITY_GROUPS, ways_in
from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    Unjudged,
    items,
)
from .balancers import LISTENER_RULES, LISTENERS, LOAD_BALANCERS, cdns_before, require_application, require_facing_out


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_facing_out(balancer)
    require_application(balancer, "a CDN cannot prove itself to it by a header")
    cdns = list(cdns_before(balancer, stack))
    if not cdns:
        raise NotApplicable("no CDN of this stack leads to it")
    groups = sources(balancer, "securityGroups", stack, SECURITY_GROUPS)
    ways = list(ways_in(groups, stack))
    all_seen = len(groups) >= max(1, len(balancer.properties.get("securityGroups") or ()))
    if (all_seen and not ways) or _listeners_ask(balancer, stack):
        return
    acls, elsewhere = web_acls(balancer, stack)
    if any(asks_for_header(acl, stack) for acl in acls):
        return
    if elsewhere:
        raise Unjudged("its web ACL is not of this stack, so it cannot be seen whether it asks for the CDN's header")
    for path, opening in ways:
        yield Finding(
            f"securityGroups {path}",
            f"{opening} goes past {cdns[0].name}",
            "the CDN's addresses alone, or a rule that asks for the CDN's secret header",
        )
    if not all_seen:
        raise Unjudged("not all its security groups are of this stack")


def _listeners_ask(balancer: Resource, stack: Stack) -> bool:
    """Whether no listener forwards without asking for a header: only rules with such a condition do."""
    listeners = list(stack.referring(LISTENERS, "loadBalancerArn", balancer, "arn"))
    for listener in listeners:
        if _forwards(listener, "defaultActions"):
            return False
        for rule in stack.referring(LISTENER_RULES, "listenerArn", listener, "arn"):
            asks = any(condition.get("httpHeader") for _, condition in items(rule.properties, "conditions"))
            if _forwards(rule, "actions") and not asks:
                return False
    return bool(listeners)


def _forwards(holder: Resource, key: str) -> bool:
    return any(action.get("type") == "forward" for _, action in items(holder.properties, key))


RULE = StackRule(
    id="ALB-006",
    name="load-balancer-behind-cdn",
    title="Clients reach a load balancer through its CDN, never past it and its rate limit and rules.",
    item=ChecklistItem.RATE_LIMITING,
    pitfall=Pitfall.NO_RATE_LIMITING,
    severity=Severity.HIGH,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Let the CDN send a secret header and refuse what comes without; let in the CDN's addresses alone.",
    example="""aws.vpc.SecurityGroupIngressRule(
    "from-cloudfront",
    security_group_id=balancer_group.id,
    prefix_list_id=aws.ec2.get_managed_prefix_list(name="com.amazonaws.global.cloudfront.origin-facing").id,
    ip_protocol="tcp",
    from_port=443,
    to_port=443,
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html",
    read=date(2026, 11, 24),
    unproven="By addresses alone, another customer of the same CDN comes through; a secret header tells them apart.",
)
