"""MongoDB Atlas: the cluster, the path to it (peering, private endpoint, internet), the access list and the user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.mongodbatlas.clusters import cluster_regions

from .. import sources
from ..conditions import ConditionKind
from ..hop import Hop, World, fails, passes, unknown
from ..memory import Connection, digest
from ..rows import Rows, label, listed, overlaps, within
from . import kms, network, routes, vpc_endpoints

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
USER = "mongodbatlas:index/databaseUser:DatabaseUser"
ACCESS_LIST = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"
PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
CONTAINER = "mongodbatlas:index/networkContainer:NetworkContainer"
ENCRYPTION = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest"
AUTHORIZATION = "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization"
LINK = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
LINK_SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
EIP = "aws:ec2/eip:Eip"

_PORT = 27017
_PRIVATE_PORTS = (1024, 65535)  # of a private endpoint: each node has its own, within this range


def cluster_of(rows: Rows, host: str) -> CloudResource | None:
    """Return the cluster that a connection string's host belongs to."""
    for cluster in rows.all(CLUSTER):
        strings = cluster.value("connectionStrings") or {}
        texts = [str(strings.get(name) or "") for name in ("standard", "standardSrv", "private", "privateSrv")]
        for endpoint in listed(strings.get("privateEndpoints")):
            texts += [str(endpoint.get("connectionString") or ""), str(endpoint.get("srvConnectionString") or "")]
        if any(host in text for text in texts if host):
            return cluster
        base, _, domain = host.partition(".")  # "app-pl-0.6175a.mongodb.net" of "app.6175a.mongodb.net"
        public = str(strings.get("standardSrv") or "").partition("://")[2]
        if domain and public.partition(".")[2] == domain and base.startswith(f"{public.partition('.')[0]}-pl-"):
            return cluster
    return None


def is_private_endpoint(host: str) -> bool:
    """Return whether a host name is that of a private endpoint ("app-pl-0.6175a.mongodb.net")."""
    return "-pl-" in host.partition(".")[0]


def connect(world: World, here: network.Party, connection: Connection, role_arn: str) -> Iterator[Hop]:
    """Yield the hops from tasks, pods or a managed host to the database of a connection string."""
    cluster = cluster_of(world.rows, connection.host)
    if cluster is None:
        reason = f"No cluster has the host {connection.host}."
        yield fails("database", connection.host, "connectionStrings", reason, sources.ATLAS_CLUSTER)
        return
    if cluster.value("paused"):
        yield fails("database", label(cluster), "paused", "The cluster is paused.", sources.ATLAS_CLUSTER)
    project = str(cluster.value("projectId"))
    yield from _encryption(world, cluster, project)
    yield from _elects_primary(world, cluster)
    if not _uses_tls(connection):
        reason = "Atlas requires TLS, and the connection string has none."
        yield fails("database-tls", label(cluster), "connectionStrings", reason, sources.ATLAS_CLUSTER)
    if not here.inside and is_private_endpoint(connection.host):
        reason = "The connection string is that of a private endpoint, which only its VPC reaches."
        yield fails("private-endpoint", label(cluster), "connectionStrings", reason, sources.ATLAS_PRIVATE_ENDPOINT)
    elif not here.inside:
        yield access_list(world, project, list(here.addresses), here.name)
    elif is_private_endpoint(connection.host):
        yield from _private_endpoint(world, here, cluster, project)
    else:
        peering = _peering(world, here, project)
        if peering is not None:
            yield from _through_peering(world, here, peering, project)
        else:
            yield from _through_internet(world, here, project)
    yield user(world, project, cluster, connection, role_arn)
    if world.conditions.holds(ConditionKind.DISK_FULL, cluster.name, str(cluster.value("name"))):
        reason = "The disk of the cluster is full, so it accepts no writes."
        yield fails("database", label(cluster), "diskSizeGb", reason, sources.ATLAS_CLUSTER)
    yield passes("database", label(cluster), "stateName", "The cluster accepts the connection.", sources.ATLAS_CLUSTER)


