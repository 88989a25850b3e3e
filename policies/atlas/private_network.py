"""ATL-015: an application reaches an Atlas cluster over a private network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Indeterminate, Level, Parameters, Resource, Severity, Stack, StackRule
from .clusters import CLUSTERS, of_project, project_in_other_stack, require_dedicated

CONNECTIONS = (
    "mongodbatlas:index/networkPeering:NetworkPeering",
    "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint",
    "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService",
)


def check(cluster: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    if any(True for _ in of_project(cluster, stack, CONNECTIONS)):
        return
    if project_in_other_stack(cluster):
        raise Indeterminate(
            "its Atlas project is not in this stack, so the rule cannot see its peerings and private endpoints"
        )
    yield Finding("peering or private endpoint of the project", "missing", "a NetworkPeering or a PrivateLinkEndpoint")


RULE = StackRule(
    id="ATL-015",
    name="atlas-private-network",
    title="An Atlas cluster's project has a peering or a private endpoint.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    # Advisory: an application outside a VPC can only use public addresses, which ATL-001 restricts.
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add a NetworkPeering with the application's VPC, or a PrivateLinkEndpoint in it.",
    example="""mongodbatlas.NetworkPeering(
    "peering",
    project_id=project.id,
    container_id=container.container_id,
    provider_name="AWS",
    accepter_region_name="eu-west-1",
    aws_account_id=account_id,
    vpc_id=vpc.id,
    route_table_cidr_block=vpc.cidr_block,
)""",
    source="https://www.mongodb.com/docs/atlas/security-vpc-peering/",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the application uses the private connection string.",
)
