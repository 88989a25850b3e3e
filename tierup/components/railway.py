"""Railway: services, their deployments and domains."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.railway.deployment import RailwayDeployment, RailwayDeploymentArgs
    from components.railway.domain import RailwayDomain, RailwayDomainArgs
    from components.railway.service import RailwayService, RailwayServiceArgs

__all__ = [
    "RailwayDeployment",
    "RailwayDeploymentArgs",
    "RailwayDomain",
    "RailwayDomainArgs",
    "RailwayService",
    "RailwayServiceArgs",
]
