"""Private connections to a project's clusters: network containers, peering, private endpoints."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from ..behaviour import Behaviour, Call, Plain, Quota, Reference, Rejection, Stage, assumed, digest, documented, rule
from ..cloud import Cloud, CloudResource
from . import api_limits
from .clusters import cluster_regions
from .ids import decode_state_id, object_id, state_id_of
from .project import ATLAS_LIMITS, CLUSTER, of_project, project_id_shape
from .sources import API, ERRORS, FORCE_NEW, MEASURED, provider, sdk

CONTAINER = "mongodbatlas:index/networkContainer:NetworkContainer"
PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
ENDPOINT = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
REGIONAL_MODE = "mongodbatlas:index/privateEndpointRegionalMode:PrivateEndpointRegionalMode"
ENDPOINT_SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
_VPC = "aws:ec2/vpc:Vpc"
_VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"

_CONTAINER = sdk("networkcontainer")
_CONTAINER_CODE = provider("internal/service/networkcontainer/resource_network_container.go")
_PEERING_CODE = provider("internal/service/networkpeering/resource_network_peering.go")
_PRIVATE = tuple(ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_IN_USE = "CONTAINERS_IN_USE"


def _network(text: Plain) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text) if isinstance(text, str) else None
    except ValueError:
        return None


def aws_region(atlas: str) -> str:
    """Return the AWS name of a region: "eu-west-1" for "EU_WEST_1"."""
    return atlas.lower().replace("_", "-")


def atlas_region(aws: str) -> str:
    """Return the Atlas name of a region: "EU_WEST_1" for "eu-west-1"."""
    return aws.upper().replace("-", "_")


# --- containers ---


@rule("container-range-is-private", Stage.PLAN, source=_CONTAINER)
def _range(call: Call) -> Iterator[Rejection]:
    block, kind = call.get("atlasCidrBlock"), call.get("providerName", "AWS")
    if not isinstance(block, str) or kind not in ("AWS", "AZURE", "GCP"):
        return
    network = _network(block)
    widest, narrowest = (18, 24 if call.get("regions") is not None else 18) if kind == "GCP" else (21, 24)
    if network is None:
        yield Rejection(
            "atlasCidrBlock",
            f"the range is invalid (got '{block}'). Allowed is a range like '10.8.0.0/21'.",
            "INVALID_CIDR_BLOCK",
        )
        return
    if not widest <= network.prefixlen <= narrowest:
        yield Rejection(
            "atlasCidrBlock",
            f"the size is not allowed (got '{block}'). Allowed are /{widest} to /{narrowest} for {kind}.",
            "INVALID_CIDR_BLOCK",
        )
    if not any(network.subnet_of(private) for private in _PRIVATE):
        yield Rejection(
            "atlasCidrBlock",
            f"the range is not private (got '{block}'). It must be within {', '.join(map(str, _PRIVATE))}.",
            "INVALID_CIDR_BLOCK",
        )


@rule("container-has-its-region", Stage.PLAN, source=_CONTAINER_CODE)
def _region(call: Call) -> Iterator[Rejection]:
    kind = call.get("providerName", "AWS")
    wanted = {"AWS": "regionName", "AZURE": "region"}.get(str(kind))
    if wanted and wanted not in call.inputs:
        yield Rejection(wanted, f"it is missing. It is required when providerName is {kind}.", "INVALID_ATTRIBUTE")
    name = call.get("regionName")
    if kind == "AWS" and isinstance(name, str) and name != name.upper().replace("-", "_"):
        yield Rejection(
            "regionName",
            f"the region is invalid (got '{name}'). Use Atlas's name '{atlas_region(name)}'.",
            "INVALID_REGION",
        )


def _clusters_in(call: Call, project: Plain, region: Plain) -> list[CloudResource]:
    return [found for found in call.cloud.find(CLUSTER, projectId=project) if region in cluster_regions(found)]


@rule("one-container-per-region", Stage.CREATE, source=_CONTAINER)
def _one_container(call: Call) -> Iterator[Rejection]:
    region, project = call.get("regionName"), call.get("projectId")
    own = _network(call.get("atlasCidrBlock"))
    for other in call.cloud.find(CONTAINER, projectId=project):
        if other.urn == call.urn:
            continue
        if other.outputs.get("regionName") == region:
            yield Rejection(
                "regionName",
                f"the project already has a container in {region}: '{other.name}'.",
                "CONTAINER_ALREADY_EXISTS",
            )
        used = _network(other.inputs.get("atlasCidrBlock"))
        if own and used and own.overlaps(used):
            yield Rejection(
                "atlasCidrBlock", f"{own} overlaps {used} of '{other.name}'.", "OVERLAPPING_ATLAS_CIDR_BLOCK"
            )
    if call.get("providerName", "AWS") == "AWS" and (clusters := _clusters_in(call, project, region)):
        yield Rejection(
            "regionName",
            f"Atlas has created a container in {region} for the cluster '{clusters[0].name}'. Create the container"
            " before the cluster (dependsOn), or import the existing one.",
            "CONTAINER_ALREADY_EXISTS",
        )


@rule("used-container-keeps-its-range", Stage.UPDATE, source=_CONTAINER)
def _range_is_fixed(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    old, new = (call.old or {}).get("atlasCidrBlock"), call.get("atlasCidrBlock")
    users = _users(call, call.this)
    if old != new and users:
        yield Rejection(
            "atlasCidrBlock", f"it cannot be changed from {old} while '{users[0].name}' uses the container.", _IN_USE
        )


@rule("container-is-not-in-use", Stage.DELETE, source=_CONTAINER_CODE)
def _unused(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    for user in _users(call, call.this):
        yield Rejection(
            "",
            f"the container is in use by '{user.name}', and the provider would wait an hour for its deletion. Let"
            f" '{user.name}' depend on the container, so that it is deleted first.",
            _IN_USE,
        )


def _users(call: Call, container: CloudResource) -> list[CloudResource]:
    project = container.inputs.get("projectId")
    peerings = [
        peering
        for peering in call.cloud.find(PEERING, projectId=project)
        if decode_state_id(peering.inputs.get("containerId"), "container_id") == container.outputs.get("containerId")
    ]
    return peerings + _clusters_in(call, project, container.outputs.get("regionName"))


# --- peering ---


def _container(call: Call) -> CloudResource | None:
    return next(call.cloud.find(CONTAINER, containerId=decode_state_id(call.get("containerId"), "container_id")), None)


def _is_of_a_legacy_cluster(call: Call) -> bool:
    """Return whether mongodbatlas.Cluster, which works by its schema alone, has created the container."""
    container = decode_state_id(call.get("containerId"), "container_id")
    clusters = call.cloud.find("mongodbatlas:index/cluster:Cluster", projectId=call.get("projectId"))
    return any(cluster.outputs.get("containerId") == container for cluster in clusters)


@rule("peering-has-its-required-inputs", Stage.PLAN, source=_PEERING_CODE)
def _required_inputs(call: Call) -> Iterator[Rejection]:
    wanted = {
        "AWS": ("accepterRegionName", "awsAccountId", "routeTableCidrBlock", "vpcId"),
        "GCP": ("gcpProjectId", "networkName"),
        "AZURE": ("azureDirectoryId", "azureSubscriptionId", "resourceGroupName", "vnetName"),
    }.get(str(call.get("providerName")), ())
    for path in wanted:
        if path not in call.inputs:
            yield Rejection(
                path,
                f"it is missing. It is required when providerName is {call.get('providerName')}.",
                "INVALID_ATTRIBUTE",
            )
    account = call.get("awsAccountId")
    if isinstance(account, str) and not re.fullmatch(r"\d{12}", account):
        yield Rejection(
            "awsAccountId",
            f"the account id is invalid (got '{account}'). An AWS account id has 12 digits.",
            "INVALID_AWS_ACCOUNT_ID",
        )


@rule("peering-has-its-container", Stage.CREATE, source=ERRORS)
def _has_container(call: Call) -> Iterator[Rejection]:
    container = _container(call)
    if container is None and _is_of_a_legacy_cluster(call):
        return
    if container is None:
        yield Rejection(
            "containerId", f"the container '{call.get('containerId')}' does not exist", "CONTAINER_NOT_FOUND"
        )
        return
    if container.inputs.get("projectId") != call.get("projectId"):
        yield Rejection("containerId", "the container belongs to another project.", "CONTAINER_NOT_FOUND")
    atlas, vpc = _network(container.inputs.get("atlasCidrBlock")), _network(call.get("routeTableCidrBlock"))
    if atlas and vpc and atlas.overlaps(vpc):
        yield Rejection(
            "routeTableCidrBlock",
            f"{vpc} overlaps {atlas}, the range of the Atlas container. Peered networks must not overlap.",
            "OVERLAPPING_ATLAS_CIDR_BLOCK",
        )
    for other in call.cloud.find(PEERING, projectId=call.get("projectId"), vpcId=call.get("vpcId")):
        if other.urn != call.urn and call.get("vpcId"):
            yield Rejection("vpcId", f"'{call.get('vpcId')}' is already peered: '{other.name}'.", "PEER_ALREADY_EXISTS")


@rule(
    "peered-vpc-exists",
    Stage.CREATE,
    source=assumed("Atlas reports a peering to a missing VPC as FAILED, and the provider fails"),
)
def _vpc(call: Call) -> Iterator[Rejection]:
    if call.get("providerName") != "AWS":
        return
    vpc = call.cloud.get(_VPC, call.get("vpcId", ""))
    if vpc is None:
        yield Rejection(
            "vpcId",
            f"peer networking is in a failed state: the VPC '{call.get('vpcId')}' does not exist",
            "PEERING_FAILED",
        )
    elif vpc.region != aws_region(call.get("accepterRegionName")):
        yield Rejection(
            "accepterRegionName",
            f"the region is wrong (got {call.get('accepterRegionName')}). The VPC is in {vpc.region}.",
            "PEERING_FAILED",
        )


def _container_range(call: Call) -> str:
    container = _container(call)
    return str(container.inputs.get("atlasCidrBlock")) if container else ""


# --- private endpoints ---


@rule("endpoint-region-exists", Stage.PLAN, source=API)
def _endpoint_region(call: Call) -> Iterator[Rejection]:
    region = call.get("region")
    if call.get("providerName") != "AWS" or not isinstance(region, str):
        return  # other clouds have names of their own, besides those of Atlas
    if atlas_region(region) not in api_limits.regions("AWS"):
        yield Rejection("region", f"the region is invalid for AWS (got '{region}').", "INVALID_REGION")


@rule("one-endpoint-per-region", Stage.CREATE, source=ERRORS)
def _one_endpoint(call: Call) -> Iterator[Rejection]:
    region = atlas_region(call.get("region", ""))
    for other in call.cloud.find(ENDPOINT, projectId=call.get("projectId")):
        if other.urn != call.urn and other.outputs.get("regionName") == region:
            yield Rejection(
                "region", f"the project already has an endpoint in {region}: '{other.name}'.", "PRIVATE_ENDPOINT_EXISTS"
            )


@rule("connected-endpoint-exists", Stage.CREATE, source=ERRORS)
def _connected(call: Call) -> Iterator[Rejection]:
    link = next(
        call.cloud.find(ENDPOINT, privateLinkId=decode_state_id(call.get("privateLinkId"), "private_link_id")), None
    )
    if link is None:
        yield Rejection(
            "privateLinkId", f"the endpoint '{call.get('privateLinkId')}' does not exist", "PRIVATE_ENDPOINT_NOT_FOUND"
        )
        return
    if call.get("providerName") != "AWS":
        return
    own = call.cloud.get(_VPC_ENDPOINT, call.get("endpointServiceId"))
    if own is None:
        yield Rejection(
            "endpointServiceId",
            f"the VPC endpoint '{call.get('endpointServiceId')}' does not exist",
            "INTERFACE_ENDPOINT_NOT_FOUND",
        )
    elif own.inputs.get("serviceName") != link.outputs.get("endpointServiceName"):
        yield Rejection(
            "endpointServiceId",
            f"'{own.id}' connects to {own.inputs.get('serviceName')}, and this endpoint is"
            f" {link.outputs.get('endpointServiceName')}.",
            "INTERFACE_ENDPOINT_REJECTED",
        )


@rule("endpoint-is-not-connected", Stage.DELETE, source=ERRORS)
def _not_connected(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    for other in call.cloud.find(ENDPOINT_SERVICE, projectId=call.this.inputs.get("projectId")):
        if decode_state_id(other.inputs.get("privateLinkId"), "private_link_id") == call.this.outputs.get(
            "privateLinkId"
        ):
            yield Rejection(
                "", f"the interface endpoint '{other.name}' is connected to it.", "PRIVATE_ENDPOINT_SERVICE_IN_USE"
            )


_REGIONALIZED = documented(
    "https://docs-atlas-staging.mongodb.com/security-private-endpoint/, Regionalized Private Endpoints for Multi-Region"
    " Sharded Clusters",
    read="2026-11-28",
)


@rule("regionalized-project-has-no-replica-set", Stage.CREATE, Stage.UPDATE, source=_REGIONALIZED)
def _no_replica_set(call: Call) -> Iterator[Rejection]:
    if call.get("enabled") is not True:
        return
    for cluster in call.cloud.find(CLUSTER, projectId=call.get("projectId")):
        if cluster.inputs.get("clusterType") == "REPLICASET":
            yield Rejection(
                "enabled",
                f"the project contains the replica set '{cluster.inputs.get('name')}'. Regionalized private endpoints"
                " require sharded clusters only.",
                "REGIONALIZED_PRIVATE_ENDPOINT_REPLICA_SET",
            )


def private_endpoints(cloud: Cloud, cluster: CloudResource) -> list[dict[str, Any]]:
    """Return the cluster's private endpoint connection strings: one, once all its regions have a connected endpoint,
    or one for each endpoint of a project with regionalized private endpoints.

    Source: the docstring of AdvancedCluster's connectionStrings.privateEndpoints.
    """
    mode = next(cloud.find(REGIONAL_MODE, projectId=cluster.inputs.get("projectId"), enabled=True), None)
    if mode is not None:
        return _regionalized(cloud, cluster)
    project = cluster.inputs.get("projectId")
    connected: dict[str, str] = {}
    for service in cloud.find(ENDPOINT_SERVICE, projectId=project):
        link_id = decode_state_id(service.inputs.get("privateLinkId"), "private_link_id")
        for link in cloud.find(ENDPOINT, privateLinkId=link_id):
            connected[str(link.outputs.get("regionName"))] = str(service.inputs.get("endpointServiceId"))
    regions = cluster_regions(cluster)
    if not connected or not regions <= connected.keys():
        return []
    name, _, domain = (
        str(cluster.outputs["connectionStrings"]["standardSrv"]).removeprefix("mongodb+srv://").partition(".")
    )
    host = f"{name}-pl-0.{domain}"
    return [
        {
            "connectionString": f"mongodb://pl-0-{domain}:1024,pl-0-{domain}:1025,pl-0-{domain}:1026/?ssl=true",
            "endpoints": [
                {"endpointId": connected[region], "providerName": "AWS", "region": region} for region in sorted(regions)
            ],
            "srvConnectionString": f"mongodb+srv://{host}",
            "srvShardOptimizedConnectionString": f"mongodb+srv://{name}-pl-0-lb.{domain}",
            "type": "MONGOD" if cluster.inputs.get("clusterType") == "REPLICASET" else "MONGOS",
        }
    ]


def _regionalized(cloud: Cloud, cluster: CloudResource) -> list[dict[str, Any]]:
    name, _, domain = (
        str(cluster.outputs["connectionStrings"]["standardSrv"]).removeprefix("mongodb+srv://").partition(".")
    )
    regions, strings = cluster_regions(cluster), list[dict[str, Any]]()
    for service in cloud.find(ENDPOINT_SERVICE, projectId=cluster.inputs.get("projectId")):
        link_id = decode_state_id(service.inputs.get("privateLinkId"), "private_link_id")
        for link in cloud.find(ENDPOINT, privateLinkId=link_id):
            region = str(link.outputs.get("regionName"))
            if region not in regions:
                continue
            number = digest(str(service.inputs.get("endpointServiceId")), 4)
            strings.append(
                {
                    "connectionString": f"mongodb://pl-{number}-{domain}:1024/?ssl=true",
                    "endpoints": [
                        {
                            "endpointId": str(service.inputs.get("endpointServiceId")),
                            "providerName": "AWS",
                            "region": region,
                        }
                    ],
                    "srvConnectionString": f"mongodb+srv://{name}-pl-{number}.{domain}",
                    "srvShardOptimizedConnectionString": f"mongodb+srv://{name}-pl-{number}-lb.{domain}",
                    "type": "MONGOS",
                }
            )
    return strings


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=REGIONAL_MODE,
        source=sdk("privateendpointregionalmode"),
        id="{projectId}",
        outputs={"enabled": False},
        replaces=frozenset({"projectId"}),
        replace_source=_REGIONALIZED,
        references=(of_project(),),
        rules=(project_id_shape, _no_replica_set),
    ),
    Behaviour(
        type=CONTAINER,
        source=_CONTAINER_CODE,
        id=state_id_of(project_id="projectId", container_id="#"),
        outputs={
            "containerId": object_id,
            "providerName": "AWS",
            "provisioned": False,
            "region": "",
            "regionName": "",
            "regions": (),
            "vpcId": "",
            "vnetName": "",
            "networkName": "",
            "gcpProjectId": "",
            "azureSubscriptionId": "",
        },
        replaces=frozenset({"projectId"}),
        replace_source=_CONTAINER_CODE,
        enums={"providerName": ("AWS", "GCP", "AZURE")},
        references=(of_project(),),
        rules=(project_id_shape, _range, _region, _one_container, _range_is_fixed, _unused),
    ),
    Behaviour(
        type=PEERING,
        source=_PEERING_CODE,
        id=state_id_of(project_id="projectId", peer_id="#", provider_name="providerName"),
        outputs={
            "peerId": object_id,
            "atlasId": object_id,
            "connectionId": lambda call: f"pcx-{call.hex(17)}" if call.get("providerName") == "AWS" else "",
            "atlasCidrBlock": _container_range,
            "statusName": lambda call: "PENDING_ACCEPTANCE" if call.get("providerName") == "AWS" else "",
            "status": lambda call: "" if call.get("providerName") == "AWS" else "AVAILABLE",
            **dict.fromkeys(
                (
                    "accepterRegionName", "atlasGcpProjectId", "atlasVpcName", "awsAccountId", "azureDirectoryId",
                    "azureSubscriptionId", "errorMessage", "errorState", "errorStateName", "gcpProjectId",
                    "networkName", "resourceGroupName", "routeTableCidrBlock", "vnetName", "vpcId",
                ),
                "",
            ),
        },
        replaces=frozenset(
            {
                "projectId", "containerId", "vpcId", "atlasCidrBlock", "azureDirectoryId", "azureSubscriptionId",
                "resourceGroupName", "vnetName", "gcpProjectId", "networkName",
            }
        ),
        replace_source=_PEERING_CODE,
        enums={"providerName": ("AWS", "AZURE", "GCP")},
        references=(of_project(),),
        quotas=(Quota(limit=50, per="projectId", what="peering connections per project", source=ATLAS_LIMITS),),
        rules=(project_id_shape, _required_inputs, _has_container, _vpc),
    ),
    Behaviour(
        type=ENDPOINT,
        source=sdk("privatelinkendpoint"),
        id=state_id_of(project_id="projectId", private_link_id="#", provider_name="providerName", region="region"),
        outputs={
            "privateLinkId": object_id,
            "regionName": lambda call: atlas_region(call.inputs["region"]),
            "endpointServiceName": lambda call: (
                f"com.amazonaws.vpce.{aws_region(call.inputs['region'])}.vpce-svc-{call.hex(17)}"
            ),
            "endpointGroupNames": (),
            "errorMessage": "",
            "interfaceEndpoints": (),
            "privateEndpoints": (),
            "privateLinkServiceName": "",
            "privateLinkServiceResourceId": "",
            "serviceAttachmentNames": (),
            "status": "AVAILABLE",
        },
        replaces=frozenset({"projectId", "providerName", "region", "deleteOnCreateTimeout"}),
        fixed=frozenset({"portMappingEnabled"}),
        replace_source=FORCE_NEW,
        enums={"providerName": ("AWS", "AZURE", "GCP")},
        references=(of_project(),),
        rules=(project_id_shape, _endpoint_region, _one_endpoint, _not_connected),
    ),
    Behaviour(
        type=ENDPOINT_SERVICE,
        source=sdk("privatelinkendpointservice"),
        id=state_id_of(
            project_id="projectId",
            private_link_id="privateLinkId",
            endpoint_service_id="endpointServiceId",
            provider_name="providerName",
        ),
        outputs={
            "awsConnectionStatus": lambda call: "AVAILABLE" if call.get("providerName") == "AWS" else "",
            "azureStatus": "",
            "deleteRequested": False,
            "endpointGroupName": "",
            "endpoints": (),
            "errorMessage": "",
            "gcpEndpointStatus": "",
            "gcpStatus": "",
            "interfaceEndpointId": "{endpointServiceId}",
            "portMappingEnabled": False,
            "privateEndpointConnectionName": "",
            "privateEndpointIpAddress": "",
            "privateEndpointResourceId": "",
        },
        replaces=frozenset(
            {
                "projectId", "privateLinkId", "endpointServiceId", "providerName", "gcpProjectId",
            }
        ),
        create_only=frozenset({"privateEndpointIpAddress"}),
        replace_source=MEASURED,
        enums={"providerName": ("AWS", "AZURE", "GCP")},
        references=(
            of_project(),
            Reference(
                path="endpointServiceId",
                to=_VPC_ENDPOINT,
                external=r"(?!vpce-).*",
                same_region=False,
                holds=False,
                code="INTERFACE_ENDPOINT_NOT_FOUND",
                source=ERRORS,
            ),
        ),
        rules=(project_id_shape, _connected),
    ),
)  # fmt: skip
