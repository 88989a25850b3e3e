"""Netlify's REST API: the calls that a site needs.

Source of all paths and fields: Netlify's OpenAPI description 2.60.0, npm package @netlify/open-api (read 2026-11-28).
Netlify's own command-line tool passes the slug of a team as the account id of environment variables (from memory).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import quote

from components.rest.client import ApiError, JsonApi

API: Final = JsonApi(
    service="Netlify",
    base_url="https://api.netlify.com/api/v1",
    base_url_variable="NETLIFY_API_URL",
    token_variable="NETLIFY_AUTH_TOKEN",  # noqa: S106 (the name of a variable)
    token_page="https://app.netlify.com/user/applications",  # noqa: S106 (a page)
)
PAGE_SIZE: Final = 100
SECRET_CONTEXTS: Final = ("production", "deploy-preview", "branch-deploy")
"""The deploy contexts of a secret variable: `all` would include local development, where values are readable."""

Json = dict[str, Any]


def sites(team: str, name: str) -> Iterator[Json]:
    """Yield the sites of a team whose name contains `name`, page by page. Raises ApiError for an unknown team."""
    page = 1
    while True:
        try:
            parameters = {"name": name, "page": page, "per_page": PAGE_SIZE}
            found = cast("list[Json]", API.call("GET", f"/{quote(team)}/sites", parameters=parameters))
        except ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            raise ApiError(
                f"team: the token reaches no team with this slug (got {team}). Copy the slug from the address of the "
                "team's page, app.netlify.com/teams/<slug>.",
                error.status,
            ) from error
        yield from found
        if len(found) < PAGE_SIZE:
            return
        page += 1


def site(site_id: str) -> Json | None:
    """Return a site, or None if it does not exist."""
    try:
        return cast("Json", API.call("GET", f"/sites/{quote(site_id)}"))
    except ApiError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return None
        raise


def variables(team: str, site_id: str) -> dict[str, Json]:
    """Return the environment variables of a site by key."""
    found = cast("list[Json]", API.call("GET", f"/accounts/{quote(team)}/env", parameters={"site_id": site_id}))
    return {str(each["key"]): each for each in found}


def set_variables(
    team: str, site_id: str, plain: Mapping[str, str], secrets: Mapping[str, str], removed: set[str]
) -> None:
    """Create or replace the variables of a site, and delete those in `removed`."""
    existing = variables(team, site_id)
    wanted = {key: _variable(key, value, secret=False) for key, value in plain.items()}
    wanted |= {key: _variable(key, value, secret=True) for key, value in secrets.items()}
    folder, parameters = f"/accounts/{quote(team)}/env", {"site_id": site_id}
    created = [body for key, body in wanted.items() if key not in existing]
    if created:
        API.call("POST", folder, parameters=parameters, body=created)
    for key, body in wanted.items():
        if key in existing and (body["is_secret"] or not _is_equal(existing[key], body)):
            API.call("PUT", f"{folder}/{quote(key)}", parameters=parameters, body=body)
    for key in sorted(removed & existing.keys()):
        API.call("DELETE", f"{folder}/{quote(key)}", parameters=parameters)


def _variable(key: str, value: str, *, secret: bool) -> Json:
    contexts = SECRET_CONTEXTS if secret else ("all",)
    return {
        "key": key,
        "is_secret": secret,
        "values": [{"context": context, "value": value} for context in contexts],
    }


def _is_equal(existing: Json, wanted: Json) -> bool:
    values = [{"context": each.get("context"), "value": each.get("value")} for each in existing.get("values") or ()]
    return bool(existing.get("is_secret")) == wanted["is_secret"] and values == wanted["values"]