def _elects_primary(world: World, cluster: CloudResource) -> Iterator[Hop]:
    """Yield a hop if so many regions are down that a shard has no majority of its electable nodes.

    https://www.mongodb.com/docs/manual/core/replica-set-elections/ (from memory)
    """
    for shard in listed(cluster.value("replicationSpecs")):
        nodes = {
            str(each.get("regionName")).lower().replace("_", "-"): int(
                (each.get("electableSpecs") or {}).get("nodeCount") or 0
            )
            for each in listed(shard.get("regionConfigs"))
        }
        lost = sum(count for name, count in nodes.items() if world.conditions.holds(ConditionKind.REGION_DOWN, name))
        if lost and lost * 2 >= sum(nodes.values()):
            reason = f"Of {sum(nodes.values())} electable nodes {lost} are down, so the cluster elects no primary."
            yield fails("database", label(cluster), "replicationSpecs", reason, sources.ATLAS_CLUSTER)
            return


def _uses_tls(connection: Connection) -> bool:
    """Return whether a client uses TLS: by default with mongodb+srv, and not with mongodb."""
    options = {name.lower(): values[-1].lower() for name, values in parse_qs(connection.options).items()}
    stated = options.get("tls", options.get("ssl"))
    return stated == "true" if stated is not None else connection.scheme == "mongodb+srv"


def _encryption(world: World, cluster: CloudResource, project: str) -> Iterator[Hop]:
    """Yield the hop that stops a cluster whose KMS key cannot be used: Atlas then shuts its nodes down."""
    if str(cluster.value("encryptionAtRestProvider") or "NONE") != "AWS":
        return
    for row in world.rows.find(ENCRYPTION, projectId=project):
        config = row.value("awsKmsConfig") or {}
        if config.get("enabled") is False:
            continue
        stopped = kms.usable(world, config.get("customerMasterKeyId"), row)
        # The row is Atlas's and has no AWS account, so a key that is not found is unknown.
        if stopped is not None and stopped.property == "isEnabled":
            yield stopped
            return
        role_arn = _key_role(world.rows, project, config)
        denied = kms.decrypts(world, config.get("customerMasterKeyId"), cluster, role_arn, {}) if role_arn else None
        if denied is not None and denied.property == "policy":
            yield denied


def _key_role(rows: Rows, project: str, config: Mapping[str, Any]) -> str:
    """Return the ARN of the role by which Atlas uses a KMS key, or ""."""
    found = rows.one(AUTHORIZATION, projectId=project, roleId=str(config.get("roleId")))
    return str((found.value("aws") or {}).get("iamAssumedRoleArn") or "") if found is not None else ""


def _vpc_of(rows: Rows, here: network.Party) -> str:
    row = rows.one(network.SUBNET, id=here.subnets[0]) if here.subnets else None
    return str(row.value("vpcId")) if row is not None else ""


def _peering(world: World, here: network.Party, project: str) -> CloudResource | None:
    vpc = _vpc_of(world.rows, here)
    return next((each for each in world.rows.find(PEERING, projectId=project) if each.value("vpcId") == vpc), None)


def _through_peering(world: World, here: network.Party, peering: CloudResource, project: str) -> Iterator[Hop]:
    rows = world.rows
    connection = str(peering.value("connectionId"))
    accepter = rows.one(ACCEPTER, vpcPeeringConnectionId=connection)
    if accepter is None or not accepter.value("autoAccept"):
        reason = "Nothing accepts the peering connection in the VPC."
        yield fails("peering", label(peering), "connectionId", reason, sources.ATLAS_PEERING)
        return
    container = next(
        (
            each
            for each in rows.find(CONTAINER, projectId=project)
            if each.value("containerId") == peering.value("containerId")
        ),
        None,
    )
    cidr = str(container.value("atlasCidrBlock") if container is not None else peering.value("atlasCidrBlock") or "")
    if not cidr:
        yield unknown("peering", label(peering), "atlasCidrBlock", "Atlas's CIDR block is unknown.", sources.PEERING)
        return
    vpc = rows.one(network.VPC, id=_vpc_of(rows, here))
    if vpc is not None and overlaps(str(vpc.value("cidrBlock")), cidr):
        reason = f"Atlas's block {cidr} overlaps the VPC's {vpc.value('cidrBlock')}."
        yield fails("peering", label(peering), "atlasCidrBlock", reason, sources.PEERING)
    for subnet in network.usable_subnets(world, here.subnets):
        found = routes.route(world, subnet, cidr)
        if found is None or found.get("vpcPeeringConnectionId") != connection:
            row = rows.one(network.SUBNET, id=subnet)
            reason = f"The route table of {label(row) if row else subnet} has no route to {cidr} over the peering."
            yield fails("route", label(row) if row else subnet, "routes", reason, sources.PEERING)
    yield passes("peering", label(peering), "connectionId", f"Routes lead to {cidr}.", sources.ATLAS_PEERING)
    outside = network.Party(name="the database", addresses=[cidr])
    yield network.security_group(world, here, outside, _PORT, ingress=False)
    yield access_list(world, project, network.cidr_blocks(rows, here.subnets), "the tasks")


