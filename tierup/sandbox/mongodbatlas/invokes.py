"""The provider functions of mongodbatlas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tierup.sandbox.registry import Configuration, Invoke, InvokeError

from ..cloud import Cloud
from .effective_specs import current
from .network import private_endpoints

_PROJECT = "mongodbatlas:index/project:Project"
_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
_PUBLIC = (
    "advancedConfiguration", "backupEnabled", "clusterId", "clusterType", "createDate", "encryptionAtRestProvider",
    "mongoDbMajorVersion", "mongoDbVersion", "name", "paused", "pitEnabled", "projectId", "replicationSpecs",
    "stateName", "tags", "terminationProtectionEnabled", "versionReleaseSystem",
)  # fmt: skip


def _project(arguments: Mapping[str, Any], cloud: Cloud, _configuration: Configuration) -> Mapping[str, Any]:
    wanted = {"id": arguments["projectId"]} if arguments.get("projectId") else {"name": arguments.get("name")}
    for found in cloud.find(_PROJECT, **wanted):
        return {"id": found.id, "projectId": found.id, "name": found.outputs["name"], "orgId": found.outputs["orgId"]}
    raise InvokeError(f"no project has {wanted}.", next(iter(wanted)))


def _org_id(_arguments: Mapping[str, Any], _cloud: Cloud, _configuration: Configuration) -> Mapping[str, Any]:
    return {"id": "0" * 24, "orgId": "0" * 24}


def _cluster(arguments: Mapping[str, Any], cloud: Cloud, _configuration: Configuration) -> Mapping[str, Any]:
    name, project = arguments.get("name"), arguments.get("projectId")
    for found in cloud.find(_CLUSTER, name=name, projectId=project):
        strings = {**found.outputs["connectionStrings"], "privateEndpoints": private_endpoints(cloud, found)}
        shown = {path: found.outputs[path] for path in _PUBLIC if path in found.outputs}
        specs = current(found, declared=arguments.get("useEffectiveFields") is True)
        return {**shown, "id": found.id, "connectionStrings": strings, "replicationSpecs": specs}
    raise InvokeError(f"project {project} has no cluster '{name}'.", "name")


INVOKES: Mapping[str, Invoke] = {
    "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": _cluster,
    "mongodbatlas:index/getProject:getProject": _project,
    "mongodbatlas:index/getRolesOrgId:getRolesOrgId": _org_id,
}
