"""What a load balancer is, and who stands before it."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import NotApplicable, Resource, Stack

LOAD_BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
TARGET_GROUPS = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")
LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
LISTENER_RULES = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
DISTRIBUTIONS = ("aws:cloudfront/distribution:Distribution",)
# A record's target is its `content`; the older type calls it `value` too.
CLOUDFLARE_RECORDS = {
    "cloudflare:index/dnsRecord:DnsRecord": ("content",),
    "cloudflare:index/record:Record": ("content", "value"),
}


def require_application(balancer: Resource, why: str) -> None:
    """Raises NotApplicable with `why` unless it is an application load balancer, which is what AWS makes by default."""
    if balancer.properties.get("loadBalancerType") not in (None, "application"):
        raise NotApplicable(why)


def require_facing_out(balancer: Resource) -> None:
    """Raises NotApplicable for an internal load balancer."""
    if balancer.properties.get("internal"):
        raise NotApplicable("an internal load balancer has no clients from outside")


def cdns_before(balancer: Resource, stack: Stack) -> Iterator[Resource]:
    """The CloudFront distributions and proxied Cloudflare records that lead to the load balancer by its own name."""
    yield from stack.referring(DISTRIBUTIONS, "origins", balancer, "dnsName")
    for type_, keys in CLOUDFLARE_RECORDS.items():
        for key in keys:
            for record in stack.referring((type_,), key, balancer, "dnsName"):
                if record.properties.get("proxied"):
                    yield record
