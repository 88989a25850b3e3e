"""Networks: a VPC with its subnets, NAT and endpoints, or an existing one."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.vpc.endpoints import EndpointService
    from components.vpc.existing_network import ExistingNetwork, ExistingNetworkArgs
    from components.vpc.nat import NatKind
    from components.vpc.network import Network, NetworkArgs
    from components.vpc.private_subnets import PrivateSubnetsArgs

__all__ = [
    "EndpointService",
    "ExistingNetwork",
    "ExistingNetworkArgs",
    "NatKind",
    "Network",
    "NetworkArgs",
    "PrivateSubnetsArgs",
]
