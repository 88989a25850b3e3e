"""The resource types of load balancers, and their kind."""

from __future__ import annotations

from ..rule import NotApplicable, Resource

LOAD_BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
TARGET_GROUPS = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")
LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
LISTENER_RULES = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
DISTRIBUTIONS = ("aws:cloudfront/distribution:Distribution",)


def require_application(balancer: Resource) -> None:
    """Raise NotApplicable unless it is an Application Load Balancer, which is the default type."""
    if balancer.properties.get("loadBalancerType") not in (None, "application"):
        raise NotApplicable("a network or gateway load balancer does not process HTTP")


def require_internet_facing(balancer: Resource) -> None:
    """Raise NotApplicable for an internal load balancer."""
    if balancer.properties.get("internal"):
        raise NotApplicable("the load balancer is internal")
