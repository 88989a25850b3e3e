"""`python -m tools.atlas_api SPECIFICATION` writes tierup/sandbox/mongodbatlas/api_limits.json.

SPECIFICATION is the OpenAPI description of the Atlas Administration API, the file raw-multi-version-api-spec.yml below
tools/codegen/atlasapispec of https://github.com/mongodb/terraform-provider-mongodbatlas. An input takes the limits of
the property of the same name, apart from case, underscores and a plural "s".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
import yaml

from tierup.sandbox.mongodbatlas import api_limits
from tierup.sandbox.schema import TypeSchema, schema

SCHEMAS: Mapping[str, str] = {
    "AccessListApiKey": "UserAccessListRequest",
    "AdvancedCluster": "ClusterDescription20240805",
    "AlertConfiguration": "GroupAlertsConfig",
    "ApiKey": "CreateAtlasOrganizationApiKey",
    "Auditing": "AuditLog",
    "BackupCompliancePolicy": "DataProtectionSettings20231001",
    "CloudBackupSchedule": "DiskBackupSnapshotSchedule20240805",
    "CloudBackupSnapshot": "DiskBackupOnDemandSnapshotRequest",
    "CloudBackupSnapshotExportBucket": "DiskBackupSnapshotExportBucketRequest",
    "CloudBackupSnapshotExportJob": "DiskBackupExportJobRequest",
    "CloudUserProjectAssignment": "GroupUserRequest",
    "ClusterOutageSimulation": "ClusterOutageSimulation",
    "CustomDbRole": "UserCustomDBRole",
    "DatabaseUser": "CloudDatabaseUser",
    "EncryptionAtRest": "EncryptionAtRest",
    "EncryptionAtRestPrivateEndpoint": "EARPrivateEndpoint",
    "FederatedDatabaseInstance": "DataLakeTenant",
    "FederatedQueryLimit": "DataFederationTenantQueryLimit",
    "FlexCluster": "FlexClusterDescriptionCreate20241113",
    "GlobalClusterConfig": "ManagedNamespaces",
    "LdapConfiguration": "LDAPSecuritySettings",
    "LdapVerify": "LDAPVerifyConnectivityJobRequestParams",
    "LogIntegration": "LogIntegrationRequest",
    "MaintenanceWindow": "GroupMaintenanceWindow",
    "MongodbEmployeeAccessGrant": "EmployeeAccessGrantView",
    "NetworkContainer": "CloudProviderContainer",
    "NetworkPeering": "BaseNetworkPeeringConnectionSettings",
    "OnlineArchive": "BackupOnlineArchiveCreate",
    "OrgInvitation": "OrganizationInvitationRequest",
    "Organization": "CreateOrganizationRequest",
    "Project": "Group",
    "ProjectApiKey": "CreateAtlasProjectApiKey",
    "ProjectInvitation": "GroupInvitationRequest",
    "ProjectServiceAccount": "GroupServiceAccountRequest",
    "PushBasedLogExport": "CreatePushBasedLogExportProjectRequest",
    "ResourcePolicy": "ApiAtlasResourcePolicyCreateView",
    "SearchDeployment": "ApiSearchDeploymentRequestView",
    "SearchIndex": "SearchIndexCreateRequest",
    "ServiceAccount": "OrgServiceAccountRequest",
    "StreamConnection": "StreamsConnection",
    "StreamInstance": "StreamsTenant",
    "StreamPrivatelinkEndpoint": "StreamsPrivateLinkConnection",
    "StreamProcessor": "StreamsProcessor",
    "StreamWorkspace": "StreamsTenant",
    "Team": "Team",
    "ThirdPartyIntegration": "ThirdPartyIntegration",
    "X509AuthenticationDatabaseUser": "UserCert",
}
"""The schema of the request that creates a resource, by the name of its type."""
MORE_SCHEMAS: Mapping[str, str] = {"AdvancedCluster.advancedConfiguration": "ClusterDescriptionProcessArgs20240805"}
"""The schema of a further request that has the properties of one input."""
RENAMED: Mapping[str, str] = {
    "orgroles": "roles",
    "rolenames": "roles",
    "instancename": "name",
    "workspacename": "name",
    "projectid": "groupid",
    "metricthresholdconfig": "metricthreshold",
    "thresholdconfig": "threshold",
    "eventtype": "eventtypename",
    "biconnectorconfig": "biconnector",
    "awskmsconfig": "awskms",
    "azurekeyvaultconfig": "azurekeyvault",
    "googlecloudkmsconfig": "googlecloudkms",
}
"""Names of inputs whose property has another name."""


def _key(name: str) -> str:
    key = re.sub(r"[^a-z0-9]", "", name.lower())
    return RENAMED.get(key, key)


class Specification:
    """The schemas of the description."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.schemas: Mapping[str, Any] = document["components"]["schemas"]

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in node:
            node = self.schemas[str(node["$ref"]).rpartition("/")[2]]
        return node

    def parts(self, node: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[Mapping[str, Any]]:
        """Yield a schema and all that it combines or may be. Schemas refer to those that combine them."""
        name = str(node.get("$ref", ""))
        if name in seen:
            return
        node = self.resolved(node)
        yield node
        for word in ("allOf", "oneOf", "anyOf"):
            for each in node.get(word) or ():
                yield from self.parts(each, seen | {name} if name else seen)

    def property(self, node: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        """Return the schemas that an input's property has in the alternatives of an object."""
        found: list[Mapping[str, Any]] = []
        for part in self.parts(node):
            for key, each in (part.get("properties") or {}).items():
                if _key(key) in (_key(name), f"{_key(name)}s") or f"{_key(key)}s" == _key(name):
                    found.append(each)
        return found

    def limit(self, nodes: list[Mapping[str, Any]]) -> dict[str, Any]:
        """Return what all alternatives of a property state: equal facts, and the values of any of them."""
        values = [self._values(node) for node in nodes]
        facts = [self._facts(node) for node in nodes]
        limit = {key: value for key, value in facts[0].items() if all(each.get(key) == value for each in facts)}
        if all(values):
            limit["values"] = sorted(set[str]().union(*values))
        return limit

    def _values(self, node: Mapping[str, Any]) -> set[str]:
        return {str(value) for part in self.parts(node) for value in part.get("enum") or ()}

    def _facts(self, node: Mapping[str, Any]) -> dict[str, Any]:
        parts = [part for part in self.parts(node) if part.get("type") != "array"]
        return {field: part[word] for part in parts for word, field in FIELDS.items() if word in part}


EXCLUDED = frozenset(
    {
        "AccessListApiKey.cidrBlock", "AccessListApiKey.ipAddress", "NetworkContainer.atlasCidrBlock",
        "NetworkPeering.routeTableCidrBlock", "LdapConfiguration.hostname", "LdapVerify.hostname",  # wrong patterns
        "NetworkPeering.containerId", "NetworkPeering.vpcId",  # the provider decodes an id; old ids are shorter
        "DatabaseUser.roles[*].roleName", "DatabaseUser.scopes[*].name",  # names of custom roles, and of other services
        "AdvancedCluster.replicationSpecs[*].regionConfigs[*].regionName", "AlertConfiguration.eventType",  # rules
        "AdvancedCluster.biConnectorConfig.readPreference",  # the API has lower case
        "CloudBackupSchedule.export.frequencyType",  # daily is possible on request
        "StreamConnection.type",  # S3 is missing
        "Project.regionUsageRestrictions",
    }
)  # fmt: skip
"""Inputs for which the description states less than what the API accepts, or for which a row has a better rule."""
PROVIDERS = {"AWS": "AWS", "AZURE": "Azure", "GCP": "GCP"}
"""The cloud providers, each with its name in the titles of the description."""
FIELDS = {
    "minimum": "low", "maximum": "high", "minLength": "shortest", "maxLength": "longest", "pattern": "pattern",
}  # fmt: skip


def _limits(
    specification: Specification, nodes: list[Mapping[str, Any]], type: Any, at: str, own: TypeSchema
) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(type, str):
        if limit := specification.limit(nodes):
            yield at, limit
        return
    kind, inner = type[0], type[1]
    if kind == "list":
        items = [part["items"] for node in nodes for part in specification.parts(node) if "items" in part]
        if items:
            yield from _limits(specification, items, inner, f"{at}[*]", own)
    elif kind == "object":
        for name, each in own.objects[inner].items():
            found = [property for node in nodes for property in specification.property(node, name)]
            if found:
                yield from _limits(specification, found, each.type, f"{at}.{name}", own)


def main(specification: Path) -> None:
    """Write the table."""
    document = Specification(yaml.load(specification.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506
    table: dict[str, dict[str, Any]] = {}
    for name, request in sorted(SCHEMAS.items()):
        if request not in document.schemas:
            raise typer.BadParameter(f"the description has no schema {request}, which {name} refers to.")
        own = schema(f"mongodbatlas:index/{name[0].lower()}{name[1:]}:{name}")
        found: dict[str, Any] = {}
        for input_name, each in own.inputs.items():
            properties = document.property(document.schemas[request], input_name)
            if more := MORE_SCHEMAS.get(f"{name}.{input_name}"):
                properties.append(document.schemas[more])
            if properties:
                found |= dict(_limits(document, properties, each.type, input_name, own))
        stated = {path: limit for path, limit in found.items() if f"{name}.{path}" not in EXCLUDED}
        if stated:
            table[name] = stated
    lines = [f"{json.dumps(name)}: {json.dumps(limits, sort_keys=True)}" for name, limits in table.items()]
    providers = json.dumps({name: _offers(document, title) for name, title in PROVIDERS.items()}, sort_keys=True)
    api_limits.FILE.write_text('{"providers": ' + providers + ',\n"types": {\n' + ",\n".join(lines) + "\n}}\n")


def _offers(specification: Specification, title: str) -> dict[str, list[str]]:
    """Return the regions and the instance sizes of a cloud provider."""
    regions = specification.property(specification.schemas["CloudRegionConfig20240805"], "regionName")
    (own,) = (part for part in specification.parts(regions[0]) if part.get("title", "").startswith(title))
    sizes = specification.property(specification.schemas[f"{title}HardwareSpec20240805"], "instanceSize")
    return {"regions": sorted(own["enum"]), "sizes": sorted(specification.resolved(sizes[0])["enum"])}


if __name__ == "__main__":
    typer.run(main)
