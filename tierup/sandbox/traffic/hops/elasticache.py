"""ElastiCache: the endpoint, its security group, encryption in transit, and the token or user."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import Source
from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, World, fails, passes, unknown
from ..memory import Connection, digest
from ..rows import Rows, label, listed
from . import kms, network

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup"
USER_GROUP = "aws:elasticache/userGroup:UserGroup"
USER = "aws:elasticache/user:User"
_ENDPOINTS = ("primaryEndpointAddress", "configurationEndpointAddress", "readerEndpointAddress")


def group_of(rows: Rows, host: str) -> CloudResource | None:
    """Return the replication group that has an endpoint with this host name."""
    return next(
        (each for each in rows.all(REPLICATION_GROUP) if host and host in [each.value(name) for name in _ENDPOINTS]),
        None,
    )


def party(rows: Rows, group: CloudResource) -> network.Party:
    """Return the nodes of a replication group as one end of a connection."""
    subnets = rows.one(SUBNET_GROUP, name=str(group.value("subnetGroupName")))
    return network.Party(
        name="the cache",
        subnets=[str(each) for each in listed(subnets.value("subnetIds"))] if subnets is not None else (),
        groups=[str(each) for each in listed(group.value("securityGroupIds"))],
    )


def connect(world: World, here: network.Party, connection: Connection) -> Iterator[Hop]:
    """Yield the hops from tasks to the cache of a connection string."""
    group = group_of(world.rows, connection.host)
    if group is None:
        reason = f"No cache has the endpoint {connection.host}."
        yield fails("cache", connection.host, "primaryEndpointAddress", reason, sources.CACHE_ACCESS)
        return
    subnets = str(group.value("subnetGroupName") or "")
    if group.urn and subnets and world.rows.one(SUBNET_GROUP, name=subnets) is None:
        reason = f"The subnet group {subnets} of the cache does not exist."
        yield fails("cache", label(group), "subnetGroupName", reason, sources.CACHE_ACCESS)
    port = int(group.value("port") or 6379)
    if connection.port not in (0, port):
        reason = f"The cache listens on port {port}, and the connection string has {connection.port}."
        yield fails("cache", label(group), "port", reason, sources.CACHE_ACCESS)
    yield from network.inside_vpc(world, here, party(world.rows, group), port)
    stopped = kms.usable(world, group.value("kmsKeyId"), group)
    if stopped is not None:
        yield stopped
    yield encryption(group, connection)
    yield credentials(world, group, connection)
    yield passes("cache", label(group), "status", "The cache accepts the connection.", sources.CACHE_ACCESS)


def encryption(group: CloudResource, connection: Connection) -> Hop:
    """Return whether client and cache agree on encryption in transit."""
    encrypted = bool(group.value("transitEncryptionEnabled"))
    preferred = str(group.value("transitEncryptionMode") or "required") == "preferred"
    if encrypted and connection.scheme == "redis" and not preferred:
        reason = "The cache requires encryption in transit, and the connection string has none (redis://)."
        return fails("cache-tls", label(group), "transitEncryptionMode", reason, sources.CACHE_TLS)
    if not encrypted and connection.scheme == "rediss":
        reason = "The cache has no encryption in transit, and the connection string requires it (rediss://)."
        return fails("cache-tls", label(group), "transitEncryptionEnabled", reason, sources.CACHE_TLS)
    return passes(
        "cache-tls", label(group), "transitEncryptionMode", "Both ends agree on encryption.", sources.CACHE_TLS
    )


def credentials(world: World, group: CloudResource, connection: Connection) -> Hop:
    """Return whether the cache accepts the token, or the user and password, of a connection string."""
    groups = [str(each) for each in listed(group.value("userGroupIds"))]
    if not groups:
        token = group.value("authToken")
        if not token:
            reason = "The cache requires no authentication."
            return passes("cache-auth", label(group), "authToken", reason, sources.CACHE_AUTH)
        accepted = (digest(str(token)), world.memory.old_tokens.get(group.id))
        if connection.user not in ("", "default") or connection.password_digest not in accepted:
            return _refused(label(group), "authToken", "The cache does not accept the token.", sources.CACHE_AUTH)
        return passes("cache-auth", label(group), "authToken", "The cache accepts the token.", sources.CACHE_AUTH)
    user_ids = [
        str(user)
        for each in groups
        for row in world.rows.find(USER_GROUP, userGroupId=each)
        for user in listed(row.value("userIds"))
    ]
    wanted = connection.user or "default"
    for user_id in user_ids:
        user = world.rows.one(USER, userId=user_id)
        if user is None or user.value("userName") != wanted:
            continue
        if not is_on(str(user.value("accessString") or "on")):
            return _refused(label(user), "accessString", f"User '{wanted}' is off.", sources.CACHE_USERS)
        if accepts(user, connection.password_digest):
            allowed = commands(str(user.value("accessString") or "on ~* +@all"))
            if allowed is False:
                reason = f"The access string of user '{wanted}' allows no commands, or no keys."
                return _refused(label(user), "accessString", reason, sources.CACHE_USERS)
            if allowed is None:
                reason = f"The access string of user '{wanted}' is limited to some commands or keys."
                return unknown("cache-auth", label(user), "accessString", reason, sources.CACHE_USERS)
            reason = f"The cache accepts user '{wanted}'."
            return passes("cache-auth", label(user), "passwords", reason, sources.CACHE_USERS)
        reason = f"The cache does not accept the password of user '{wanted}'."
        return _refused(label(user), "passwords", reason, sources.CACHE_USERS)
    reason = f"No user group of the cache has a user '{wanted}'."
    return _refused(label(group), "userGroupIds", reason, sources.CACHE_USERS)


def is_on(access: str) -> bool:
    """Return whether an access string makes a user active: its last `on` or `off` decides, and without one it is off.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (read 2026-11-28)
    """
    return [rule for rule in ("off", *access.split()) if rule in ("on", "off")][-1] == "on"


def commands(access: str) -> bool | None:
    """Return whether an access string allows all ordinary commands on all keys; None if it allows some of them.

    The rules apply from left to right:
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (read 2026-11-28).
    """
    keys = commands = False
    some_keys = some_commands = False
    for rule in access.split():
        if rule in ("~*", "allkeys", "%RW~*"):
            keys = True
        elif rule == "resetkeys":
            keys = some_keys = False
        elif rule.startswith(("~", "%")):
            some_keys = True
        elif rule in ("+@all", "allcommands"):
            commands = True
        elif rule in ("-@all", "nocommands"):
            commands = some_commands = False
        elif rule.startswith("-@") and rule[2:] in _ORDINARY:
            commands, some_commands = False, True
        elif rule.startswith("+"):
            some_commands = True
    if keys and commands:
        return True
    return None if (keys or some_keys) and (commands or some_commands) else False


_ORDINARY = frozenset({"read", "write", "keyspace", "string", "hash", "list", "set", "sortedset", "connection", "fast"})
"""Categories of commands that an application uses."""


def accepts(user: CloudResource, password_digest: str) -> bool:
    """Return whether one of a user's passwords has this digest, or it needs none."""
    mode = user.value("authenticationMode") or {}
    if user.value("noPasswordRequired") or mode.get("type") == "no-password-required":
        return True
    passwords = [*listed(user.value("passwords")), *listed(mode.get("passwords"))]
    return any(digest(str(each)) == password_digest for each in passwords)


def _refused(resource: str, property: str, reason: str, source: Source) -> Hop:
    return fails(
        "cache-auth", resource, property, f"{reason} Tasks keep the secret that they started with.", source, memory=True
    )
