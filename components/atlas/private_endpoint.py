"""AWS PrivateLink from the VPC to Atlas. Connections open in this direction only.

Creates, for each region of the cluster, Atlas's endpoint service, an interface endpoint in the VPC and the association
of the two. All endpoints share one security group, which has no rules until a client adds one. It does not create the
VPC or the cluster. Traffic through an endpoint needs no entry in the access list.

Atlas returns a private-endpoint connection string only while every region of the cluster has an endpoint. So a cluster
with nodes in further regions depends on this component: a region gets nodes after its endpoint. Without the dependency,
the provider would register the endpoints after the change of the cluster, because it waits until all clusters of the
project are idle (clusterConf in internal/service/privatelinkendpointservice/resource.go, read 2026-11-28). The
endpoints need no cluster. `host` looks the string up after the endpoints and the cluster exist.
Endpoints in the VPC reach other regions by cross-region PrivateLink.
Sources: connection_strings in mongodb/terraform-provider-mongodbatlas, internal/service/advancedcluster/schema.go
(read 2026-11-24); "For multi-region clusters, you must create a private endpoint for each region with a node":
https://www.mongodb.com/docs/atlas/security-manage-private-endpoint/ (read 2026-11-28); the order, and
supported_remote_regions for cross-region PrivateLink: the provider's
examples/mongodbatlas_privatelink_endpoint/aws/cluster-geosharded and cross-region (read 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.connection_string import SCHEME
from components.atlas.region_names import atlas_region

PORTS: Final = (1024, 65535)
"""First and last port of the endpoint. Atlas assigns each node of a cluster one port of this range."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasPrivateEndpointArgs:
    """Arguments of AtlasPrivateEndpoint."""

    project_id: Input[str]
    """Id of the cluster's Atlas project."""
    region: str
    """AWS region of the VPC; the cluster has nodes there."""
    vpc_id: Input[str]
    """Id of the endpoints' VPC."""
    subnet_ids: Input[Sequence[Input[str]]]
    """One subnet per zone. Further zones are added in place."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    other_regions: Sequence[str] = ()
    """All further AWS regions of the cluster."""

    def __post_init__(self) -> None:
        regions = [self.region, *self.other_regions]
        for region in regions:
            atlas_region(region)
            if regions.count(region) > 1:
                raise ValueError(
                    f"other_regions: the region occurs more than once (got {region}). Name each region once; Atlas has "
                    "one endpoint service per region."
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointLink:
    """Atlas's endpoint service of one region."""

    private_link_id: Output[str]
    """Id of the endpoint service in Atlas."""
    service_name: Output[str]
    """Name of the endpoint service in AWS."""


class AtlasPrivateEndpoint(ComponentResource):
    """A private endpoint. It carries traffic once `host` returns a value."""

    security_group_id: Output[str]
    """Id of the endpoints' security group. Each client adds an ingress rule for `PORTS` to it."""
    vpc_endpoint_id: Output[str]
    """Id of the endpoint for the VPC's own region."""
    links: Mapping[str, EndpointLink]
    """Atlas's endpoint services by AWS region, for endpoints of other VPCs (regional_endpoint.py)."""

    def __init__(self, name: str, args: AtlasPrivateEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasPrivateEndpoint", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            description="Clients of the database",
            vpc_id=args.vpc_id,
            tags={**args.tags, "Name": name},
            opts=self._child,
        )
        self._links: dict[str, EndpointLink] = {}
        local = self._endpoint(args.region, name, group)
        remote = [self._endpoint(region, f"{name}-{region}", group) for region in args.other_regions]

        self._services = (local, *remote)
        self.security_group_id = group.id
        self.vpc_endpoint_id = local.endpoint_service_id
        self.links = self._links
        self.register_outputs(
            {
                "security_group_id": self.security_group_id,
                "vpc_endpoint_id": self.vpc_endpoint_id,
            }
        )

    def host(self, cluster_name: Input[str], project_id: Input[str] | None = None) -> Output[str]:
        """Return the host name of the SRV record that resolves to the endpoint.

        Args:
            cluster_name: `AtlasCluster.cluster_name`: the lookup runs once the cluster exists.
            project_id: `AtlasRegionalMode.project_id` if the project has regionalized private endpoints, which change
                the host name.
        """
        project = self._args.project_id if project_id is None else project_id
        # An invoke waits for its inputs only: the ids delay the lookup until every region's endpoint exists.
        cluster = Output.all(cluster_name, *[each.id for each in self._services]).apply(lambda parts: str(parts[0]))
        found = mongodbatlas.get_advanced_cluster_output(project_id=project, name=cluster)
        # Output.all would turn the typed strings into plain dicts.
        return found.connection_strings.apply(
            lambda strings: self.vpc_endpoint_id.apply(
                lambda endpoint: private_host(strings.private_endpoints, endpoint)
            )
        )

    def _endpoint(
        self, region: str, name: str, group: aws.ec2.SecurityGroup
    ) -> mongodbatlas.PrivateLinkEndpointService:
        args, remote = self._args, region != self._args.region
        link = mongodbatlas.PrivateLinkEndpoint(
            f"{name}-link",
            project_id=args.project_id,
            provider_name="AWS",
            region=region,
            supported_remote_regions=[atlas_region(args.region)] if remote else None,
            opts=self._child,
        )
        self._links[region] = EndpointLink(
            private_link_id=link.private_link_id, service_name=link.endpoint_service_name
        )
        endpoint = aws.ec2.VpcEndpoint(
            f"{name}-endpoint",
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=link.endpoint_service_name,
            service_region=region if remote else None,
            subnet_ids=args.subnet_ids,
            security_group_ids=[group.id],
            tags={**args.tags, "Name": f"{name}-endpoint"},
            opts=self._child,
        )
        return mongodbatlas.PrivateLinkEndpointService(
            f"{name}-service",
            project_id=args.project_id,
            private_link_id=link.private_link_id,
            provider_name="AWS",
            endpoint_service_id=endpoint.id,
            opts=self._child,
        )


def private_host(
    strings: Sequence[mongodbatlas.outputs.GetAdvancedClusterConnectionStringsPrivateEndpointResult] | None,
    endpoint_id: str,
) -> str:
    """Return the host name of the endpoint's connection string. Raises LookupError if Atlas returned none."""
    for string in strings or ():
        if any(endpoint.endpoint_id == endpoint_id for endpoint in string.endpoints):
            return string.srv_connection_string.removeprefix(SCHEME)
    raise LookupError(
        f"connection_strings: Atlas returned none for the private endpoint (got endpoint {endpoint_id}). Name every "
        "further region of the cluster in other_regions, or run `up` again once each endpoint is AVAILABLE."
    )