def _through_internet(world: World, here: network.Party, project: str) -> Iterator[Hop]:
    outside = network.Party(name="the database", addresses=["198.51.100.1/32"])
    yield network.security_group(world, here, outside, _PORT, ingress=False)
    yield routes.to_internet(world, here)
    addresses = [f"{each.value('publicIp')}/32" for each in world.rows.all(EIP) if each.value("publicIp")]
    if here.public and not addresses:
        addresses = ["0.0.0.0/0"]  # a task's public address is any of Amazon's
    yield access_list(world, project, addresses, "the tasks")


def access_list(world: World, project: str, addresses: list[str], who: str) -> Hop:
    """Return whether the access list of a project contains all addresses."""
    entries = [each for each in world.rows.find(ACCESS_LIST, projectId=project) if not _has_expired(each)]
    blocks = [str(entry.value("cidrBlock") or entry.value("ipAddress") or "") for entry in entries]
    blocks = [block for block in blocks if block]
    missing = [address for address in addresses if not any(within(address, block) for block in blocks)]
    if missing or not addresses:
        reason = f"The access list has no entry for the address of {who} ({', '.join(missing) or 'unknown'})."
        return fails(
            "access-list", label(entries[0]) if entries else project, "cidrBlock", reason, sources.ATLAS_ACCESS_LIST
        )
    reason = f"The access list contains the addresses of {who}."
    return passes("access-list", label(entries[0]), "cidrBlock", reason, sources.ATLAS_ACCESS_LIST)


def _has_expired(row: CloudResource) -> bool:
    """Return whether Atlas has deleted an entry or a user automatically at its expiry date."""
    text = str(row.value("deleteAfterDate") or "")
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return False
    return (when if when.tzinfo else when.replace(tzinfo=UTC)) <= datetime.now(UTC)


def _private_endpoint(world: World, here: network.Party, cluster: CloudResource, project: str) -> Iterator[Hop]:
    rows = world.rows
    services = list(rows.find(LINK_SERVICE, projectId=project))
    if not services:
        reason = "No interface endpoint is registered with Atlas."
        yield fails("private-endpoint", label(cluster), "endpointServiceId", reason, sources.ATLAS_PRIVATE_ENDPOINT)
        return
    registered = {str(each.value("privateLinkId")) for each in services}
    links = [each for each in rows.find(LINK, projectId=project) if str(each.value("privateLinkId")) in registered]
    for region in sorted(cluster_regions(cluster) - {str(each.value("regionName")) for each in links}):
        reason = f"The cluster has nodes in {region}, where no interface endpoint is registered with Atlas."
        yield fails("private-endpoint", label(cluster), "replicationSpecs", reason, sources.ATLAS_ENDPOINT_REGIONS)
    vpc = _vpc_of(rows, here)
    reached = False
    for service in services:  # each region of a cluster has its own endpoint, and drivers connect to nodes of all
        endpoint = rows.one(network.ENDPOINT, id=str(service.value("endpointServiceId")))
        if endpoint is None:
            reason = "The interface endpoint that is registered with Atlas does not exist."
            yield fails("private-endpoint", label(service), "endpointServiceId", reason, sources.ATLAS_PRIVATE_ENDPOINT)
            return
        if str(endpoint.value("vpcId")) != vpc:
            continue
        reached = True
        wanted = service.value("privateLinkId")
        if not any(each.value("privateLinkId") == wanted for each in rows.find(LINK, projectId=project)):
            reason = "The endpoint service of Atlas does not exist."
            yield fails("private-endpoint", label(service), "privateLinkId", reason, sources.ATLAS_PRIVATE_ENDPOINT)
        yield from vpc_endpoints.endpoint_state(endpoint)
        there = vpc_endpoints.endpoint_party(endpoint)
        for port in _PRIVATE_PORTS:
            yield from network.inside_vpc(world, here, there, port)
        reason = "The tasks reach Atlas through the interface endpoint; no access list applies."
        yield passes("private-endpoint", label(endpoint), "serviceName", reason, sources.ATLAS_PRIVATE_ENDPOINT)
    if not reached:
        reason = "No interface endpoint of the VPC of the tasks is registered with Atlas."
        yield fails("private-endpoint", label(cluster), "endpointServiceId", reason, sources.ATLAS_PRIVATE_ENDPOINT)


