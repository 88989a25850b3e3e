"""Stacks of MongoDB Atlas. The sources of the decisions are those of the rules that the rows name."""

# ruff: noqa: E501 - a resource stays on one line

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .stack import Step

ORG = "5f00000000000000000000aa"
OTHER = "5f0000000000000000000009"
PROJECT: Step = ("project", "mongodbatlas:Project", {"name": "p", "orgId": ORG})
_IN_PROJECT = {"projectId": "$project"}


def config(
    size: str = "M30", nodes: int = 3, priority: int = 7, region: str = "EU_WEST_1", cloud: str = "AWS", **more: Any
) -> dict[str, Any]:
    specs = {"instanceSize": size, "nodeCount": nodes}
    return {"priority": priority, "providerName": cloud, "regionName": region, "electableSpecs": specs, **more}


FREE = {
    "priority": 7, "providerName": "TENANT", "backingProviderName": "AWS", "regionName": "EU_WEST_1",
    "electableSpecs": {"instanceSize": "M0"},
}  # fmt: skip


def cluster(*configs: Mapping[str, Any], name: str = "c", kind: str = "REPLICASET", **more: Any) -> Step:
    specs = [{"regionConfigs": list(configs) or [config()]}]
    inputs = {**_IN_PROJECT, "name": name, "clusterType": kind, "replicationSpecs": specs, **more}
    return (name, "mongodbatlas:AdvancedCluster", inputs)


def _in_project(type: str, resource: str = "last", /, **inputs: Any) -> Step:
    return (resource, f"mongodbatlas:{type}", {**_IN_PROJECT, **inputs})


def _role(name: str, **inputs: Any) -> Step:
    actions = [{"action": "FIND", "resources": [{"databaseName": "d", "collectionName": "c"}]}]
    return _in_project("CustomDbRole", name, roleName=name, **(inputs or {"actions": actions}))


def _user(**inputs: Any) -> Step:
    return _in_project(
        "DatabaseUser", "user", username="u", password="p" * 10, authDatabaseName="admin",
        **({"roles": [{"roleName": "read", "databaseName": "d"}]} | inputs),
    )  # fmt: skip


_FLEX = {"backingProviderName": "AWS", "regionName": "EU_WEST_1"}
_SEARCH = [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 2}]
_DAILY = {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7}
_ARCHIVE: dict[str, Any] = {
    "dbName": "d",
    "collName": "c",
    "criteria": {"type": "DATE", "dateField": "a", "expireAfterDays": 30},
}
_STREAMS = _in_project(
    "StreamInstance", "streams", instanceName="s",
    dataProcessRegion={"cloudProvider": "AWS", "region": "VIRGINIA_USA"},
)  # fmt: skip
_COPY = {"cloudProvider": "AWS", "zoneId": "$c.replicationSpecs[0].zoneId", "frequencies": ["DAILY"]}
_ELSEWHERE = config(nodes=1, priority=6, region="EU_CENTRAL_1")

