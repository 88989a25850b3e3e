"""AWS PrivateLink from the VPC of a further region to the Atlas nodes in that region.

Creates an interface endpoint, its security group without rules, and the association with Atlas's endpoint service of
the region, which `AtlasPrivateEndpoint` of the first region has created. The project has regionalized private endpoints
(regional_mode.py): the mongos of the region route each operation to the primary, in whichever region it is.
Checklist: private network access to the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.private_endpoint import private_host
from components.atlas.region_names import atlas_region


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasRegionalEndpointArgs:
    """Arguments of AtlasRegionalEndpoint."""

    project_id: Input[str]
    """Id of the cluster's Atlas project, with regionalized private endpoints."""
    cluster_name: Input[str]
    """`AtlasCluster.cluster_name`: the lookup runs once the cluster exists."""
    region: str
    """AWS region of the VPC; the cluster has nodes there."""
    vpc_id: Input[str]
    """Id of the endpoint's VPC."""
    subnet_ids: Input[Sequence[Input[str]]]
    """One subnet per zone. Further zones are added in place."""
    private_link_id: Input[str]
    """Id of Atlas's endpoint service of the region: `AtlasPrivateEndpoint.links`."""
    service_name: Input[str]
    """Name of Atlas's endpoint service of the region in AWS."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""

    def __post_init__(self) -> None:
        atlas_region(self.region)


class AtlasRegionalEndpoint(ComponentResource):
    """A private endpoint of one region. It carries traffic once `host` is available."""

    host: Output[str]
    """Host name of the SRV record that resolves to the endpoint."""
    security_group_id: Output[str]
    """Id of the endpoint's security group. Each client adds an ingress rule for `private_endpoint.PORTS` to it."""

    def __init__(self, name: str, args: AtlasRegionalEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasRegionalEndpoint", name, None, opts)
        child = ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            description="Clients of the database",
            vpc_id=args.vpc_id,
            region=args.region,
            tags={**args.tags, "Name": name},
            opts=child,
        )
        endpoint = aws.ec2.VpcEndpoint(
            f"{name}-endpoint",
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=args.service_name,
            subnet_ids=args.subnet_ids,
            security_group_ids=[group.id],
            region=args.region,
            tags={**args.tags, "Name": f"{name}-endpoint"},
            opts=child,
        )
        service = mongodbatlas.PrivateLinkEndpointService(
            f"{name}-service",
            project_id=args.project_id,
            private_link_id=args.private_link_id,
            provider_name="AWS",
            endpoint_service_id=endpoint.id,
            opts=child,
        )
        self.host = _host(args, service)
        self.security_group_id = group.id
        self.register_outputs({"host": self.host, "security_group_id": self.security_group_id})


def _host(args: AtlasRegionalEndpointArgs, service: mongodbatlas.PrivateLinkEndpointService) -> Output[str]:
    # An invoke waits for its inputs only: the id delays the lookup until the endpoint exists.
    cluster = Output.all(args.cluster_name, service.id).apply(lambda parts: str(parts[0]))
    found = mongodbatlas.get_advanced_cluster_output(project_id=args.project_id, name=cluster)
    return found.connection_strings.apply(
        lambda strings: service.endpoint_service_id.apply(
            lambda endpoint: private_host(strings.private_endpoints, endpoint)
        )
    )
