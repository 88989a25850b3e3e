"""The dynamic provider of a Netlify site, with its repository, environment variables and domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.netlify import api
from components.netlify.api import Json
from components.rest.client import ApiError, create_once
from components.rest.dynamic_provider import ImportedProvider

_READ = {"name": "name", "custom_domain": "domain"}  # fields of the API that a refresh compares, with their inputs


class NetlifySiteProvider(ImportedProvider):
    """Creates, reads, changes and deletes a site.

    The site gets its repository last: Netlify builds it as soon as it has one, and the build needs the variables.
    """

    replaces = ("team",)

    def create(self, props: dict[str, Any]) -> CreateResult:
        found = create_once(
            lambda: _existing(props),
            lambda: api.API.call("POST", f"/{props['team']}/sites", body={"name": props["name"]}),
        )
        site_id = str(found["id"])
        api.set_variables(props["team"], site_id, props["environment"], props["secrets"], set())
        changed = api.API.call("PATCH", f"/sites/{site_id}", body=_body(props))
        return CreateResult(site_id, _outputs(props, changed))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        found = api.site(id_)
        if found is None:
            return ReadResult(None, {})
        known = {key: str(found.get(field) or "") for field, key in _READ.items()}
        existing = api.variables(props["team"], id_)
        plain = {key: _value(existing[key]) for key in props["environment"] if key in existing}
        return ReadResult(id_, {**props, **known, "environment": plain})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        removed = {*_olds["environment"], *_olds["secrets"]} - {*_news["environment"], *_news["secrets"]}
        api.set_variables(_news["team"], _id, _news["environment"], _news["secrets"], removed)
        changed = api.API.call("PATCH", f"/sites/{_id}", body=_body(_news))
        api.API.call("POST", f"/sites/{_id}/builds")  # a running site has the variables of its last build
        return UpdateResult(_outputs(_news, changed))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        try:
            api.API.call("DELETE", f"/sites/{_id}")
        except ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise


def _existing(props: Mapping[str, Any]) -> Json | None:
    """Return the site that an interrupted create has left. Raises ApiError if the name has another use."""
    for found in _named(props["team"], props["name"]):
        repository = (found.get("build_settings") or {}).get("repo_path")
        if repository not in (None, "", props["repository"]) or found.get("custom_domain") not in (
            None,
            "",
            props["domain"],
        ):
            raise ApiError(
                f"name: a site of the team has this name and another use (got {props['name']}, with the repository "
                f"{repository or 'none'}). Delete that site, or choose another name.",
                HTTPStatus.CONFLICT,
            )
        return found
    return None


def _named(team: str, name: str) -> Iterator[Json]:
    return (found for found in api.sites(team, name) if found.get("name") == name)


def _body(props: Mapping[str, Any]) -> Json:
    repository: Json = {
        "provider": "github",
        "repo_path": props["repository"],
        "repo_branch": props["branch"],
        "cmd": props["build_command"],
        "dir": props["publish_directory"],
    }
    if props.get("installation_id"):
        repository["installation_id"] = int(props["installation_id"])
    return {
        "name": props["name"],
        "custom_domain": props["domain"],
        "force_ssl": True,
        "repo": repository,
    }


def _outputs(props: Mapping[str, Any], site: Json) -> Json:
    name = str(site.get("name") or props["name"])
    return {**props, "default_domain": f"{name}.netlify.app"}


def _value(variable: Json) -> str:
    values = variable.get("values") or [{}]
    return str(values[0].get("value") or "")
