"""CF-010: a load balancer behind Cloudflare accepts requests from Cloudflare only.

Its name is not secret: certificates are published, and so are old DNS answers. A client that finds it bypasses every
rule at the edge, unless the load balancer allows only Cloudflare's addresses, verifies Cloudflare's client certificate,
or requires a secret header. S3-006 covers buckets.
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
from .records import CLOUDFLARE_HOSTS, OTHER_CDNS, balancers, content, leads_to_files
from .zones import RECORDS

LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
LISTENER_RULES = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
SERVES = ("forward", "authenticate-oidc", "authenticate-cognito")


def check(record: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not record.properties.get("proxied"):
        raise NotApplicable("the record is not proxied by Cloudflare")
    found = balancers(record, stack)
    if not found:
        if leads_to_files(record, stack) or content(record).endswith((*CLOUDFLARE_HOSTS, *OTHER_CDNS)):
            raise NotApplicable("it does not lead to a server of this account")
        raise Indeterminate("its target is not in this stack")
    for balancer in found:
        yield from _bypasses(balancer, stack)


def _bypasses(balancer: Resource, stack: Stack) -> Iterator[Finding]:
    groups = sources(balancer, "securityGroups", stack, SECURITY_GROUPS)
    if not groups:
        raise Indeterminate(f"the security groups of {balancer.name} are not in this stack")
    if next(_openings(groups, stack), None) is None:
        return
    listeners = list(stack.referring(LISTENERS, "loadBalancerArn", balancer, "arn"))
    if not listeners:
        raise Indeterminate(f"the listeners of {balancer.name} are not in this stack")
    for listener in listeners:
        if _restricted(listener, stack):
            continue
        port = listener.properties.get("port")
        way = next((way for way in _openings(groups, stack) if _leads_to(port, way[1])), None)
        if way is not None:
            yield Finding(
                f"content ({balancer.name}), {listener.name}",
                f"it can be reached without Cloudflare: {way[0].name} opens {way[1]}",
                "ingress from Cloudflare's ranges only, mutual TLS, or a header that only Cloudflare knows",
            )


def _openings(groups: Iterable[Resource], stack: Stack) -> Iterator[tuple[Resource, Opening]]:
    """Yield the security groups and their rules that allow public ingress, each with the opening."""
    for group in groups:
        for holder in (group, *stack.referring(INGRESS_RULES, "securityGroupId", group, "id")):
            for opening in openings(holder):
                yield holder, opening


def _leads_to(port: float | None, way: Opening) -> bool:
    """Return whether an opening includes the port of a listener; a listener without a port may use any."""
    return port is None or way.ports is None or way.ports[0] <= port <= way.ports[1]


def _restricted(listener: Resource, stack: Stack) -> bool:
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
    title="A load balancer behind Cloudflare accepts requests from Cloudflare only.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=RECORDS,
    check=check,
    remediation="Allow only Cloudflare's ranges, or enable authenticated origin pulls and verify them (mutual TLS).",
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
    unproven="The rule does not see requests of Cloudflare's other customers, who share its address ranges.",
)
