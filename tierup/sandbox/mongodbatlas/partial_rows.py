"""What the API decides for types whose outputs come from their schema: references, and what exists once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..behaviour import Behaviour, BehaviourRule, Call, Quota, Reference, Rejection, Stage, documented, located, rule
from ..input_rules import unique_inputs
from ..schema import UnknownTypeError, schema
from . import api_limits
from .access import USER
from .backup import EXPORT_BUCKET, backup_rejections
from .cloud_access import AUTHORIZATION, SETUP
from .clusters import (
    CLUSTER,
    FLEX,
    MULTI_TENANT,
    cluster_clouds,
    cluster_of,
    cluster_regions,
    free_region_rejections,
    in_cluster,
    name_rejections,
    tags_are_valid,
)
from .custom_roles import ROLE_RULES
from .project import ATLAS_LIMITS, of_project, project_id_shape
from .sources import API, ERRORS, provider

_TEAM = "mongodbatlas:index/team:Team"
_KEY = "mongodbatlas:index/apiKey:ApiKey"
_INSTANCE = "mongodbatlas:index/streamInstance:StreamInstance"
_WORKSPACE = "mongodbatlas:index/streamWorkspace:StreamWorkspace"
_CONNECTION = "mongodbatlas:index/streamConnection:StreamConnection"
_SNAPSHOT = "mongodbatlas:index/cloudBackupSnapshot:CloudBackupSnapshot"
_DATA_FEDERATION = "mongodbatlas:index/federatedDatabaseInstance:FederatedDatabaseInstance"


def _token(name: str) -> str:
    return f"mongodbatlas:index/{name[0].lower()}{name[1:]}:{name}"


def _refers(
    path: str, to: str | tuple[str, ...], by: str, code: str, *same: str, external: str | None = None
) -> Reference:
    return Reference(path=path, to=to, by=by, code=code, same=same, external=external, holds=False, source=ERRORS)


def _once(*scope: str, code: str) -> BehaviourRule:
    return unique_inputs(*scope, code=code, source=API)


# --- rules ---


@rule("flex-name-is-free", Stage.CREATE, source=ERRORS)
def _flex_name(call: Call) -> Iterator[Rejection]:
    yield from name_rejections(call, CLUSTER, FLEX)


@rule("flex-region-exists", Stage.PLAN, source=API)
def _flex_region(call: Call) -> Iterator[Rejection]:
    cloud, region = call.get("providerSettings.backingProviderName"), call.get("providerSettings.regionName")
    known = api_limits.regions(str(cloud))
    if isinstance(region, str) and known and region not in known:
        yield Rejection(
            "providerSettings.regionName",
            f"the region is invalid for {cloud} (got '{region}'). Allowed are {', '.join(known)}.",
            "INVALID_REGION",
        )
    elif isinstance(region, str):
        yield from free_region_rejections("providerSettings.regionName", cloud, region)


@rule("flex-is-not-protected", Stage.DELETE, source=API)
def _protected(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    if call.this.inputs.get("terminationProtectionEnabled") is True:
        yield Rejection(
            "",
            "termination protection is enabled. Set terminationProtectionEnabled to false in an update first.",
            "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED",
        )


@rule("archive-expires-after-it-is-archived", Stage.PLAN, source=API)
def _expiry(call: Call) -> Iterator[Rejection]:
    archived, expired = call.get("criteria.expireAfterDays"), call.get("dataExpirationRule.expireAfterDays")
    if isinstance(archived, (int, float)) and isinstance(expired, (int, float)) and expired <= archived:
        yield Rejection(
            "dataExpirationRule.expireAfterDays",
            f"it must be above criteria.expireAfterDays (got {expired:g}, archived after {archived:g}).",
            "INVALID_ATTRIBUTE",
        )


@rule("cluster-is-backed-up", Stage.CREATE, source=ERRORS)
def _backed_up(call: Call) -> Iterator[Rejection]:
    yield from backup_rejections(call)


@rule("cluster-is-dedicated", Stage.CREATE, source=ERRORS)
def _dedicated(call: Call) -> Iterator[Rejection]:
    project, name = call.get("projectId"), call.get("clusterName")
    cluster = cluster_of(call, name, project)
    is_flex = next(call.cloud.find(FLEX, projectId=project, name=name), None) is not None
    if is_flex or (cluster is not None and cluster_clouds(cluster.inputs) & MULTI_TENANT):
        yield Rejection(
            "clusterName", f"'{name}' is no dedicated cluster. It requires M10 or larger.", "INVALID_CLUSTER"
        )


@rule("cluster-is-global", Stage.CREATE, source=ERRORS)
def _global(call: Call) -> Iterator[Rejection]:
    cluster = cluster_of(call, call.get("clusterName"), call.get("projectId"))
    if cluster is not None and cluster.inputs.get("clusterType") != "GEOSHARDED":
        yield Rejection(
            "clusterName",
            f"'{call.get('clusterName')}' is no global cluster (clusterType is {cluster.inputs.get('clusterType')})."
            " It requires GEOSHARDED.",
            "GLOBAL_CLUSTER_REQUIRED",
        )


@rule("outage-is-in-the-clusters-regions", Stage.CREATE, source=ERRORS)
def _outage(call: Call) -> Iterator[Rejection]:
    cluster = cluster_of(call, call.get("clusterName"), call.get("projectId"))
    if cluster is None:
        return  # the reference reports it
    regions = cluster_regions(cluster)
    for at, region in located(call.inputs, "outageFilters[*].regionName"):
        if region not in regions:
            yield Rejection(at, f"the cluster has no node in {region}.", "INVALID_OUTAGE_FILTER")


@rule(
    "trigger-has-its-configuration",
    Stage.CREATE,
    source=provider("internal/service/eventtrigger/resource_event_trigger.go"),
)
def _trigger(call: Call) -> Iterator[Rejection]:
    needed = {
        "DATABASE": ("configOperationTypes", "configDatabase", "configServiceId"),
        "AUTHENTICATION": ("configOperationType", "configProviders"),
        "SCHEDULED": ("configSchedule",),
    }.get(str(call.get("type")), ())
    if missing := [name for name in needed if not call.get(name)]:
        yield Rejection(missing[0], f"{', '.join(needed)} must be set if type is {call.get('type')}.", "PlanError")


@rule("connection-has-its-inputs", Stage.CREATE, source=API)
def _connection(call: Call) -> Iterator[Rejection]:
    needed = {
        "Kafka": ("bootstrapServers", "authentication", "security"),
        "Cluster": ("clusterName", "dbRoleToExecute"),
        "Https": ("url",),
        "AWSLambda": ("aws",),
        "S3": ("aws",),
        "AWSKinesisDataStreams": ("aws",),
    }.get(str(call.get("type")), ())
    for name in needed:
        if call.get(name) is None:
            yield Rejection(
                name, f"it is missing. A connection of type {call.get('type')} requires it.", "INVALID_ATTRIBUTE"
            )
    project = call.get("clusterProjectId") or call.get("projectId")
    if (
        call.get("type") == "Cluster"
        and call.get("clusterName")
        and cluster_of(call, call.get("clusterName"), project) is None
    ):
        yield Rejection("clusterName", f"the cluster '{call.get('clusterName')}' does not exist.", "CLUSTER_NOT_FOUND")


@rule("stream-workspace-exists", Stage.CREATE, source=ERRORS)
def _workspace(call: Call) -> Iterator[Rejection]:
    project = call.get("projectId")
    for path, name in (("instanceName", call.get("instanceName")), ("workspaceName", call.get("workspaceName"))):
        if name is None:
            continue
        found = [
            *call.cloud.find(_INSTANCE, projectId=project, instanceName=name),
            *call.cloud.find(_WORKSPACE, projectId=project, workspaceName=name),
        ]
        if not found:
            yield Rejection(path, f"the stream workspace '{name}' does not exist.", "STREAM_TENANT_NOT_FOUND")


@rule("pipeline-is-json", Stage.PLAN, source=API)
def _pipeline(call: Call) -> Iterator[Rejection]:
    text = call.get("pipeline")
    if not isinstance(text, str):
        return
    try:
        stages: Any = json.loads(text)
    except ValueError as error:
        yield Rejection("pipeline", f"it is not valid JSON ({error}).", "INVALID_PIPELINE")
        return
    if not isinstance(stages, list) or not stages or not all(isinstance(stage, dict) for stage in stages):
        yield Rejection("pipeline", "it must be a list of stages.", "INVALID_PIPELINE")
    elif "$source" not in stages[0]:
        yield Rejection("pipeline", "the first stage must be $source.", "INVALID_PIPELINE")


@rule("pipeline-connections-exist", Stage.CREATE, Stage.UPDATE, source=ERRORS)
def _connections(call: Call) -> Iterator[Rejection]:
    try:
        stages: Any = json.loads(str(call.get("pipeline")))
    except ValueError:
        return  # another rule reports it
    place = call.get("workspaceName") or call.get("instanceName")
    known = {
        str(each.inputs.get("connectionName"))
        for each in call.cloud.find(_CONNECTION, projectId=call.get("projectId"))
        if place in (each.inputs.get("workspaceName"), each.inputs.get("instanceName"))
    }
    for number, stage in enumerate(stages):
        for kind in ("$source", "$merge", "$emit"):
            target: Any = stage.get(kind)
            inner: Any = target.get("into", target) if isinstance(target, dict) else None
            name: Any = inner.get("connectionName") if isinstance(inner, dict) else None
            if isinstance(name, str) and name not in known:
                yield Rejection(
                    "pipeline",
                    f"stage {number}: the connection '{name}' does not exist.",
                    "STREAM_CONNECTION_NOT_FOUND",
                )


@rule("policy-is-cedar", Stage.CREATE, Stage.UPDATE, source=API)
def _cedar(call: Call) -> Iterator[Rejection]:
    for at, body in located(call.inputs, "policies[*].body"):
        text = str(body).strip()
        is_policy = text.startswith(("forbid", "permit", "@", "//")) and "(" in text and text.endswith(";")
        if not is_policy or text.count("(") != text.count(")") or text.count("{") != text.count("}"):
            yield Rejection(
                at,
                "it is no Cedar policy. Use the form 'forbid (principal, action, resource) when {…};'.",
                "INVALID_POLICY",
            )


@rule("user-has-x509", Stage.CREATE, source=provider("docs/resources/x509_authentication_database_user.md"))
def _x509(call: Call) -> Iterator[Rejection]:
    name = call.get("username")
    users = list(call.cloud.find(USER, projectId=call.get("projectId"), username=name)) if name else []
    if name and users and all(user.inputs.get("x509Type") != "MANAGED" for user in users):
        yield Rejection(
            "username", f"the user '{name}' does not use Atlas-managed X.509 (x509Type MANAGED).", "INVALID_ATTRIBUTE"
        )


@rule(
    "restore-has-one-delivery", Stage.CREATE,
    source=provider("internal/service/cloudbackupsnapshotrestorejob/resource_cloud_backup_snapshot_restore_job.go"),
)  # fmt: skip
def _restore(call: Call) -> Iterator[Rejection]:
    config = call.get("deliveryTypeConfig") or {}
    given = [name for name in ("automated", "download", "pointInTime") if config.get(name) is True]
    targets = ("targetClusterName", "targetProjectId")
    if len(given) != 1:
        got = " and ".join(given) or "none"
        yield Rejection(
            "deliveryTypeConfig",
            f"exactly one of automated, download or pointInTime must be true (got {got}).",
            "PlanError",
        )
        return
    for name in targets:
        if given != ["download"] and not config.get(name):
            yield Rejection(f"deliveryTypeConfig.{name}", f"it must be set for {given[0]}.", "PlanError")
        if given == ["download"] and config.get(name):
            yield Rejection(f"deliveryTypeConfig.{name}", "it must not be set for download.", "PlanError")


@rule(
    "push-based-export-is-retired",
    Stage.CREATE,
    source=documented("https://www.mongodb.com/docs/atlas/push-logs/#end-of-life-and-migration", read="2026-11-29"),
)
def _retired(_call: Call) -> Iterator[Rejection]:
    message = "Atlas accepts no new push-based log exports since 2026-10-30. Use mongodbatlas.LogIntegration."
    yield Rejection("", message, "PUSH_BASED_LOG_EXPORT_DISABLED")


# --- rows ---

_RULES: dict[str, tuple[BehaviourRule, ...]] = {
    "CloudBackupSnapshot": (_backed_up,),
    "CloudBackupSnapshotRestoreJob": (_restore,),
    "ClusterOutageSimulation": (_outage, _dedicated),
    "CustomDbRole": (*ROLE_RULES, _once("projectId", "roleName", code="DUPLICATE_ROLE")),
    "EventTrigger": (_trigger,),
    "FlexCluster": (tags_are_valid, _flex_name, _flex_region, _protected),
    "GlobalClusterConfig": (_global,),
    "OnlineArchive": (_expiry, _dedicated),
    "ResourcePolicy": (_cedar,),
    "SearchDeployment": (
        _dedicated,
        _once("projectId", "clusterName", code="ATLAS_SEARCH_DEPLOYMENT_ALREADY_EXISTS"),
    ),
    "StreamConnection": (
        _connection, _workspace,
        _once("projectId", "workspaceName", "instanceName", "connectionName", code="STREAM_CONNECTION_ALREADY_EXISTS"),
    ),
    "StreamInstance": (_once("projectId", "instanceName", code="STREAM_TENANT_NAME_ALREADY_EXISTS"),),
    "StreamProcessor": (
        _pipeline, _workspace, _connections,
        _once("projectId", "workspaceName", "instanceName", "processorName", code="STREAM_PROCESSOR_ALREADY_EXISTS"),
    ),
    "StreamWorkspace": (_once("projectId", "workspaceName", code="STREAM_TENANT_NAME_ALREADY_EXISTS"),),
    "Team": (_once("orgId", "name", code="DUPLICATE_TEAM_NAME"),),
    "ThirdPartyIntegration": (_once("projectId", "type", code="INTEGRATION_ALREADY_EXISTS"),),
    "FederatedDatabaseInstance": (_once("projectId", "name", code="DUPLICATE_TENANT_NAME"),),
    "LdapConfiguration": (_once("projectId", code="DUPLICATE_RESOURCE"),),
    "CustomDnsConfigurationClusterAws": (_once("projectId", code="DUPLICATE_RESOURCE"),),
    "PushBasedLogExport": (_once("projectId", code="PUSH_BASED_LOG_EXPORT_ALREADY_CONFIGURED"), _retired),
    "X509AuthenticationDatabaseUser": (_x509,),
}  # fmt: skip
_CLUSTER_TYPES = (
    "CloudBackupSnapshot", "CloudBackupSnapshotExportJob", "CloudBackupSnapshotRestoreJob", "ClusterOutageSimulation",
    "GlobalClusterConfig", "MongodbEmployeeAccessGrant", "OnlineArchive", "SearchDeployment",
)  # fmt: skip
_REFERENCES: dict[str, tuple[Reference, ...]] = {
    "AccessListApiKey": (_refers("apiKeyId", _KEY, "apiKeyId", "API_KEY_NOT_FOUND"),),
    "ApiKeyProjectAssignment": (_refers("apiKeyId", _KEY, "apiKeyId", "API_KEY_NOT_FOUND"),),
    "CloudBackupSnapshotExportBucket": (
        _refers("iamRoleId", (AUTHORIZATION, SETUP), "roleId", "CLOUD_PROVIDER_ACCESS_NOT_FOUND"),
    ),
    "CloudBackupSnapshotExportJob": (
        _refers("exportBucketId", EXPORT_BUCKET, "exportBucketId", "EXPORT_BUCKET_NOT_FOUND"),
        _refers("snapshotId", _SNAPSHOT, "snapshotId", "SNAPSHOT_NOT_FOUND"),
    ),
    "CloudUserTeamAssignment": (_refers("teamId", _TEAM, "teamId", "TEAM_NOT_FOUND"),),
    "FederatedQueryLimit": (
        _refers("tenantName", _DATA_FEDERATION, "name", "DATA_LAKE_TENANT_NOT_FOUND", "projectId"),
    ),
    "PushBasedLogExport": (_refers("iamRoleId", (AUTHORIZATION, SETUP), "roleId", "CLOUD_PROVIDER_ACCESS_NOT_FOUND"),),
    "TeamProjectAssignment": (_refers("teamId", _TEAM, "teamId", "TEAM_NOT_FOUND"),),
}
_IN_PROJECTS = (
    "ApiKeyProjectAssignment", "CloudBackupSnapshot", "CloudBackupSnapshotExportBucket", "CloudBackupSnapshotExportJob",
    "CloudBackupSnapshotRestoreJob", "CloudUserProjectAssignment", "ClusterOutageSimulation", "CustomDbRole",
    "CustomDnsConfigurationClusterAws", "EncryptionAtRestPrivateEndpoint", "EventTrigger", "FederatedDatabaseInstance",
    "FederatedQueryLimit", "FlexCluster", "GlobalClusterConfig", "LdapConfiguration", "LdapVerify",
    "MongodbEmployeeAccessGrant", "OnlineArchive", "ProjectInvitation", "ProjectServiceAccount", "PushBasedLogExport",
    "SearchDeployment", "StreamConnection", "StreamInstance", "StreamPrivatelinkEndpoint", "StreamProcessor",
    "StreamWorkspace", "TeamProjectAssignment", "ThirdPartyIntegration", "X509AuthenticationDatabaseUser",
)  # fmt: skip


_QUOTAS: dict[str, tuple[Quota, ...]] = {
    "CustomDbRole": (Quota(limit=100, per="projectId", what="custom roles per project", source=ATLAS_LIMITS),),
    "FederatedDatabaseInstance": (
        Quota(limit=25, per="projectId", what="federated database instances per project", source=ATLAS_LIMITS),
    ),
    "Team": (Quota(limit=250, per="orgId", what="teams per organization", source=ATLAS_LIMITS),),
}


def _row(name: str) -> Behaviour | None:
    try:
        schema(_token(name))
    except UnknownTypeError:
        return None  # the installed SDK is older
    references = (
        *((of_project(),) if name in _IN_PROJECTS else ()),
        *((in_cluster(ERRORS),) if name in _CLUSTER_TYPES else ()),
        *_REFERENCES.get(name, ()),
    )
    shape = (project_id_shape,) if name in _IN_PROJECTS else ()
    return Behaviour(
        type=_token(name),
        source=API,
        references=references,
        quotas=_QUOTAS.get(name, ()),
        rules=(*shape, *_RULES.get(name, ())),
    )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = tuple(
    row for name in sorted({*_RULES, *_REFERENCES, *_CLUSTER_TYPES, *_IN_PROJECTS}) if (row := _row(name)) is not None
)
