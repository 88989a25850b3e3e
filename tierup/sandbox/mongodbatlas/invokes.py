"""The provider functions of mongodbatlas that a program may call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..catalogue import Configuration, Invoke, InvokeError
from ..cloud import Cloud

_PROJECT = "mongodbatlas:index/project:Project"


def _project(arguments: Mapping[str, Any], cloud: Cloud, _configuration: Configuration) -> Mapping[str, Any]:
    wanted = {"id": arguments["projectId"]} if arguments.get("projectId") else {"name": arguments.get("name")}
    for found in cloud.find(_PROJECT, **wanted):
        return {"id": found.id, "projectId": found.id, "name": found.outputs["name"], "orgId": found.outputs["orgId"]}
    raise InvokeError(f"there is no Atlas project with {wanted}", next(iter(wanted)))


def _org_id(_arguments: Mapping[str, Any], _cloud: Cloud, _configuration: Configuration) -> Mapping[str, Any]:
    return {"id": "0" * 24, "orgId": "0" * 24}


INVOKES: Mapping[str, Invoke] = {
    "mongodbatlas:index/getProject:getProject": _project,
    "mongodbatlas:index/getRolesOrgId:getRolesOrgId": _org_id,
}
