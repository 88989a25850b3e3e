"""Application Load Balancers: their listeners, target groups and routes."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.alb.existing_load_balancer import ExistingLoadBalancer, ExistingLoadBalancerArgs
    from components.alb.fixed_response import FixedResponse, FixedResponseArgs
    from components.alb.further_certificate import FurtherCertificate, FurtherCertificateArgs
    from components.alb.listener_rule import RequestMatch
    from components.alb.load_balancer import IngressSource, LoadBalancer, LoadBalancerArgs
    from components.alb.service_route import ServiceRoute, ServiceRouteArgs
    from components.alb.target_group import TargetSettings
    from components.alb.trust_store import TrustStore, TrustStoreArgs

__all__ = [
    "ExistingLoadBalancer",
    "ExistingLoadBalancerArgs",
    "FixedResponse",
    "FixedResponseArgs",
    "FurtherCertificate",
    "FurtherCertificateArgs",
    "IngressSource",
    "LoadBalancer",
    "LoadBalancerArgs",
    "RequestMatch",
    "ServiceRoute",
    "ServiceRouteArgs",
    "TargetSettings",
    "TrustStore",
    "TrustStoreArgs",
]
