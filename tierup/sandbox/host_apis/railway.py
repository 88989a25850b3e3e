"""Railway's GraphQL API, as far as projects and services need it: it answers operations by their root field.

Source: src/gql/schema.json of github.com/railwayapp/cli at df3838b, an introspection of the API (read 2026-11-28). The
texts of errors are assumed; page to check: https://docs.railway.com/integrations/api.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ..behaviour import digest
from .store import Answer, HostStore, Json

PROJECT: Final = "railway/project"
SERVICE: Final = "railway/service"
DOMAIN: Final = "railway/domain"
REGIONS: Final = ("us-west2", "us-east4-eqdc4a", "europe-west4-drams3a", "asia-southeast1-eqsg3a")
"""The regions of services; page to check: https://docs.railway.com/reference/regions (assumed)."""

_ROOT_FIELD: Final = re.compile(r"\{\s*(\w+)")
Resolver = Callable[[HostStore, Mapping[str, Any]], Any]


class _RefusedError(Exception):
    """An operation fails with an error in the answer."""


def handle(store: HostStore, body: Mapping[str, Any]) -> Answer:
    """Answer one operation. GraphQL answers with status 200, errors included."""
    found = _ROOT_FIELD.search(str(body.get("query")))
    field = found[1] if found else ""
    resolver = _RESOLVERS.get(field)
    if resolver is None:
        return Answer(400, {"errors": [{"message": f'Cannot query field "{field}"'}]})
    try:
        return Answer(200, {"data": {field: resolver(store, body.get("variables") or {})}})
    except _RefusedError as error:
        return Answer(200, {"errors": [{"message": str(error)}], "data": None})


def _projects(store: HostStore, variables: Mapping[str, Any]) -> Any:
    found = list(store.find(PROJECT, workspaceId=variables.get("workspaceId")))
    start = int(variables.get("after") or 0)
    end = start + int(variables.get("first") or 50)
    return {
        "edges": [{"node": _shown(store, each)} for each in found[start:end]],
        "pageInfo": {"hasNextPage": end < len(found), "endCursor": str(end)},
    }


def _project(store: HostStore, variables: Mapping[str, Any]) -> Any:
    return _shown(store, _required(store, PROJECT, variables["id"], "Project"))


def _create_project(store: HostStore, variables: Mapping[str, Any]) -> Any:
    given = variables["input"]
    project = store.create(PROJECT, {"name": given["name"], "workspaceId": given.get("workspaceId")})
    project["environmentId"] = digest(f"environment/{project['id']}", 32)
    store.save()
    return _shown(store, project)


def _delete_project(store: HostStore, variables: Mapping[str, Any]) -> bool:
    _required(store, PROJECT, variables["id"], "Project")
    for service in store.find(SERVICE, projectId=variables["id"]):
        _remove_service(store, service["id"])
    return store.delete(PROJECT, variables["id"])


def _create_service(store: HostStore, variables: Mapping[str, Any]) -> Any:
    given = variables["input"]
    _required(store, PROJECT, given["projectId"], "Project")
    if any(True for _ in store.find(SERVICE, projectId=given["projectId"], name=given["name"])):
        raise _RefusedError(f"A service named {given['name']} already exists in this project")
    values = {"name": given["name"], "projectId": given["projectId"], "variables": {}, "deployments": 0, "egress": []}
    return store.create(SERVICE, {**values, "instance": {"region": None, "source": None}})


def _update_service(store: HostStore, variables: Mapping[str, Any]) -> Any:
    service = _required(store, SERVICE, variables["id"], "Service")
    service["name"] = variables["input"].get("name", service["name"])
    store.save()
    return service


def _delete_service(store: HostStore, variables: Mapping[str, Any]) -> bool:
    _required(store, SERVICE, variables["id"], "Service")
    return _remove_service(store, variables["id"])


def _remove_service(store: HostStore, id: str) -> bool:
    for domain in store.find(DOMAIN, serviceId=id):
        store.delete(DOMAIN, domain["id"])
    return store.delete(SERVICE, id)


def _instance(store: HostStore, variables: Mapping[str, Any]) -> Any:
    service = _required(store, SERVICE, variables["serviceId"], "ServiceInstance")
    return {"id": f"instance-{service['id']}", **service["instance"]}


def _update_instance(store: HostStore, variables: Mapping[str, Any]) -> bool:
    service = _required(store, SERVICE, variables["serviceId"], "ServiceInstance")
    given = variables["input"]
    unknown = [region for region in given.get("multiRegionConfig") or {} if region not in REGIONS]
    if unknown:
        raise _RefusedError(f"Region {unknown[0]} not available")
    service["instance"].update(given)
    store.save()
    return True


def _limits(store: HostStore, variables: Mapping[str, Any]) -> bool:
    given = variables["input"]
    service = _required(store, SERVICE, given["serviceId"], "ServiceInstance")
    service["limits"] = {"vCPUs": given["vCPUs"], "memoryGB": given["memoryGB"]}
    store.save()
    return True


