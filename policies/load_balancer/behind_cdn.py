"""ALB-006: nobody reaches a load balancer past the CloudFront distribution that stands before it.

A security group with CloudFront's addresses is not enough, though right: any customer of CloudFront can lead a
distribution of their own there, without your rate limit and rules. Cloudflare is CF-010's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

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
    block,
    declared,
    items,
)
from ..waf.rules import asks_for_header, web_acls
from .balancers import (
    DISTRIBUTIONS,
    LISTENER_RULES,
    LISTENERS,
    LOAD_BALANCERS,
    require_application,
    require_facing_out,
)


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_facing_out(balancer)
    require_application(balancer, "reads no headers, by which CloudFront could prove itself")
    distribution = next(stack.referring(DISTRIBUTIONS, "origins", balancer, "dnsName"), None)
    if distribution is None:
        raise NotApplicable("no CloudFront distribution of this stack leads to it")
    listeners = list(stack.referring(LISTENERS, "loadBalancerArn", balancer, "arn"))
    shows_certificate = any(
        declared(block(origin, "customOriginConfig"), "originMtlsConfig")
        for _, origin in items(distribution.properties, "origins")
    )
    if listeners and all(_asks(listener, stack, shows_certificate) for listener in listeners):
        return
    acls, elsewhere = web_acls(balancer, stack)
    if any(asks_for_header(acl, stack) for acl in acls):
        return
    if elsewhere or not listeners:
        raise Indeterminate("its listeners or its web ACL are not of this stack, so it cannot be seen whom they refuse")
    yield Finding(
        "listeners, web ACL",
        f"serve whoever calls, not {distribution.name} alone",
        "a rule that refuses requests without the secret header that the distribution sends",
    )


def _asks(listener: Resource, stack: Stack, shows_certificate: bool) -> bool:
    """Whether the listener serves nobody but who shows a certificate, as the distribution may, or a header."""
    if shows_certificate and block(listener.properties, "mutualAuthentication").get("mode") == "verify":
        return True
    if _forwards(listener, "defaultActions"):
        return False
    return all(
        any(declared(condition, "httpHeader") for _, condition in items(rule.properties, "conditions"))
        or not _forwards(rule, "actions")
        for rule in stack.referring(LISTENER_RULES, "listenerArn", listener, "arn")
    )


def _forwards(holder: Resource, key: str) -> bool:
    return any(action.get("type") not in ("redirect", "fixed-response") for _, action in items(holder.properties, key))


RULE = StackRule(
    id="ALB-006",
    name="load-balancer-behind-cdn",
    title="A load balancer behind CloudFront answers your distribution alone, with its rate limit and rules.",
    item=ChecklistItem.RATE_LIMITING,
    pitfall=Pitfall.NO_RATE_LIMITING,
    severity=Severity.HIGH,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Let the distribution send a secret header, and refuse what comes without by a rule of the web ACL.",
    example="""{
    "name": "cdn-only",
    "priority": 0,
    "action": {"block": {}},
    "statement": {
        "not_statement": {
            "statement": {
                "byte_match_statement": {
                    "field_to_match": {"single_header": {"name": "x-origin-key"}},
                    "positional_constraint": "EXACTLY",
                    "search_string": origin_key,
                    "text_transformations": [{"priority": 0, "type": "NONE"}],
                }
            }
        }
    },
    "visibility_config": {...},
}""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html",
    read=date(2026, 11, 24),
    unproven="That the header is the one that the distribution sends, and that its value is changed now and then.",
)
