"""Regionalized private endpoints of an Atlas project: a connection string for each region, through its own mongos.

Without this setting a multi-region cluster has one connection string, which needs an endpoint to each region from one
network. With it, each region has its own string, and a region may have endpoints from several VPCs. The project must
contain no replica set, and *the connection strings of existing sharded clusters change*, which may interrupt an
application until its tasks have the new string.
Source: https://docs-atlas-staging.mongodb.com/security-private-endpoint/ ("Regionalized Private Endpoints for
Multi-Region Sharded Clusters", read 2026-11-28).
Checklist: private network access to the database.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasRegionalModeArgs:
    """Arguments of AtlasRegionalMode."""

    project_id: Input[str]
    """Id of the Atlas project, which has sharded clusters only."""


class AtlasRegionalMode(ComponentResource):
    """The setting that enables regionalized private endpoints of one project."""

    project_id: Output[str]
    """Id of the project, available once the setting is enabled. The lookup of host names depends on it."""

    def __init__(self, name: str, args: AtlasRegionalModeArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasRegionalMode", name, None, opts)
        mode = mongodbatlas.PrivateEndpointRegionalMode(
            f"{name}-mode", project_id=args.project_id, enabled=True, opts=ResourceOptions(parent=self)
        )
        self.project_id = mode.project_id
        self.register_outputs({"project_id": self.project_id})
