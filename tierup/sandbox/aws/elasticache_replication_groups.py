"""ElastiCache: replication groups (Redis OSS and Valkey)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Plain,
    Reference,
    Rejection,
    Stage,
    assumed,
    digest,
    located,
    rule,
)

from .elasticache import CREATE, PARAMETER_GROUP, PROVIDER, SUBNET_GROUP, USER_GROUP, name_rule
from .elasticache_cluster_mode import cluster_mode_needs, cluster_mode_steps, is_sharded, mode_of, nodes_of
from .elasticache_engines import PATCHES, engine_of, engine_version, family_of, node_type, version_of
from .elasticache_global import (
    joins,
    member_changes,
    of_primary,
    replicas_per_shard,
    secondary_inputs,
    taken,
)
from .elasticache_security import (
    auth_token,
    encryption,
    token_strategy,
    token_to_users,
    transit_steps,
    user_group_engine,
    user_groups_inputs,
)
from .elasticache_windows import windows
from .network import APPLY, SUBNET, to_security_group, vpc_of_group
from .same_scope import known, output_of
from .sources import sdk

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def _sizes_known(call: Call) -> bool:
    return UNKNOWN not in (call.get(path) for path in ("numCacheClusters", "numNodeGroups", "replicasPerNodeGroup"))


@rule("multi-az-requires-failover-and-two-nodes", Stage.PLAN, source=PROVIDER)
def failover(call: Call) -> Iterator[Rejection]:
    automatic, multi_az = call.get("automaticFailoverEnabled"), call.get("multiAzEnabled")
    if multi_az is True and not automatic and automatic is not UNKNOWN:
        yield Rejection(
            "multiAzEnabled", "multiAzEnabled requires automaticFailoverEnabled", "InvalidParameterCombination"
        )
    if not _sizes_known(call):
        return
    if automatic is True and not is_sharded(call.inputs) and nodes_of(call.inputs) < 2:
        yield Rejection(
            "automaticFailoverEnabled",
            f"automatic failover requires at least two nodes (got numCacheClusters {nodes_of(call.inputs)}).",
            "InvalidParameterCombination",
        )
    secondary = call.get("globalReplicationGroupId") is not None  # it takes the mode of its primary
    off = automatic is False or (automatic is None and call.get("clusterMode") != "compatible" and not secondary)
    if is_sharded(call.inputs) and off:
        yield Rejection(
            "automaticFailoverEnabled",
            "automatic failover must be enabled in cluster mode",
            "InvalidParameterCombination",
        )
    if nodes_of(call.inputs) > 90:
        yield Rejection(
            "numNodeGroups",
            f"too many nodes (got {nodes_of(call.inputs)}). The quota is 90 nodes per cluster.",
            "NodeQuotaForClusterExceeded",
        )


@rule("one-preferred-zone-per-node", Stage.PLAN, source=PROVIDER)
def preferred_zones(call: Call) -> Iterator[Rejection]:
    zones = call.get("preferredCacheClusterAzs")
    if isinstance(zones, list) and _sizes_known(call) and len(zones) != nodes_of(call.inputs):
        yield Rejection(
            "preferredCacheClusterAzs",
            f"the number of zones differs from the number of nodes (got {len(zones)} zones, {nodes_of(call.inputs)}"
            " nodes). Set one zone for each node.",
            "InvalidParameterCombination",
        )


@rule("parameter-group-matches-engine", *APPLY, source=CREATE)
def parameter_family(call: Call) -> Iterator[Rejection]:
    name = call.get("parameterGroupName")
    version = call.get("engineVersion")
    if not name or not version:
        return
    wanted = family_of(engine_of(call.inputs), version)
    found = next(call.nearby(PARAMETER_GROUP, name=name), None)
    family = found.outputs.get("family") if found else re.sub(r"^default\.|\.cluster\.on$", "", name)
    if family != wanted:
        yield Rejection(
            "parameterGroupName",
            f"parameter group {name} is of family {family}. {engine_of(call.inputs)} {version} requires {wanted}.",
            "InvalidParameterCombination",
        )


@rule("security-groups-in-vpc-of-subnet-group", *APPLY, source=CREATE)
def groups_in_vpc(call: Call) -> Iterator[Rejection]:
    group = next(call.nearby(SUBNET_GROUP, name=call.get("subnetGroupName")), None)
    vpc = group.outputs.get("vpcId") if group else None
    for at, value in located(call.inputs, "securityGroupIds[*]"):
        other_vpc = vpc_of_group(call, value)
        if vpc and other_vpc and other_vpc != vpc:
            yield Rejection(
                at, f"{value} belongs to {other_vpc}, the subnet group belongs to {vpc}", "InvalidParameterValue"
            )


@rule("multi-az-requires-two-zones", *APPLY, source=CREATE)
def zones_of_subnets(call: Call) -> Iterator[Rejection]:
    group = next(call.nearby(SUBNET_GROUP, name=call.get("subnetGroupName")), None)
    if not group:
        return
    zones = {output_of(call, SUBNET, subnet, "availabilityZone") for subnet in group.outputs.get("subnetIds") or ()}
    if call.get("multiAzEnabled") and len(zones) < 2:
        yield Rejection(
            "multiAzEnabled",
            f"the subnet group covers {len(zones)} zone. Multi-AZ requires two.",
            "InvalidParameterCombination",
        )
    for at, zone in located(call.inputs, "preferredCacheClusterAzs[*]"):
        if zone not in zones:
            yield Rejection(at, f"the subnet group has no subnet in {zone}", "InvalidParameterValue")


@rule("log-destinations-exist", *APPLY, source=CREATE)
def log_destinations(call: Call) -> Iterator[Rejection]:
    kinds = [value for _, value in located(call.inputs, "logDeliveryConfigurations[*].logType")]
    if len(set(kinds)) != len(kinds):
        yield Rejection(
            "logDeliveryConfigurations",
            f"each log type has only one destination (got {', '.join(kinds)}).",
            "InvalidParameterValue",
        )
    for at, entry in located(call.inputs, "logDeliveryConfigurations[*]"):
        if (
            entry.get("destinationType") == "cloudwatch-logs"
            and next(call.nearby(LOG_GROUP, name=entry.get("destination")), None) is None
        ):
            yield Rejection(
                f"{at}.destination", f"log group '{entry.get('destination')}' does not exist", "InvalidParameterValue"
            )


@rule(
    "log-type-requires-engine-version",
    Stage.PLAN,
    source=assumed(
        "slow logs from Redis OSS 6.0 on, engine logs from 6.2 on; page to check:"
        " https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html"
    ),
)
def log_types(call: Call) -> Iterator[Rejection]:
    version = known(call, "engineVersion")
    if version is None or engine_of(call.inputs) != "redis":
        return
    for at, kind in located(call.inputs, "logDeliveryConfigurations[*].logType"):
        first = {"slow-log": (6, 0), "engine-log": (6, 2)}.get(str(kind))
        if first is not None and version_of(version)[:2] < first:
            yield Rejection(
                at,
                f"{kind} requires Redis OSS {first[0]}.{first[1]} or later (got {version})",
                "InvalidParameterCombination",
            )


def replication_group_replaced(call: Call) -> Iterable[str]:
    """A lower version, a change from valkey to redis, and encryption of old engine versions replace."""
    old = call.old or {}
    before, after = old.get("engineVersion"), call.get("engineVersion")
    same_engine = engine_of(old) == engine_of(call.inputs)
    if engine_of(old) == "valkey" and engine_of(call.inputs) == "redis":
        yield "engine"
    if same_engine and before and after and after is not UNKNOWN and version_of(after) < version_of(before):
        yield "engineVersion"
    old_engine = before is not None and version_of(before) < (7, 0) and engine_of(old) == "redis"
    if old_engine and bool(old.get("transitEncryptionEnabled")) != bool(call.get("transitEncryptionEnabled")):
        yield "transitEncryptionEnabled"
    if [_shard(each) for each in old.get("nodeGroupConfigurations") or ()] != [
        _shard(each) for each in known(call, "nodeGroupConfigurations") or ()
    ]:
        yield "nodeGroupConfigurations"


def _shard(configuration: Plain) -> Plain:
    return {key: value for key, value in dict(configuration).items() if value is not None}


def _suffix(call: Call) -> str:
    # Every host name of an account and region has the same part: "abc123.euw1".
    area, *middle, number = call.region.split("-")
    account = digest(f"{call.account}/{call.region}", 6)
    return f"{account}.{area}{''.join(part[0] for part in middle)}{number}.cache.amazonaws.com"


def _host(role: str) -> Callable[[Call], str]:
    def host(call: Call) -> str:
        name = str(call.get("replicationGroupId")).lower()
        prefix = "master" if role == "primary" else "replica"
        if mode_of(call.inputs) == "enabled":
            return ""
        if call.get("transitEncryptionEnabled"):
            return f"{prefix}.{name}.{_suffix(call)}"
        return f"{name}{'' if role == 'primary' else '-ro'}.{_suffix(call).replace('.', '.ng.0001.', 1)}"

    return host


def _configuration_host(call: Call) -> str:
    name = str(call.get("replicationGroupId")).lower()
    return f"clustercfg.{name}.{_suffix(call)}" if is_sharded(call.inputs) else ""


def _members(call: Call) -> list[str]:
    name = str(call.get("replicationGroupId")).lower()
    if mode_of(call.inputs) != "enabled":
        return [f"{name}-{number:03d}" for number in range(1, nodes_of(call.inputs) + 1)]
    shards, replicas = call.get("numNodeGroups") or 1, call.get("replicasPerNodeGroup") or 0
    return [f"{name}-{shard:04d}-{node:03d}" for shard in range(1, shards + 1) for node in range(1, replicas + 2)]


def _version(call: Call) -> str:
    return call.get("engineVersion") or {"redis": "7.1", "valkey": "8.1"}[engine_of(call.inputs)]


def _actual_version(call: Call) -> str:
    version = _version(call)
    return PATCHES.get(version, version if version.count(".") == 2 else f"{version}.0")


def _parameter_group(call: Call) -> str:
    suffix = ".cluster.on" if is_sharded(call.inputs) else ""
    return f"default.{family_of(engine_of(call.inputs), _version(call))}{suffix}"


def _valkey(call: Call) -> bool:
    return engine_of(call.inputs) == "valkey"


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=REPLICATION_GROUP,
        source=sdk("elasticache/replicationgroup"),
        id=lambda call: str(call.get("replicationGroupId")).lower(),
        outputs={
            "arn": lambda call: f"arn:aws:elasticache:{call.region}:{call.account}:replicationgroup:{call.id}",
            "applyImmediately": False,
            "atRestEncryptionEnabled": of_primary(lambda call: call.get("atRestEncryptionEnabled", _valkey(call))),
            "autoMinorVersionUpgrade": True,
            "automaticFailoverEnabled": False,
            "clusterMode": of_primary(lambda call: mode_of(call.inputs)),
            "dataTieringEnabled": False,
            "durability": "disabled",
            "engine": taken("engine", "redis"),
            "engineVersion": of_primary(_version),
            "globalReplicationGroupId": "",
            "ipDiscovery": "ipv4",
            "maintenanceWindow": "sun:05:00-sun:06:00",
            "multiAzEnabled": False,
            "networkType": "ipv4",
            "nodeGroupConfigurations": [],
            "nodeType": taken("nodeType", ""),
            "numNodeGroups": taken("numNodeGroups", 1),
            "parameterGroupName": of_primary(_parameter_group),
            "port": 6379,
            "securityGroupIds": [],
            "securityGroupNames": [],
            "snapshotRetentionLimit": 0,
            "snapshotWindow": "03:00-04:00",
            "subnetGroupName": "default",
            "transitEncryptionEnabled": taken("transitEncryptionEnabled", False),
            "transitEncryptionMode": of_primary(
                lambda call: "required" if call.get("transitEncryptionEnabled") else ""
            ),
        },
        derived={
            "primaryEndpointAddress": of_primary(_host("primary")),
            "readerEndpointAddress": of_primary(_host("reader")),
            "configurationEndpointAddress": of_primary(_configuration_host),
            "clusterEnabled": of_primary(lambda call: is_sharded(call.inputs)),
            "engineVersionActual": of_primary(_actual_version),
            "memberClusters": of_primary(_members),
            "numCacheClusters": of_primary(lambda call: nodes_of(call.inputs)),
            "replicasPerNodeGroup": of_primary(
                lambda call: (
                    nodes_of(call.inputs) - 1
                    if call.get("replicasPerNodeGroup") is None and not is_sharded(call.inputs)
                    else call.get("replicasPerNodeGroup", 0)
                )
            ),
        },
        replaces=frozenset(
            {
                "replicationGroupId",
                "atRestEncryptionEnabled",
                "kmsKeyId",
                "port",
                "subnetGroupName",
                "networkType",
                "dataTieringEnabled",
                "securityGroupNames",
                "snapshotArns",
                "snapshotName",
                "globalReplicationGroupId",
            }
        ),
        replaces_when=replication_group_replaced,
        replace_source=PROVIDER,
        enums={
            "engine": ("redis", "valkey"),
            "clusterMode": ("enabled", "disabled", "compatible"),
            "durability": ("default", "async", "sync", "disabled"),
            "ipDiscovery": ("ipv4", "ipv6"),
            "networkType": ("ipv4", "ipv6", "dual_stack"),
            "transitEncryptionMode": ("preferred", "required"),
            "authTokenUpdateStrategy": ("SET", "ROTATE", "DELETE"),
            "logDeliveryConfigurations[*].destinationType": ("cloudwatch-logs", "kinesis-firehose"),
            "logDeliveryConfigurations[*].logFormat": ("json", "text"),
            "logDeliveryConfigurations[*].logType": ("slow-log", "engine-log"),
        },
        ranges={
            "numCacheClusters": (1, 6),
            "numNodeGroups": (1, 500),
            "replicasPerNodeGroup": (0, 5),
            "snapshotRetentionLimit": (0, 35),
            "port": (1, 65535),
        },
        conflicts=(
            ("numCacheClusters", "numNodeGroups"),
            ("numCacheClusters", "replicasPerNodeGroup"),
            ("authToken", "userGroupIds"),
            ("authToken", "authTokenWo"),
            ("nodeGroupConfigurations", "preferredCacheClusterAzs"),
        ),
        requires={
            "authTokenWo": ("authTokenWoVersion",),
            "nodeGroupConfigurations": ("numNodeGroups",),
        },
        secrets=frozenset({"authToken"}),
        name=name_rule("replicationGroupId", 40, "ReplicationGroupAlreadyExists", "CreateReplicationGroup"),
        references=(
            Reference(
                path="subnetGroupName",
                to=SUBNET_GROUP,
                by="name",
                external="default",
                code="CacheSubnetGroupNotFoundFault",
                in_use="CacheSubnetGroupInUse",
                source=CREATE,
            ),
            Reference(
                path="parameterGroupName",
                to=PARAMETER_GROUP,
                by="name",
                external=r"default\..*",
                code="CacheParameterGroupNotFound",
                in_use="InvalidCacheParameterGroupState",
                source=CREATE,
            ),
            Reference(
                path="userGroupIds[*]",
                to=USER_GROUP,
                by="userGroupId",
                code="UserGroupNotFound",
                in_use="InvalidUserGroupState",
                source=CREATE,
            ),
            Reference(path="kmsKeyId", to="aws:kms/key:Key", by="arn", code="InvalidKMSKeyFault", source=CREATE),
            Reference(
                path="notificationTopicArn",
                to="aws:sns/topic:Topic",
                by="arn",
                code="InvalidParameterValue",
                holds=False,
                source=CREATE,
            ),
            to_security_group("securityGroupIds[*]", "InvalidParameterValue"),
        ),
        rules=(
            engine_version,
            node_type,
            failover,
            preferred_zones,
            auth_token,
            user_groups_inputs,
            token_strategy,
            token_to_users,
            cluster_mode_steps,
            cluster_mode_needs,
            encryption,
            windows,
            transit_steps,
            parameter_family,
            groups_in_vpc,
            zones_of_subnets,
            user_group_engine,
            log_destinations,
            log_types,
            replicas_per_shard,
            secondary_inputs,
            joins,
            member_changes,
        ),
    ),
)
