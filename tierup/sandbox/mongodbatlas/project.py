"""Projects and their settings: auditing, encryption at rest with a customer managed key, the maintenance window."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    BehaviourRule,
    Call,
    Name,
    Quota,
    Reference,
    Rejection,
    Stage,
    documented,
    one_for_each,
    rule,
)
from .ids import object_id
from .sources import ERRORS, FORCE_NEW, MEASURED, provider, sdk

PROJECT = "mongodbatlas:index/project:Project"
AUTHORIZATION = "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization"
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"

ATLAS_LIMITS = documented("https://www.mongodb.com/docs/atlas/reference/atlas-limits/", read="2026-11-24")


def of_project(*, holds: bool = False) -> Reference:
    """Return the reference of a resource to its project. Deleting a project deletes everything in it but clusters."""
    return Reference(
        path="projectId",
        to=PROJECT,
        code="GROUP_NOT_FOUND",
        holds=holds,
        in_use="CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS",
        source=ERRORS,
    )


@rule("ids-are-24-hex-digits", Stage.PLAN, source=sdk("project"))
def project_id_shape(call: Call) -> Iterator[Rejection]:
    """Reject a malformed organization or project id."""
    for path in ("orgId", "projectId"):
        value = call.get(path)
        if isinstance(value, str) and (len(value) != 24 or not set(value) <= set("0123456789abcdef")):
            yield Rejection(
                path, f"the id is invalid (got '{value}'). An Atlas id has 24 hexadecimal digits.", "INVALID_GROUP_ID"
            )


def once(*scope: str) -> BehaviourRule:
    """Return a rule that allows one resource of a type per value of `scope`."""
    return one_for_each(*scope, code="DUPLICATE_RESOURCE", source=ERRORS)


@rule("audit-filter-is-json", Stage.PLAN, source=sdk("auditing"))
def _filter(call: Call) -> Iterator[Rejection]:
    """Atlas parses MongoDB's extended JSON, which allows single quotes, as in the provider's example."""
    text = call.get("auditFilter")
    if isinstance(text, str) and text:
        try:
            json.loads(text if '"' in text else text.replace("'", '"'))
        except ValueError as error:
            yield Rejection("auditFilter", f"it is not valid JSON ({error}).", "AUDIT_FILTER_INVALID")


@rule("a-key-is-configured", Stage.PLAN, source=sdk("encryptionatrest"))
def _key(call: Call) -> Iterator[Rejection]:
    ways = ("awsKmsConfig", "azureKeyVaultConfig", "googleCloudKmsConfig")
    if not any(call.inputs.get(way) is not None for way in ways):
        yield Rejection("awsKmsConfig", f"at least one of {', '.join(ways)} must be set.", "INVALID_ATTRIBUTE")
    config = call.get("awsKmsConfig")
    if isinstance(config, dict):
        by_role = config.get("roleId") is not None
        by_key = config.get("accessKeyId") is not None or config.get("secretAccessKey") is not None
        if by_role and by_key:
            yield Rejection(
                "awsKmsConfig.roleId",
                "roleId conflicts with accessKeyId and secretAccessKey. Set only one of them.",
                "INVALID_ATTRIBUTE",
            )


@rule("window-has-day-and-hour", Stage.PLAN, source=sdk("maintenancewindow"))
def _window(call: Call) -> Iterator[Rejection]:
    given = [path for path in ("dayOfWeek", "hourOfDay") if call.inputs.get(path) is not None]
    if len(given) == 1:
        yield Rejection(given[0], "dayOfWeek and hourOfDay must be set together.", "INVALID_ATTRIBUTE")
    if not given and call.inputs.get("waveAssignment") is None and call.get("dayOfWeek") is not UNKNOWN:
        yield Rejection("dayOfWeek", "dayOfWeek and hourOfDay, or waveAssignment, must be set.", "INVALID_ATTRIBUTE")


_LIMITS = (
    "atlas.project.deployment.clusters", "atlas.project.deployment.nodesPerPrivateLinkRegion",
    "atlas.project.deployment.privateServiceConnectionsPerRegionGroup",
    "atlas.project.deployment.privateServiceConnectionsSubnetMask", "atlas.project.deployment.serverlessMTMs",
    "atlas.project.security.databaseAccess.customRoles", "atlas.project.security.databaseAccess.users",
    "atlas.project.security.networkAccess.crossRegionEntries", "atlas.project.security.networkAccess.entries",
    "dataFederation.bytesProcessed.daily", "dataFederation.bytesProcessed.monthly",
    "dataFederation.bytesProcessed.query", "dataFederation.bytesProcessed.weekly",
)  # fmt: skip
"""The limits of a project that its owner can set, by the description of the Atlas Administration API (limitName)."""
_FEATURES = {
    "isClusterAiAssistantEnabled": True,
    "isCollectDatabaseSpecificsStatisticsEnabled": True,
    "isDataExplorerEnabled": True,
    "isDataExplorerGenAiFeaturesEnabled": True,
    "isDataExplorerGenAiSampleDocumentPassingEnabled": False,
    "isExtendedStorageSizesEnabled": False,
    "isNativeRerankingEnabled": False,
    "isPerformanceAdvisorEnabled": True,
    "isRealtimePerformancePanelEnabled": True,
    "isSchemaAdvisorEnabled": True,
    "isSlowOperationThresholdingEnabled": False,
}

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=PROJECT,
        source=sdk("project"),
        id=object_id,
        outputs={
            **_FEATURES,
            "clusterCount": 0,
            "created": "2026-11-24T00:00:00Z",
            "ipAddresses": {"services": {"clusters": ()}},
            "regionUsageRestrictions": "",
            "withDefaultAlertsSettings": True,
        },
        replaces=frozenset({"orgId"}),
        create_only=frozenset({"projectOwnerId"}),
        fixed=frozenset({"withDefaultAlertsSettings"}),
        keeps=frozenset({*_FEATURES, "regionUsageRestrictions", "withDefaultAlertsSettings"}),
        replace_source=provider("internal/service/project/resource_project_schema.go"),
        enums={
            "limits[*].name": _LIMITS,
            "regionUsageRestrictions": ("", "NONE", "GOV_REGIONS_ONLY", "COMMERCIAL_FEDRAMP_REGIONS_ONLY"),
        },
        name=Name(
            longest=64,
            pattern=r"[\w\s()+,:&@./'-]+",
            allowed="letters, digits, blanks and -_.(),:&@+'/",
            unique="orgId",
            taken="GROUP_ALREADY_EXISTS",
            source=ATLAS_LIMITS,
        ),
        quotas=(
            Quota(
                limit=250,
                per="orgId",
                what="projects per organization",
                code="CANNOT_ADD_GROUP_ORG_GROUP_LIMIT_EXCEEDED",
                source=ATLAS_LIMITS,
            ),
        ),
        rules=(project_id_shape,),
    ),
    Behaviour(
        type="mongodbatlas:index/auditing:Auditing",
        source=sdk("auditing"),
        id="{projectId}",
        outputs={
            "auditAuthorizationSuccess": False,
            "auditFilter": "{}",
            "enabled": False,
            "configurationType": lambda call: "FILTER_JSON" if call.get("auditFilter") else "NONE",
        },
        replaces=frozenset({"projectId"}),
        keeps=frozenset({"auditAuthorizationSuccess", "auditFilter", "enabled"}),
        replace_source=sdk("auditing"),
        references=(of_project(),),
        rules=(_filter, once("projectId")),
    ),
    Behaviour(
        type="mongodbatlas:index/encryptionAtRest:EncryptionAtRest",
        source=sdk("encryptionatrest"),
        id="{projectId}",
        outputs={"enabledForSearchNodes": False},
        replaces=frozenset({"projectId"}),
        replace_source=FORCE_NEW,
        references=(
            of_project(),
            Reference(
                path="awsKmsConfig.roleId",
                to=AUTHORIZATION,
                by="roleId",
                code="CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED",
                in_use="CANNOT_DELETE_AWS_CLOUD_PROVIDER_ACCESS_ROLE_IN_USE",
                source=sdk("encryptionatrest"),
            ),
        ),
        rules=(_key, once("projectId")),
    ),
    Behaviour(
        type="mongodbatlas:index/maintenanceWindow:MaintenanceWindow",
        source=sdk("maintenancewindow"),
        id="{projectId}",
        outputs={
            "autoDefer": False,
            "autoDeferOnceEnabled": False,
            "defer": False,
            "numberOfDeferrals": 0,
            "startAsap": False,
            "timeZoneId": "UTC",
        },
        patches_old=frozenset({"projectId"}),
        keeps=frozenset({"autoDefer", "autoDeferOnceEnabled", "defer", "hourOfDay", "startAsap"}),
        replace_source=MEASURED,
        ranges={"dayOfWeek": (1, 7), "hourOfDay": (0, 23), "waveAssignment": (1, 3)},
        references=(of_project(),),
        rules=(_window, once("projectId")),
    ),
)
