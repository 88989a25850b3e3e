"""The dynamic providers of Railway: project, service, egress gateway, domain and deployment.

They are separate resources because of their order: the database allows the addresses of the egress gateway before the
first deployment starts, and the gateway needs the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.railway import api
from components.railway.api import Json
from components.rest.client import create_once
from components.rest.dynamic_provider import ImportedProvider


class RailwayProjectProvider(ImportedProvider):
    """Creates a project with its environment `production`. Inputs: workspace_id, name."""

    replaces = ("workspace_id", "name")

    def create(self, props: dict[str, Any]) -> CreateResult:
        found = create_once(
            lambda: next((each for each in api.projects(props["workspace_id"]) if each["name"] == props["name"]), None),
            lambda: api.query(
                api.PROJECT_CREATE, {"input": {"name": props["name"], "workspaceId": props["workspace_id"]}}
            )["projectCreate"],
        )
        return CreateResult(found["id"], {**props, "environment_id": api.environment_id(found)})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        found = api.project(id_)
        if found is None:
            return ReadResult(None, {})
        return ReadResult(id_, {**props, "name": found["name"], "environment_id": api.environment_id(found)})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        api.ignore_missing(api.PROJECT_DELETE, {"id": _id})


class RailwayServiceProvider(ImportedProvider):
    """Creates a service without a source, which does not run yet. Inputs: project_id, environment_id, name."""

    replaces = ("project_id", "environment_id")

    def create(self, props: dict[str, Any]) -> CreateResult:
        wanted = {"projectId": props["project_id"], "environmentId": props["environment_id"], "name": props["name"]}
        found = create_once(
            lambda: _service(props["project_id"], name=props["name"]),
            lambda: api.query(api.SERVICE_CREATE, {"input": wanted})["serviceCreate"],
        )
        return CreateResult(found["id"], props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        found = _service(props["project_id"], id=id_)
        return ReadResult(None, {}) if found is None else ReadResult(id_, {**props, "name": found["name"]})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        api.query(api.SERVICE_UPDATE, {"id": _id, "input": {"name": _news["name"]}})
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        api.ignore_missing(api.SERVICE_DELETE, {"id": _id, "environmentId": _props["environment_id"]})


class RailwayEgressProvider(ImportedProvider):
    """Gives a service static outbound addresses. Inputs: service_id, environment_id."""

    replaces = ("service_id", "environment_id")

    def create(self, props: dict[str, Any]) -> CreateResult:
        target = {"serviceId": props["service_id"], "environmentId": props["environment_id"]}
        found = create_once(
            lambda: _addresses(props) or None,
            lambda: _ipv4(api.query(api.EGRESS_CREATE, {"input": target})["egressGatewayAssociationCreate"]),
        )
        return CreateResult(props["service_id"], {**props, "addresses": found})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        found = _addresses(props)
        return ReadResult(id_, {**props, "addresses": found}) if found else ReadResult(None, {})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        target = {"serviceId": _props["service_id"], "environmentId": _props["environment_id"]}
        api.ignore_missing(api.EGRESS_CLEAR, {"input": target})


class RailwayDomainProvider(ImportedProvider):
    """Adds a custom domain to a service. Inputs: project_id, environment_id, service_id, domain, port."""

    replaces = ("project_id", "environment_id", "service_id", "domain", "port")

    def create(self, props: dict[str, Any]) -> CreateResult:
        wanted = {
            "projectId": props["project_id"],
            "environmentId": props["environment_id"],
            "serviceId": props["service_id"],
            "domain": props["domain"],
            "targetPort": int(props["port"]),
        }
        found = create_once(
            lambda: _domain(props),
            lambda: api.query(api.DOMAIN_CREATE, {"input": wanted})["customDomainCreate"],
        )
        return CreateResult(found["id"], {**props, **_records(found)})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        found = _domain(props)
        return ReadResult(None, {}) if found is None else ReadResult(id_, {**props, **_records(found)})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        api.ignore_missing(api.DOMAIN_DELETE, {"id": _id})


class RailwayDeploymentProvider(ImportedProvider):
    """Configures a service and deploys it: each change of an input is a deployment.

    Inputs: project_id, environment_id, service_id, image or repository and branch, region, health_check_path,
    start_command, root_directory, vcpus, memory_gb, replicas, variables.
    """

    replaces = ("project_id", "environment_id", "service_id")

    def create(self, props: dict[str, Any]) -> CreateResult:
        _deploy(props)
        return CreateResult(props["service_id"], props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        target = {"serviceId": props["service_id"], "environmentId": props["environment_id"]}
        if _service(props["project_id"], id=props["service_id"]) is None:
            return ReadResult(None, {})
        found = api.query(api.INSTANCE, target)["serviceInstance"]
        known = {
            "health_check_path": str(found.get("healthcheckPath") or ""),
            "start_command": str(found.get("startCommand") or ""),
            "root_directory": str(found.get("rootDirectory") or ""),
            "image": str((found.get("source") or {}).get("image") or ""),
        }
        return ReadResult(id_, {**props, **known})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        _deploy(_news)
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Keep the service, because the resource of the service deletes it."""