WRONG: Mapping[str, tuple[str, tuple[Step, ...]]] = {
    "region that AWS does not have": ("region is invalid", (PROJECT, cluster(config(region="EU_WEST_9")))),
    "region of another cloud": ("region is invalid for AWS", (PROJECT, cluster(config(region="WESTERN_EUROPE")))),
    "size of another cloud": ("size is not allowed", (PROJECT, cluster(config("M90")))),
    "one region twice": ("two of them are in EU_WEST_1", (PROJECT, cluster(config(nodes=2), config(nodes=1, priority=6)))),
    "two sizes in a shard": ("same instanceSize", (PROJECT, cluster(config("M40", 2), _ELSEWHERE))),
    "two autoscaling settings": (
        "autoScaling must be the same",
        (
            PROJECT,
            cluster(config(nodes=2, autoScaling={"diskGbEnabled": True}), {**_ELSEWHERE, "autoScaling": {"diskGbEnabled": False}}),
        ),
    ),
    "free cluster without a cloud": (
        "TENANT requires it", (PROJECT, cluster({key: FREE[key] for key in FREE if key != "backingProviderName"})),
    ),
    "second free cluster": ("already has a free cluster", (PROJECT, cluster(FREE, name="a"), cluster(FREE, name="b"))),
    "51 tags": ("too many tags", (PROJECT, cluster(tags={f"k{n}": "v" for n in range(51)}))),
    "oplog retention without disk autoscaling": (
        "disk autoscaling cannot be disabled",
        (
            PROJECT,
            cluster(config(autoScaling={"diskGbEnabled": False}), advancedConfiguration={"oplogMinRetentionHours": 48}),
        ),
    ),
    "role that inherits a missing one": (
        "role does not exist", (PROJECT, _role("r", inheritedRoles=[{"roleName": "ghost", "databaseName": "admin"}])),
    ),
    "role with an unknown action": (
        "not allowed", (PROJECT, _role("r", actions=[{"action": "FLY", "resources": [{"cluster": True}]}])),
    ),
    "role named as a built-in one": ("built-in role", (PROJECT, _role("readWrite"))),
    "flex cluster in a missing project": (
        "does not exist", (("last", "mongodbatlas:FlexCluster", {"projectId": OTHER, "name": "f", "providerSettings": _FLEX}),),
    ),
    "flex cluster named as a cluster": (
        "a cluster named 'c' exists", (PROJECT, cluster(), ("last", "mongodbatlas:FlexCluster", {**_IN_PROJECT, "name": "c", "providerSettings": _FLEX})),
    ),
    "search nodes of a missing cluster": (
        "does not exist", (PROJECT, _in_project("SearchDeployment", clusterName="c", specs=_SEARCH)),
    ),
    "search nodes of a free cluster": (
        "no dedicated cluster", (PROJECT, cluster(FREE), _in_project("SearchDeployment", clusterName="c", specs=_SEARCH)),
    ),
    "archive that expires before it is archived": (
        "must be above", (PROJECT, cluster(), _in_project("OnlineArchive", clusterName="c", **_ARCHIVE, dataExpirationRule={"expireAfterDays": 20})),
    ),
    "snapshot of a cluster without backup": (
        "backupEnabled: false", (PROJECT, cluster(), _in_project("CloudBackupSnapshot", clusterName="c", description="d", retentionInDays=1)),
    ),
    "automatic export without a bucket": (
        "autoExportEnabled requires it",
        (PROJECT, cluster(backupEnabled=True), _in_project("CloudBackupSchedule", clusterName="c", autoExportEnabled=True, policyItemDaily=_DAILY)),
    ),
    "snapshots copied to their own region": (
        "Set another region",
        (PROJECT, cluster(backupEnabled=True), _in_project("CloudBackupSchedule", clusterName="c", policyItemDaily=_DAILY, copySettings=[{**_COPY, "regionName": "EU_WEST_1"}])),
    ),
    "managed namespace of a replica set": (
        "no global cluster", (PROJECT, cluster(), _in_project("GlobalClusterConfig", clusterName="c", managedNamespaces=[{"db": "d", "collection": "c", "customShardKey": "k"}])),
    ),
    "scheduled trigger without a schedule": (
        "configSchedule must be set", (PROJECT, _in_project("EventTrigger", appId="a", name="t", type="SCHEDULED", functionId=ORG)),
    ),
    "stream connection to a missing cluster": (
        "cluster 'ghost' does not exist",
        (PROJECT, _STREAMS, _in_project("StreamConnection", instanceName="s", connectionName="k", type="Cluster", clusterName="ghost", dbRoleToExecute={"role": "atlasAdmin", "type": "BUILT_IN"})),
    ),
    "pipeline with a missing connection": (
        "connection 'ghost' does not exist",
        (PROJECT, _STREAMS, _in_project("StreamProcessor", instanceName="s", processorName="p", pipeline='[{"$source": {"connectionName": "ghost"}}]')),
    ),
    "resource policy that is no Cedar": (
        "no Cedar policy", (("last", "mongodbatlas:ResourcePolicy", {"orgId": ORG, "name": "n", "policies": [{"body": "deny everything"}]}),),
    ),
    "search nodes of a flex cluster": (
        "no dedicated cluster",
        (PROJECT, ("flex", "mongodbatlas:FlexCluster", {**_IN_PROJECT, "name": "f", "providerSettings": _FLEX}), _in_project("SearchDeployment", clusterName="f", specs=_SEARCH)),
    ),
    "restore without a target": (
        "must be set for automated",
        (
            PROJECT, cluster(backupEnabled=True),
            _in_project("CloudBackupSnapshot", "snapshot", clusterName="c", description="d", retentionInDays=1),
            _in_project("CloudBackupSnapshotRestoreJob", clusterName="c", snapshotId="$snapshot.snapshotId", deliveryTypeConfig={"automated": True}),
        ),
    ),
    "vector of an unknown similarity": (
        "similarity must be one of",
        (PROJECT, cluster(), _in_project("SearchIndex", clusterName="c", database="d", collectionName="c", name="v", type="vectorSearch", fields='[{"type": "vector", "path": "e", "numDimensions": 10, "similarity": "manhattan"}]')),
    ),
    "organization role in a project": ("roles of a project", (PROJECT, _in_project("CloudUserProjectAssignment", username="a@example.com", roles=["ORG_OWNER"]))),
    "unknown grant to MongoDB's staff": ("not allowed", (PROJECT, cluster(), _in_project("MongodbEmployeeAccessGrant", clusterName="c", grantType="EVERYTHING", expirationTime="2030-01-01T00:00:00Z"))),
    "archive by an unknown date format": ("invalid value", (PROJECT, cluster(), _in_project("OnlineArchive", clusterName="c", **{**_ARCHIVE, "criteria": {**_ARCHIVE["criteria"], "dateFormat": "EPOCH"}}))),
    "second team of a name": (
        "already exists", tuple((name, "mongodbatlas:Team", {"orgId": ORG, "name": "t", "usernames": ["a@example.com"]}) for name in ("a", "last")),
    ),
}  # fmt: skip
"""A part of the message, and the stack whose last resource is refused."""

