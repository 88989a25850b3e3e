"""ALB-006: a load balancer behind CloudFront accepts requests only from its distribution.

A security group with CloudFront's addresses is not enough: any CloudFront customer can point a distribution at the load
balancer and so bypass your rate limit and rules. CF-010 evaluates Cloudflare.
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
from ..waf.rules import requires_header, web_acls
from .balancers import (
    DISTRIBUTIONS,
    LISTENER_RULES,
    LISTENERS,
    LOAD_BALANCERS,
    require_application,
    require_internet_facing,
)


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_internet_facing(balancer)
    require_application(balancer)
    distribution = next(stack.referring(DISTRIBUTIONS, "origins", balancer, "dnsName"), None)
    if distribution is None:
        raise NotApplicable("it is not an origin of a CloudFront distribution of this stack")
    listeners = list(stack.referring(LISTENERS, "loadBalancerArn", balancer, "arn"))
    sends_certificate = any(
        declared(block(origin, "customOriginConfig"), "originMtlsConfig")
        for _, origin in items(distribution.properties, "origins")
    )
    if listeners and all(_requires_proof(listener, stack, sends_certificate) for listener in listeners):
        return
    acls, external = web_acls(balancer, stack)
    if any(requires_header(acl, stack) for acl in acls):
        return
    if external or not listeners:
        raise Indeterminate(
            "its listeners or its web ACL are not in this stack, so the rule cannot see what they block"
        )
    yield Finding(
        "listeners, web ACL",
        f"accept requests that do not come from {distribution.name}",
        "a rule that blocks requests without the distribution's secret header",
    )


def _requires_proof(listener: Resource, stack: Stack, sends_certificate: bool) -> bool:
    """Return whether the listener serves only requests with the distribution's client certificate or a header."""
    if sends_certificate and block(listener.properties, "mutualAuthentication").get("mode") == "verify":
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
    title="A load balancer behind CloudFront accepts requests only from your distribution.",
    item=ChecklistItem.RATE_LIMITING,
    pitfall=Pitfall.NO_RATE_LIMITING,
    severity=Severity.HIGH,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Send a secret header from the distribution, and block requests without it in the web ACL.",
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
    unproven=(
        "The rule does not see whether the header is the one that the distribution sends, nor whether its value is "
        "rotated."
    ),
)
