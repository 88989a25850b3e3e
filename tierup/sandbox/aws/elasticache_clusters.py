"""ElastiCache: clusters of Memcached, and of Redis OSS with a single node."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Plain, Reference, Rejection, Stage, documented, rule

from .elasticache import PARAMETER_GROUP, SUBNET_GROUP, name_rule
from .elasticache_engines import node_type
from .elasticache_windows import windows
from .network import to_security_group
from .same_scope import known
from .sources import api, created_only, sdk

CLUSTER = "aws:elasticache/cluster:Cluster"
_REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
_SOURCE = documented(
    "AWS API model of elasticache (botocore 1.44), CreateCacheClusterMessage: Engine, NumCacheNodes, AZMode,"
    " ReplicationGroupId; github.com/pulumi/pulumi-aws/issues/4771",
    read="2026-11-28",
)
_REDIS_ONLY = (
    *("replicationGroupId", "snapshotArns", "snapshotName", "snapshotRetentionLimit", "snapshotWindow"),
    "finalSnapshotIdentifier",
)
_MEMCACHED_ONLY = ("azMode", "preferredAvailabilityZones")


@rule("cache-cluster-inputs-match-engine", Stage.PLAN, source=_SOURCE)
def inputs_match_engine(call: Call) -> Iterator[Rejection]:
    engine = known(call, "engine")
    if call.get("engine") is None and call.get("replicationGroupId") is None:
        yield Rejection("engine", "engine is required without replicationGroupId", "InvalidParameterCombination")
    nodes = known(call, "numCacheNodes")
    if engine == "redis" and nodes is not None and int(nodes) != 1:
        yield Rejection(
            "numCacheNodes",
            f"a Redis OSS cluster has exactly one node (got {nodes}). Use a ReplicationGroup for replicas.",
            "InvalidParameterCombination",
        )
    if engine == "memcached" and nodes is not None and not 1 <= int(nodes) <= 40:
        yield Rejection(
            "numCacheNodes", f"invalid number of nodes (got {nodes}). Allowed are 1 to 40.", "InvalidParameterValue"
        )
    others = {"redis": _MEMCACHED_ONLY, "memcached": _REDIS_ONLY}.get(str(engine), ())
    for path in others:
        if call.get(path) not in (None, UNKNOWN, []):
            yield Rejection(path, f"{path} is not supported for engine {engine}", "InvalidParameterCombination")
    zones = known(call, "preferredAvailabilityZones")
    if engine == "memcached" and nodes is not None and isinstance(zones, list) and len(zones) != int(nodes):
        yield Rejection(
            "preferredAvailabilityZones",
            f"the number of zones must equal numCacheNodes (got {len(zones)}, {nodes:g}). Repeat a zone if needed.",
            "InvalidParameterCombination",
        )
    if known(call, "azMode") == "cross-az" and nodes is not None and int(nodes) < 2:
        yield Rejection("azMode", "cross-az requires at least two nodes", "InvalidParameterCombination")


@rule("cache-cluster-node-type", Stage.PLAN, source=_SOURCE)
def cluster_node_type(call: Call) -> Iterator[Rejection]:
    if call.get("replicationGroupId") is None:
        yield from node_type.check(call)


def _nodes(call: Call) -> list[Plain]:
    count = int(call.get("numCacheNodes") or 1)
    return [
        {
            "id": f"{number:04}",
            "address": f"{call.get('clusterId')}.{call.hex(6, 'host')}.{number:04}.{call.region}.cache.amazonaws.com",
            "port": _port(call),
            "availabilityZone": f"{call.region}a",
            "outpostArn": "",
        }
        for number in range(1, count + 1)
    ]


def _port(call: Call) -> int:
    return int(call.get("port") or (11_211 if call.get("engine") == "memcached" else 6_379))


def _address(call: Call) -> str | None:
    return f"{call.get('clusterId')}.{call.hex(6, 'host')}.cfg.{call.region}.cache.amazonaws.com"


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=CLUSTER,
        source=sdk("elasticache/cluster"),
        id="{clusterId}",
        outputs={
            "arn": "arn:aws:elasticache:{region}:{account}:cluster:{clusterId}",
            "numCacheNodes": 1,
            "port": _port,
            "cacheNodes": _nodes,
            "clusterAddress": _address,
            "configurationEndpoint": lambda call: f"{_address(call)}:{_port(call)}",
            "engineVersionActual": "{engineVersion|7.1.0}",
            "availabilityZone": "{region}a",
        },
        replaces=frozenset(
            {"clusterId", "engine", "networkType", "port", "replicationGroupId", "snapshotArns", "snapshotName",
             "subnetGroupName", "availabilityZone", "transitEncryptionEnabled"}
        ),
        replace_source=created_only("AWS::ElastiCache::CacheCluster"),
        enums={"engine": ("memcached", "redis"), "azMode": ("single-az", "cross-az")},
        name=name_rule("clusterId", 50, "CacheClusterAlreadyExists", "CreateCacheCluster"),
        references=(
            Reference(
                path="subnetGroupName",
                to=SUBNET_GROUP,
                by="name",
                external="default",
                code="CacheSubnetGroupNotFoundFault",
                in_use="CacheSubnetGroupInUse",
                source=api("elasticache", "CreateCacheCluster"),
            ),
            Reference(
                path="parameterGroupName",
                to=PARAMETER_GROUP,
                by="name",
                external=r"default\..+",
                code="CacheParameterGroupNotFound",
                in_use="InvalidCacheParameterGroupState",
                source=api("elasticache", "CreateCacheCluster"),
            ),
            Reference(
                path="replicationGroupId",
                to=_REPLICATION_GROUP,
                by="replicationGroupId",
                code="ReplicationGroupNotFoundFault",
                source=api("elasticache", "CreateCacheCluster"),
            ),
            to_security_group("securityGroupIds[*]"),
        ),
        rules=(inputs_match_engine, cluster_node_type, windows),
    ),
)  # fmt: skip
