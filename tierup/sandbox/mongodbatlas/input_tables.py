"""Inputs of Atlas types that the API refuses and no schema states."""

from __future__ import annotations

from ..behaviour import BehaviourRule, documented
from ..input_rules import Condition, Patterns, conditional_inputs, input_formats
from .sources import provider

_API = documented(
    "https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/ as described in the docstrings of"
    " pulumi-mongodbatlas 4.18.0",
    read="2026-11-28",
)
_INTEGRATION = provider("internal/service/thirdpartyintegration")
_DATE_FORMATS = ("ISODATE", "EPOCH_SECONDS", "EPOCH_MILLIS", "EPOCH_NANOSECONDS", "OBJECT_ID")
_PROJECT_ROLES = r"GROUP_[A-Z_]+"

CONDITIONS = {
    "mongodbatlas:index/encryptionAtRest:EncryptionAtRest": (
        Condition(
            within="awsKmsConfig", path="enabled", values=(True,), requires=("customerMasterKeyId", "region"),
            any_of=("roleId", "accessKeyId"), source=_API,
        ),
    ),
    "mongodbatlas:index/onlineArchive:OnlineArchive": (
        Condition(
            within="criteria", path="type", values=("DATE",), requires=("dateField", "expireAfterDays"), source=_API
        ),
        Condition(within="criteria", path="type", values=("CUSTOM",), requires=("query",), source=_API),
    ),
    "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration": tuple(
        Condition(path="type", values=(kind,), requires=inputs, source=_INTEGRATION)
        for kind, inputs in (
            ("DATADOG", ("apiKey", "region")),
            ("OPS_GENIE", ("apiKey", "region")),
            ("PAGER_DUTY", ("serviceKey",)),
            ("VICTOR_OPS", ("apiKey",)),
            ("WEBHOOK", ("url",)),
            ("MICROSOFT_TEAMS", ("microsoftTeamsWebhookUrl",)),
            ("PROMETHEUS", ("userName", "password", "serviceDiscovery", "enabled")),
        )
    ),
}  # fmt: skip

PATTERNS: Patterns = {
    "mongodbatlas:index/customDbRole:CustomDbRole": {
        "roleName": (r"(?!xgen-)[A-Za-z0-9_-]+", "letters, digits, '_' and '-', and no name that begins with xgen-"),
    },
    **{
        f"mongodbatlas:index/{name[0].lower()}{name[1:]}:{name}": {
            f"{path}[*]": (_PROJECT_ROLES, "the roles of a project, such as GROUP_READ_ONLY")
        }
        for name, path in (
            ("ApiKeyProjectAssignment", "roles"),
            ("CloudUserProjectAssignment", "roles"),
            ("ProjectInvitation", "roles"),
            ("ProjectServiceAccount", "roles"),
            ("TeamProjectAssignment", "roleNames"),
        )
    },
    "mongodbatlas:index/onlineArchive:OnlineArchive": {
        "criteria.dateFormat": ("|".join(_DATE_FORMATS), ", ".join(_DATE_FORMATS)),
    },
    "mongodbatlas:index/project:Project": {
        "teams[*].roleNames[*]": (_PROJECT_ROLES, "the roles of a project, such as GROUP_READ_ONLY"),
    },
    "mongodbatlas:index/projectApiKey:ProjectApiKey": {
        "projectAssignments[*].roleNames[*]": (_PROJECT_ROLES, "the roles of a project, such as GROUP_READ_ONLY"),
    },
    "mongodbatlas:index/searchDeployment:SearchDeployment": {
        "specs[*].nodeCount": ("[2-9]|[12][0-9]|3[0-2]", "2 to 32 nodes"),
        "specs[*].instanceSize": (r"S\d+_(HIGHCPU|LOWCPU)_NVME|S\d+_STORAGE_NVME", "sizes such as S20_HIGHCPU_NVME"),
    },
    "mongodbatlas:index/streamInstance:StreamInstance": {
        "dataProcessRegion.cloudProvider": ("AWS|AZURE|GCP", "AWS, AZURE and GCP"),
    },
}

COMMON_RULES: tuple[BehaviourRule, ...] = (conditional_inputs(CONDITIONS), input_formats(PATTERNS, _API))
