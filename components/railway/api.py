"""Railway's GraphQL API: the calls that a project and a service need.

Source of all operations and fields: src/gql/schema.json of github.com/railwayapp/cli at df3838b, which is an
introspection of the API (read 2026-11-28). Limits and the endpoint: https://docs.railway.com/integrations/api (read
2026-11-28).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from components.rest.client import ApiError, JsonApi

API: Final = JsonApi(
    service="Railway",
    base_url="https://backboard.railway.com/graphql/v2",
    base_url_variable="RAILWAY_API_URL",
    token_variable="RAILWAY_API_TOKEN",  # noqa: S106 (the name of a variable)
    token_page="https://railway.com/account/tokens",  # noqa: S106 (a page)
)
PAGE_SIZE: Final = 50
ENVIRONMENT: Final = "production"
"""The environment that a new project has."""

Json = dict[str, Any]

PROJECTS: Final = """query Projects($workspaceId: String, $first: Int, $after: String) {
  projects(workspaceId: $workspaceId, first: $first, after: $after) {
    edges { node { id name environments { edges { node { id name } } } } }
    pageInfo { hasNextPage endCursor }
  }
}"""
PROJECT: Final = """query Project($id: String!) {
  project(id: $id) {
    id name deletedAt
    environments { edges { node { id name } } }
    services { edges { node { id name } } }
  }
}"""
PROJECT_CREATE: Final = """mutation ProjectCreate($input: ProjectCreateInput!) {
  projectCreate(input: $input) { id name environments { edges { node { id name } } } }
}"""
PROJECT_DELETE: Final = "mutation ProjectDelete($id: String!) { projectDelete(id: $id) }"
SERVICE_CREATE: Final = """mutation ServiceCreate($input: ServiceCreateInput!) {
  serviceCreate(input: $input) { id name }
}"""
SERVICE_UPDATE: Final = """mutation ServiceUpdate($id: String!, $input: ServiceUpdateInput!) {
  serviceUpdate(id: $id, input: $input) { id name }
}"""
SERVICE_DELETE: Final = """mutation ServiceDelete($id: String!, $environmentId: String) {
  serviceDelete(id: $id, environmentId: $environmentId)
}"""
INSTANCE: Final = """query ServiceInstance($serviceId: String!, $environmentId: String!) {
  serviceInstance(serviceId: $serviceId, environmentId: $environmentId) {
    id healthcheckPath startCommand rootDirectory region source { image repo }
  }
}"""
INSTANCE_UPDATE: Final = """mutation Configure(
  $serviceId: String!, $environmentId: String, $input: ServiceInstanceUpdateInput!
) {
  serviceInstanceUpdate(serviceId: $serviceId, environmentId: $environmentId, input: $input)
}"""
LIMITS_UPDATE: Final = """mutation Limits($input: ServiceInstanceLimitsUpdateInput!) {
  serviceInstanceLimitsUpdate(input: $input)
}"""
CONNECT: Final = """mutation ServiceConnect($id: String!, $input: ServiceConnectInput!) {
  serviceConnect(id: $id, input: $input) { id }
}"""
DEPLOY: Final = """mutation Deploy($serviceId: String!, $environmentId: String!) {
  serviceInstanceDeployV2(serviceId: $serviceId, environmentId: $environmentId)
}"""
VARIABLES_UPSERT: Final = """mutation Variables($input: VariableCollectionUpsertInput!) {
  variableCollectionUpsert(input: $input)
}"""
EGRESS: Final = """query EgressGateways($environmentId: String!, $serviceId: String!) {
  egressGateways(environmentId: $environmentId, serviceId: $serviceId) { ipv4 region zone }
}"""
EGRESS_CREATE: Final = """mutation EgressCreate($input: EgressGatewayCreateInput!) {
  egressGatewayAssociationCreate(input: $input) { ipv4 region zone }
}"""
EGRESS_CLEAR: Final = """mutation EgressClear($input: EgressGatewayServiceTargetInput!) {
  egressGatewayAssociationsClear(input: $input)
}"""
_DOMAIN_FIELDS: Final = """id domain targetPort status {
  dnsRecords { fqdn recordType requiredValue } verificationDnsHost verificationToken
}"""
DOMAINS: Final = (
    "query Domains($projectId: String!, $environmentId: String!, $serviceId: String!) {\n"
    "  domains(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId) {\n"
    f"    customDomains {{ {_DOMAIN_FIELDS} }}\n  }}\n}}"
)
DOMAIN_CREATE: Final = (
    "mutation CustomDomainCreate($input: CustomDomainCreateInput!) {\n"
    f"  customDomainCreate(input: $input) {{ {_DOMAIN_FIELDS} }}\n}}"
)
DOMAIN_DELETE: Final = "mutation CustomDomainDelete($id: String!) { customDomainDelete(id: $id) }"


def query(text: str, variables: Mapping[str, Any]) -> Json:
    """Return the data of an operation. Raises ApiError with the first error of the answer."""
    answer = cast("Json", API.call("POST", "", body={"query": text, "variables": dict(variables)}))
    errors = answer.get("errors")
    if errors:
        operation = text.partition("(")[0].split()[-1]
        reason = str(errors[0].get("message", "no message"))
        missing = "not found" in reason.lower()
        raise ApiError(
            f"Railway: rejected the operation {operation} (got {reason}). Correct the setting that the reason names; "
            f"for `Not Authorized` check the token in {API.token_variable}.",
            HTTPStatus.NOT_FOUND if missing else HTTPStatus.BAD_REQUEST,
        )
    return cast("Json", answer["data"])


def nodes(connection: Json) -> list[Json]:
    """Return the nodes of a connection."""
    return [each["node"] for each in connection["edges"]]


def projects(workspace_id: str) -> Iterator[Json]:
    """Yield the projects of a workspace, page by page."""
    after: str | None = None
    while True:
        variables = {"workspaceId": workspace_id, "first": PAGE_SIZE, "after": after}
        found = query(PROJECTS, variables)["projects"]
        yield from nodes(found)
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def project(project_id: str) -> Json | None:
    """Return a project, or None if it does not exist or is being deleted."""
    try:
        found = query(PROJECT, {"id": project_id})["project"]
    except ApiError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return None
        raise
    return None if found.get("deletedAt") else found


def environment_id(found: Json) -> str:
    """Return the id of a project's environment `production`. Raises ApiError."""
    for each in nodes(found["environments"]):
        if each["name"] == ENVIRONMENT:
            return str(each["id"])
    raise ApiError(
        f"Railway: the project has no environment {ENVIRONMENT} (got project {found['name']}). Create the environment "
        "again, or delete the project.",
        HTTPStatus.NOT_FOUND,
    )


def ignore_missing(text: str, variables: Mapping[str, Any]) -> None:
    """Run a delete, which succeeds if its object does not exist."""
    try:
        query(text, variables)
    except ApiError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
