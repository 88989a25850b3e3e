"""ALB-003: the rules of an HTTP listener only redirect to HTTPS."""

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
    block,
    items,
    shown,
)
from .balancers import LISTENER_RULES, LISTENERS


def check(listener: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if listener.properties.get("protocol") not in (None, "HTTP"):
        raise NotApplicable("the listener does not use HTTP")
    for rule in stack.referring(LISTENER_RULES, "listenerArn", listener, "arn"):
        for path, action in items(rule.properties, "actions"):
            kind = action.get("type")
            target = block(action, "redirect").get("protocol")
            if kind != "redirect":
                yield Finding(f"{rule.name}: {path}.type", shown(kind), '"redirect" to HTTPS')
            elif target != "HTTPS":
                yield Finding(f"{rule.name}: {path}.redirect.protocol", shown(target), '"HTTPS"')


RULE = StackRule(
    id="ALB-003",
    name="load-balancer-http-rules-redirect",
    title="An HTTP listener's rules only redirect to HTTPS.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.CRITICAL,
    applies_to=LISTENERS,
    check=check,
    remediation="Move the rule to the HTTPS listener.",
    example="""aws.lb.ListenerRule(
    "api",
    listener_arn=https_listener.arn,
    conditions=[{"path_pattern": {"values": ["/api/*"]}}],
    actions=[{"type": "forward", "target_group_arn": api.arn}],
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-1",
    read=date(2026, 11, 24),
)