RIGHT: Mapping[str, tuple[Step, ...]] = {
    "three regions": (PROJECT, cluster(config(nodes=2), config(nodes=2, priority=6, region="EU_CENTRAL_1"), config(nodes=1, priority=5, region="EU_WEST_3"))),
    "two clouds": (PROJECT, cluster(config(nodes=2), config(nodes=1, priority=6, region="WESTERN_EUROPE", cloud="GCP"))),
    "second generation": (PROJECT, cluster(config("M40_GEN_2"))),
    "other size of analytics nodes": (PROJECT, cluster(config(analyticsSpecs={"instanceSize": "M10", "nodeCount": 1}))),
    "search index on a flex cluster": (
        PROJECT,
        ("flex", "mongodbatlas:FlexCluster", {**_IN_PROJECT, "name": "f", "providerSettings": _FLEX}),
        ("last", "mongodbatlas:SearchIndex", {**_IN_PROJECT, "clusterName": "f", "database": "d", "collectionName": "c", "name": "i", "mappingsDynamic": True}),
    ),
    "role that inherits another": (
        PROJECT, _role("base"), _role("r", inheritedRoles=[{"roleName": "base", "databaseName": "admin"}]), _user(roles=[{"roleName": "r", "databaseName": "admin"}]),
    ),
    "archive kept for a year": (PROJECT, cluster(), _in_project("OnlineArchive", clusterName="c", **_ARCHIVE, dataExpirationRule={"expireAfterDays": 365})),
    "snapshots copied to another region": (
        PROJECT, cluster(backupEnabled=True), _in_project("CloudBackupSchedule", clusterName="c", policyItemDaily=_DAILY, copySettings=[{**_COPY, "regionName": "EU_CENTRAL_1"}]),
    ),
    "sample stream": (
        PROJECT, _STREAMS,
        _in_project("StreamConnection", "sample", instanceName="s", connectionName="sample_stream_solar", type="Sample"),
        _in_project("StreamProcessor", instanceName="s", processorName="p", pipeline='[{"$source": {"connectionName": "sample_stream_solar"}}]'),
    ),
    "resource policy": (("last", "mongodbatlas:ResourcePolicy", {"orgId": ORG, "name": "n", "policies": [{"body": 'forbid (principal, action == cloud::Action::"cluster.createEdit", resource) when { context.cluster.cloudProviders.containsAny([cloud::cloudProvider::"azure"]) };'}]}),),
}  # fmt: skip
"""Stacks that Atlas accepts."""

HELD: Mapping[str, tuple[str, tuple[Step, ...], tuple[str, str]]] = {
    "only role of a user": (
        "would have no role left",
        (PROJECT, _role("r"), _user(roles=[{"roleName": "r", "databaseName": "admin"}])),
        ("r", "mongodbatlas:CustomDbRole"),
    ),
    "protected flex cluster": (
        "termination protection",
        (PROJECT, ("flex", "mongodbatlas:FlexCluster", {**_IN_PROJECT, "name": "f", "providerSettings": _FLEX, "terminationProtectionEnabled": True})),
        ("flex", "mongodbatlas:FlexCluster"),
    ),
}  # fmt: skip
"""A part of the message, the stack, and the resource whose deletion is refused."""