def _set_variables(store: HostStore, variables: Mapping[str, Any]) -> bool:
    given = variables["input"]
    service = _required(store, SERVICE, given["serviceId"], "Service")
    service["variables"] = {**({} if given.get("replace") else service["variables"]), **given["variables"]}
    if not given.get("skipDeploys"):
        service["deployments"] += 1
    store.save()
    return True


def _connect(store: HostStore, variables: Mapping[str, Any]) -> Any:
    service = _required(store, SERVICE, variables["id"], "Service")
    service["instance"]["source"] = {"repo": variables["input"].get("repo"), "image": variables["input"].get("image")}
    service["branch"] = variables["input"].get("branch")
    store.save()
    return service


def _deploy(store: HostStore, variables: Mapping[str, Any]) -> str:
    service = _required(store, SERVICE, variables["serviceId"], "ServiceInstance")
    if not service["instance"].get("source"):
        raise _RefusedError("Cannot deploy a service without a source")
    service["deployments"] += 1
    store.save()
    return digest(f"deployment/{service['id']}/{service['deployments']}", 32)


def _egress(store: HostStore, variables: Mapping[str, Any]) -> Any:
    return _required(store, SERVICE, variables["serviceId"], "Service")["egress"]


def _create_egress(store: HostStore, variables: Mapping[str, Any]) -> Any:
    service = _required(store, SERVICE, variables["input"]["serviceId"], "Service")
    last = int(digest(service["id"], 2), 16) % 250 + 1
    # 203.0.113.0/24 is reserved for documentation (RFC 5737).
    service["egress"] = [{"ipv4": f"203.0.113.{last}", "region": REGIONS[0], "zone": None}]
    store.save()
    return service["egress"]


def _clear_egress(store: HostStore, variables: Mapping[str, Any]) -> bool:
    _required(store, SERVICE, variables["input"]["serviceId"], "Service")["egress"] = []
    store.save()
    return True


def _domains(store: HostStore, variables: Mapping[str, Any]) -> Any:
    found = store.find(DOMAIN, serviceId=variables["serviceId"])
    return {"customDomains": [_shown_domain(each) for each in found]}


def _create_domain(store: HostStore, variables: Mapping[str, Any]) -> Any:
    given = variables["input"]
    _required(store, SERVICE, given["serviceId"], "Service")
    if any(True for _ in store.find(DOMAIN, domain=given["domain"])):
        raise _RefusedError("Domain is already in use")
    return _shown_domain(store.create(DOMAIN, given))


def _delete_domain(store: HostStore, variables: Mapping[str, Any]) -> bool:
    _required(store, DOMAIN, variables["id"], "CustomDomain")
    return store.delete(DOMAIN, variables["id"])


def _required(store: HostStore, kind: str, id: str, name: str) -> Json:
    found = store.get(kind, id)
    if found is None:
        raise _RefusedError(f"{name} not found")
    return found


def _shown(store: HostStore, project: Json) -> Json:
    services = store.find(SERVICE, projectId=project["id"])
    return {
        **project,
        "deletedAt": None,
        "environments": {"edges": [{"node": {"id": project["environmentId"], "name": "production"}}]},
        "services": {"edges": [{"node": {"id": each["id"], "name": each["name"]}} for each in services]},
    }


def _shown_domain(domain: Json) -> Json:
    records = [
        {
            "fqdn": domain["domain"],
            "recordType": "DNS_RECORD_TYPE_CNAME",
            "requiredValue": f"{digest(domain['id'], 8)}.up.railway.app",
        },
        {
            "fqdn": f"_railway-verify.{domain['domain']}",
            "recordType": "DNS_RECORD_TYPE_TXT",
            "requiredValue": f"railway-verify={digest(domain['id'], 32)}",
        },
    ]
    return {"id": domain["id"], "domain": domain["domain"], "status": {"dnsRecords": records}}


_RESOLVERS: Final[Mapping[str, Resolver]] = {
    "projects": _projects,
    "project": _project,
    "projectCreate": _create_project,
    "projectDelete": _delete_project,
    "serviceCreate": _create_service,
    "serviceUpdate": _update_service,
    "serviceDelete": _delete_service,
    "serviceInstance": _instance,
    "serviceInstanceUpdate": _update_instance,
    "serviceInstanceLimitsUpdate": _limits,
    "serviceConnect": _connect,
    "serviceInstanceDeployV2": _deploy,
    "variableCollectionUpsert": _set_variables,
    "egressGateways": _egress,
    "egressGatewayAssociationCreate": _create_egress,
    "egressGatewayAssociationsClear": _clear_egress,
    "domains": _domains,
    "customDomainCreate": _create_domain,
    "customDomainDelete": _delete_domain,
}