def user(world: World, project: str, cluster: CloudResource, connection: Connection, role_arn: str) -> Hop:
    """Return whether Atlas accepts the credentials of a connection string."""
    mechanism = parse_qs(connection.options).get("authMechanism", [""])[0]
    users = list(world.rows.find(USER, projectId=project))
    if mechanism == "MONGODB-AWS":
        found = next(
            (each for each in users if each.value("username") == role_arn and each.value("awsIamType") == "ROLE"), None
        )
        if found is None:
            reason = f"No database user has the role {role_arn.rpartition('/')[2]}."
            return fails("database-user", project, "username", reason, sources.ATLAS_USERS)
    else:
        found = next((each for each in users if each.value("username") == connection.user), None)
        if found is None:
            reason = f"No database user has the name '{connection.user}'."
            return fails("database-user", project, "username", reason, sources.ATLAS_USERS)
        if str(found.value("authDatabaseName") or "admin") != "admin":
            reason = "The database user authenticates in another database than admin, so not by password."
            return fails("database-user", label(found), "authDatabaseName", reason, sources.ATLAS_USERS)
        password = found.value("password")
        if isinstance(password, str) and digest(password) != connection.password_digest:
            reason = "The password in the connection string is not the database user's."
            return fails("database-user", label(found), "password", reason, sources.ATLAS_USERS, memory=True)
    if _has_expired(found):
        reason = "Atlas has deleted the temporary database user."
        return fails("database-user", label(found), "deleteAfterDate", reason, sources.ATLAS_USERS)
    writes = _writes(found, connection.database)
    if writes is not None and not writes:
        reason = (
            f"The roles of the database user do not allow writes in the database '{connection.database or 'test'}'."
        )
        return fails("database-user", label(found), "roles", reason, sources.ATLAS_USERS)
    if writes is None:
        reason = "The database user has a custom role, which the model does not know."
        return unknown("database-user", label(found), "roles", reason, sources.ATLAS_USERS)
    scopes = [str(scope.get("name")) for scope in listed(found.value("scopes"))]
    if scopes and str(cluster.value("name")) not in scopes:
        reason = f"The database user is limited to {', '.join(scopes)}."
        return fails("database-user", label(found), "scopes", reason, sources.ATLAS_USERS)
    return passes("database-user", label(found), "username", "Atlas accepts the credentials.", sources.ATLAS_USERS)


_ADMIN_ROLES = frozenset({"atlasAdmin", "readWriteAnyDatabase"})
_OTHER_ROLES = frozenset(
    {
        "read", "readAnyDatabase", "dbAdmin", "dbAdminAnyDatabase", "clusterMonitor", "backup", "enableSharding",
        "autoCompact", "killOpSession", "manageShardBalancer",
    }
)  # fmt: skip
"""Built-in roles without writes of data: https://www.mongodb.com/docs/atlas/mongodb-users-roles-and-privileges/ (read
2026-11-29)."""


def _writes(user: CloudResource, database: str) -> bool | None:
    """Return whether a user's roles allow writes in a database; None if a custom role decides. No role allows all."""
    roles = listed(user.value("roles"))
    names = {str(role.get("roleName")) for role in roles}
    if not roles or names & _ADMIN_ROLES:
        return True
    if any(
        str(role.get("roleName")) == "readWrite"
        and not role.get("collectionName")
        and str(role.get("databaseName")) in (database or str(role.get("databaseName")),)
        for role in roles
    ):
        return True
    return None if names - _OTHER_ROLES - {"readWrite"} else False
