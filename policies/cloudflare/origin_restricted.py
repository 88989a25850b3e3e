"""CF-010: a load balancer behind Cloudflare answers Cloudflare alone.

Its name is no secret: certificates are published, and so are old DNS answers. Whoever finds it gets past every rule at
the edge, unless it lets in Cloudflare's addresses only, asks for Cloudflare's client certificate, or for a secret
header. Buckets are S3-006's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ..network.public_cidr import INGRESS_RULES, SECURITY_GROUPS, Opening, openings
from ..network.sources import sources
from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    declared,
    items,
)
from .records import CLOUDFLARES, OTHER_CDNS, balancers, content, leads_to_files
from .zones import RECORDS

LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
LISTENER_RULES = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
SERVES = ("forward", "authenticate-oidc", "authenticate-cognito")


def check(record: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not record.properties.get("proxied"):
        raise NotApplicable("the record does not go through Cloudflare")
    found = balancers(record, stack)
    if not found:
        if leads_to_files(record, stack) or content(record).endswith((*CLOUDFLARES, *OTHER_CDNS)):
            raise NotApplicable("it leads to no server of yours")
        raise Indeterminate("what it leads to is not of this stack")
    for balancer in found:
        yield from _past_cloudflare(balancer, stack)


def _past_cloudflare(balancer: Resource, stack: Stack) -> Iterator[Finding]:
    groups = sources(balancer, "securityGroups", stack, SECURITY_GROUPS)
    if not groups:
        raise Indeterminate(f"the security groups of {balancer.name} are not of this stack")
    if next(_ways_in(groups, stack), None) is None:
        return
    listeners = list(stack.referring(LISTENERS, "loadBalancerArn", balancer, "arn"))
    if not listeners:
        raise Indeterminate(f"the listeners of {balancer.name} are not of this stack")
    for listener in listeners:
        if _guarded(listener, stack):
            continue
        port = listener.properties.get("port")
        way = next((way for way in _ways_in(groups, stack) if _leads_to(port, way[1])), None)
        if way is not None:
            yield Finding(
                f"content ({balancer.name}), {listener.name}",
                f"the world reaches it past Cloudflare: {way[0].name} opens {way[1]}",
                "ingress from Cloudflare's ranges, mutual TLS, or a header that only Cloudflare knows",
            )


def _ways_in(groups: Iterable[Resource], stack: Stack) -> Iterator[tuple[Resource, Opening]]:
    """What lets the world in: a security group or a rule of one, and where it does."""
    for group in groups:
        for holder in (group, *stack.referring(INGRESS_RULES, "securityGroupId", group, "id")):
            for opening in openings(holder):
                yield holder, opening


def _leads_to(port: float | None, way: Opening) -> bool:
    """Whether a way into the load balancer ends at the port of a listener; one without a port may have any."""
    return port is None or way.ports is None or way.ports[0] <= port <= way.ports[1]


def _guarded(listener: Resource, stack: Stack) -> bool:
    if block(listener.properties, "mutualAuthentication").get("mode") == "verify":
        return True
    if any(action.get("type") in SERVES for _, action in items(listener.properties, "defaultActions")):
        return False
    return all(
        not any(action.get("type") in SERVES for _, action in items(rule.properties, "actions"))
        or any(declared(condition, "httpHeader") for _, condition in items(rule.properties, "conditions"))
        for rule in stack.referring(LISTENER_RULES, "listenerArn", listener, "arn")
    )


RULE = StackRule(
    id="CF-010",
    name="cloudflare-origin-restricted",
    title="A load balancer behind Cloudflare answers Cloudflare alone.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=RECORDS,
    check=check,
    remediation="Let in Cloudflare's ranges only, or turn on authenticated origin pulls and verify them (mutual TLS).",
    example="""for number, cidr in enumerate(cloudflare.get_ip_ranges().ipv4_cidrs):
    aws.vpc.SecurityGroupIngressRule(
        f"from-cloudflare-{number}",
        security_group_id=balancer_group.id,
        cidr_ipv4=cidr,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
    )""",
    source="https://developers.cloudflare.com/fundamentals/security/protect-your-origin-server/",
    read=date(2026, 11, 24),
    unproven="That requests from Cloudflare's ranges are yours: its other customers come from there too.",
)
