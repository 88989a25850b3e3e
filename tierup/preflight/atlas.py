"""MongoDB Atlas: credentials, the API access list, the organization, and the name of the project.

https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/ (paths and error codes as in its clients, read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from requests.auth import HTTPDigestAuth

from tierup.http_session import open_session
from tierup.preflight.check import CheckNotPossibleError, PreflightCheck, PreflightFinding, failed, passed
from tierup.preflight.context import PreflightContext, input_text
from tierup.preflight.http_client import HttpAnswer, send

_BASE_URL: Final = "https://cloud.mongodb.com"
_MEDIA_TYPE: Final = "application/vnd.atlas.2023-01-01+json"
_PROJECT: Final = "mongodbatlas:index/project:Project"
_ACCESS_LIST: Final = ("IP_ADDRESS_NOT_ON_ACCESS_LIST", "ORG_REQUIRES_ACCESS_LIST", "RESOURCE_REQUIRES_ACCESS_LIST")
_ALLOW_ADDRESS: Final = (
    "In Atlas: Organization Settings, Access Manager, Applications: add the address of this machine to the API access "
    "list of the service account or API key"
)
_CREATE: Final = (
    "Create a service account with the role Organization Project Creator, and export MONGODB_ATLAS_CLIENT_ID and "
    "MONGODB_ATLAS_CLIENT_SECRET"
)


class AtlasApi:
    """The Administration API with the stack's credentials: a service account or an API key."""

    def __init__(self, context: PreflightContext) -> None:
        """Log in. Raises CheckNotPossibleError without credentials or network."""
        self._base = (
            context.setting_or_variable("mongodbatlas:baseUrl", "MONGODB_ATLAS_BASE_URL") or _BASE_URL
        ).rstrip("/")
        self._session = open_session()
        self._session.headers["Accept"] = _MEDIA_TYPE
        self.rejected = ""
        """Why Atlas rejected the service account, or ""."""
        client = context.setting_or_variable("mongodbatlas:clientId", "MONGODB_ATLAS_CLIENT_ID")
        secret = context.setting_or_variable("mongodbatlas:clientSecret", "MONGODB_ATLAS_CLIENT_SECRET")
        public = context.setting_or_variable("mongodbatlas:publicKey", "MONGODB_ATLAS_PUBLIC_KEY")
        private = context.setting_or_variable("mongodbatlas:privateKey", "MONGODB_ATLAS_PRIVATE_KEY")
        if client and secret:
            self._log_in(client, secret)
        elif public and private:
            self._session.auth = HTTPDigestAuth(public, private)
        elif any(key.startswith("mongodbatlas:") for key in context.plan.secret_keys):
            raise CheckNotPossibleError(
                "The Atlas credentials are encrypted in the stack's settings, which preflight does not decrypt.",
                "export MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET",
            )
        else:
            self.rejected = "There are no Atlas credentials."

    def _log_in(self, client: str, secret: str) -> None:
        answer = send(
            self._session,
            "POST",
            f"{self._base}/api/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(client, secret),
            headers={"Accept": "application/json"},
        )
        token = answer.document.get("access_token")
        if answer.status != 200 or not isinstance(token, str):
            self.rejected = f"Atlas rejects the service account (got status {answer.status})."
            return
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> HttpAnswer:
        """Return the answer to a GET of a path below /api/atlas/v2."""
        return send(self._session, "GET", f"{self._base}/api/atlas/v2{path}")


def _organization(context: PreflightContext) -> Iterator[PreflightFinding]:
    organization = context.settings.atlas_org_id
    api = AtlasApi(context)
    if api.rejected:
        yield failed(api.rejected, _CREATE)
        return
    answer = api.get(f"/orgs/{organization}")
    code = str(answer.document.get("errorCode") or "")
    match answer.status:
        case 200:
            name = answer.document.get("name") or organization
            yield passed(f"The credentials may read the Atlas organization {name}.")
        case 401 if code not in _ACCESS_LIST:
            yield failed("Atlas rejects the API key (got status 401).", _CREATE)
        case 401 | 403 if code in _ACCESS_LIST:
            address = "".join(str(each) for each in answer.document.get("parameters") or ()) or "this machine's address"
            yield failed(
                f"Atlas does not accept calls from {address}, which is not on the API access list.", _ALLOW_ADDRESS
            )
        case 403:
            yield failed(
                f"The credentials may not read the organization {organization} (got {code or 'status 403'}).",
                f"{_ALLOW_ADDRESS}; or give them the role Organization Project Creator",
            )
        case 404:
            yield failed(
                f"tierup:atlasOrgId: Atlas has no organization {organization} for these credentials.",
                f"pulumi config set tierup:atlasOrgId ORGANIZATION --stack {context.plan.stack}",
            )
        case status:
            raise CheckNotPossibleError(f"Atlas returned status {status} for the organization ({code}).")


def _project(context: PreflightContext) -> Iterator[PreflightFinding]:
    names = [name for each in context.resources() if each.type == _PROJECT and (name := input_text(each, "name"))]
    api = AtlasApi(context)
    if api.rejected:
        raise CheckNotPossibleError(api.rejected)
    for name in names:
        answer = api.get(f"/groups/byName/{quote(name, safe='')}")
        if answer.status == 200 and not _is_own(context, answer.document):
            identity = answer.document.get("id")
            yield failed(
                f"Atlas already has a project {name} ({identity}), which is not the stack's.",
                f"Rename that project, or: pulumi import {_PROJECT} NAME {identity} --stack {context.plan.stack}",
            )
        elif answer.status in (200, 404):
            state = "is the stack's" if answer.status == 200 else "is free"
            yield passed(f"The project name {name} {state}.")
        else:
            code = answer.document.get("errorCode") or "no code"
            raise CheckNotPossibleError(f"Atlas returned status {answer.status} for the project name ({code}).")


def _is_own(context: PreflightContext, document: dict[str, Any]) -> bool:
    tags = {str(each.get("key")): str(each.get("value")) for each in document.get("tags") or ()}
    return context.plan.tags.items() <= tags.items()


CHECKS: Final = (
    PreflightCheck(
        name="atlas-organization",
        area="MongoDB Atlas",
        description="The credentials are valid, this machine is on the API access list, and the organization exists.",
        run=_organization,
    ),
    PreflightCheck(
        name="atlas-project",
        area="MongoDB Atlas",
        description="No other project has the name of the stack's project.",
        run=_project,
        timeout_seconds=150,
    ),
)
