"""ALB-001: an HTTP listener only redirects to HTTPS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    block,
    items,
    shown,
)
from .balancers import LISTENERS

ENCRYPTED = frozenset({"HTTPS", "TLS"})


def check(listener: Resource, _parameters: Parameters) -> Iterator[Finding]:
    protocol = listener.properties.get("protocol")
    if protocol in ENCRYPTED:
        return
    if protocol is None and listener.properties.get("port") is None:
        raise NotApplicable("the listener belongs to a Gateway Load Balancer")
    # A listener with a port and no protocol uses HTTP, the provider's default for Application Load Balancers.
    if protocol not in (None, "HTTP"):
        raise NotApplicable(f"a {protocol} listener does not terminate TLS")
    for path, action in items(listener.properties, "defaultActions"):
        kind = action.get("type")
        if kind != "redirect":
            yield Finding(f"{path}.type", shown(kind), '"redirect" to HTTPS')
            continue
        # By default, the redirect keeps the request's protocol (#{protocol}), which causes an endless loop.
        target = block(action, "redirect").get("protocol")
        if target != "HTTPS":
            yield Finding(f"{path}.redirect.protocol", shown(target), '"HTTPS"')


RULE = ResourceRule(
    id="ALB-001",
    name="load-balancer-https-only",
    title="A load balancer's HTTP listener only redirects to HTTPS.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.CRITICAL,
    applies_to=LISTENERS,
    check=check,
    remediation="Redirect from the HTTP listener to HTTPS, and forward from a listener with a certificate.",
    example="""aws.lb.Listener(
    "http",
    load_balancer_arn=balancer.arn,
    port=80,
    protocol="HTTP",
    default_actions=[{"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}],
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-1",
    read=date(2026, 11, 24),
)
