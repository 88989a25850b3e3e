"""The private way to Atlas without peering: AWS PrivateLink, from the VPC to the cluster and never back.

Makes: for each region of the cluster Atlas's endpoint service, an interface endpoint in the VPC and the joining of the
two; one security group for all, closed until a client opens it. Not here: the VPC, the cluster, the access list (what
comes through an endpoint needs no entry).

Atlas gives a connection string for endpoints only while each region of the cluster has one. Regions other than the
VPC's are reached by PrivateLink across regions, from the same VPC. It is looked up, not taken from the cluster's
resource, which was read before the endpoint stood.
Source of the first: connection_strings in mongodb/terraform-provider-mongodbatlas,
internal/service/advancedcluster/schema.go (read 2026-11-24). That PrivateLink crosses regions: from memory, to be
checked (https://www.mongodb.com/docs/atlas/security-private-endpoint/).
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
"""First and last port that clients reach through the endpoint: Atlas gives each node of a cluster one of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasPrivateEndpointArgs:
    """Both ends."""

    project_id: Input[str]
    """The Atlas project that the cluster is in."""
    cluster_name: Input[str]
    """`AtlasCluster.cluster_name`: the strings are looked up once the cluster stands."""
    region: str
    """The VPC's, AWS form; the cluster has nodes there."""
    vpc_id: Input[str]
    """The VPC that the endpoint stands in."""
    subnet_ids: Input[Sequence[Input[str]]]
    """One a zone. Zones can be added later in place."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    other_regions: Sequence[str] = ()
    """AWS form: the cluster's further regions, all of them."""

    def __post_init__(self) -> None:
        regions = [self.region, *self.other_regions]
        for region in regions:
            atlas_region(region)
            if regions.count(region) > 1:
                raise ValueError(f"region {region} is given more than once; Atlas has one endpoint service a region")


class AtlasPrivateEndpoint(ComponentResource):
    """A way in that carries traffic once `host` is known."""

    host: Output[str]
    """Host name of the SRV record that resolves to the endpoint."""
    security_group_id: Output[str]
    """Clients add their own ingress rule to it, for `PORTS`."""
    vpc_endpoint_id: Output[str]
    """Of the VPC's own region."""

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
        own = self._join(args.region, name, group)
        others = [self._join(region, f"{name}-{region}", group) for region in args.other_regions]

        self.host = self._host(own.endpoint_service_id, [own, *others])
        self.security_group_id = group.id
        self.vpc_endpoint_id = own.endpoint_service_id
        self.register_outputs(
            {
                "host": self.host,
                "security_group_id": self.security_group_id,
                "vpc_endpoint_id": self.vpc_endpoint_id,
            }
        )

    def _join(self, region: str, name: str, group: aws.ec2.SecurityGroup) -> mongodbatlas.PrivateLinkEndpointService:
        args, remote = self._args, region != self._args.region
        link = mongodbatlas.PrivateLinkEndpoint(
            f"{name}-link",
            project_id=args.project_id,
            provider_name="AWS",
            region=region,
            supported_remote_regions=[atlas_region(args.region)] if remote else None,
            opts=self._child,
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
            f"{name}-joined",
            project_id=args.project_id,
            private_link_id=link.private_link_id,
            provider_name="AWS",
            endpoint_service_id=endpoint.id,
            opts=self._child,
        )

    def _host(self, endpoint_id: Output[str], joined: Sequence[mongodbatlas.PrivateLinkEndpointService]) -> Output[str]:
        args = self._args
        # Through the ids, so that nobody looks before all regions are joined: an invoke waits for its inputs alone.
        cluster = Output.all(args.cluster_name, *[each.id for each in joined]).apply(lambda parts: str(parts[0]))
        found = mongodbatlas.get_advanced_cluster_output(project_id=args.project_id, name=cluster)
        # Not by Output.all: it would make plain dicts of the typed strings.
        return found.connection_strings.apply(
            lambda strings: endpoint_id.apply(lambda endpoint: private_host(strings.private_endpoints, endpoint))
        )


def private_host(
    strings: Sequence[mongodbatlas.outputs.GetAdvancedClusterConnectionStringsPrivateEndpointResult] | None,
    endpoint_id: str,
) -> str:
    """The host name of the string that goes through an endpoint. Raises LookupError where Atlas gives none."""
    for string in strings or ():
        if any(endpoint.endpoint_id == endpoint_id for endpoint in string.endpoints):
            return string.srv_connection_string.removeprefix(SCHEME)
    raise LookupError(
        f"Atlas gives no connection string through {endpoint_id}; it does so once the endpoint is AVAILABLE in each "
        "region where the cluster has nodes: name all of them in other_regions, or run `up` again in some minutes"
    )
