"""What a load balancer is made of, and of which kind it is."""

from __future__ import annotations

from ..rule import NotApplicable, Resource

LOAD_BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
TARGET_GROUPS = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")
LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
LISTENER_RULES = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
DISTRIBUTIONS = ("aws:cloudfront/distribution:Distribution",)


def require_application(balancer: Resource, why: str) -> None:
    """Raises NotApplicable with `why` unless it is an application load balancer, which is what AWS makes by default."""
    if balancer.properties.get("loadBalancerType") not in (None, "application"):
        raise NotApplicable(why)


def require_facing_out(balancer: Resource) -> None:
    """Raises NotApplicable for an internal load balancer."""
    if balancer.properties.get("internal"):
        raise NotApplicable("an internal load balancer has no clients from outside")