def _deploy(props: Mapping[str, Any]) -> None:
    """Set all that a deployment has, then start one."""
    target = {"serviceId": props["service_id"], "environmentId": props["environment_id"]}
    settings: Json = {
        "healthcheckPath": props["health_check_path"],
        "startCommand": props["start_command"] or None,
        "rootDirectory": props["root_directory"] or None,
        "multiRegionConfig": {props["region"]: {"numReplicas": int(props["replicas"])}},
        "restartPolicyType": "ALWAYS",
    }
    if props["image"]:
        settings["source"] = {"image": props["image"]}
    api.query(api.INSTANCE_UPDATE, {**target, "input": settings})
    limits = {**target, "vCPUs": float(props["vcpus"]), "memoryGB": float(props["memory_gb"])}
    api.query(api.LIMITS_UPDATE, {"input": limits})
    variables = {
        **target,
        "projectId": props["project_id"],
        "variables": dict(props["variables"]),
        "replace": True,
        "skipDeploys": True,
    }
    api.query(api.VARIABLES_UPSERT, {"input": variables})
    if props["repository"]:
        source = {"repo": props["repository"], "branch": props["branch"]}
        api.query(api.CONNECT, {"id": props["service_id"], "input": source})
    api.query(api.DEPLOY, target)


def _service(project_id: str, *, name: str | None = None, id: str | None = None) -> Json | None:
    """Return the service of a project by name or by id, or None."""
    project = api.project(project_id)
    found = api.nodes(project["services"]) if project else []
    return next((each for each in found if each["name"] == name or each["id"] == id), None)


def _addresses(props: Mapping[str, Any]) -> list[str]:
    target = {"serviceId": props["service_id"], "environmentId": props["environment_id"]}
    return _ipv4(api.query(api.EGRESS, target)["egressGateways"])


def _ipv4(gateways: list[Json]) -> list[str]:
    return sorted(str(each["ipv4"]) for each in gateways)


def _domain(props: Mapping[str, Any]) -> Json | None:
    target = {
        "projectId": props["project_id"],
        "environmentId": props["environment_id"],
        "serviceId": props["service_id"],
    }
    found = api.query(api.DOMAINS, target)["domains"]["customDomains"]
    return next((each for each in found if each["domain"] == props["domain"]), None)


def _records(domain: Json) -> Json:
    """Return what DNS needs: the target of the CNAME record, and the TXT record that proves the ownership.

    A public copy of an answer shows the values: a final dot in a CNAME, and `_railway-verify.` before the name of the
    TXT record (read 2026-11-28).
    """
    status = domain["status"]
    records = {
        str(each["recordType"]).rpartition("_")[2]: (str(each["fqdn"]), str(each["requiredValue"]).removesuffix("."))
        for each in status["dnsRecords"]
    }
    _, target = records.get("CNAME", ("", ""))
    name, value = records.get(
        "TXT", (f"_railway-verify.{domain['domain']}", str(status.get("verificationToken") or ""))
    )
    return {"target": target, "verification_name": name, "verification_value": value}
