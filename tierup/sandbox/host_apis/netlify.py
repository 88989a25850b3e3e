"""Netlify's REST API, as far as sites need it.

Source: Netlify's OpenAPI description 2.60.0, npm package @netlify/open-api (read 2026-11-28). The
status codes of errors are assumed; page to check: https://docs.netlify.com/api/get-started/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from .store import Answer, HostStore, Json

SITE: Final = "netlify/site"
VARIABLE: Final = "netlify/variable"
_SECRET_CONTEXTS: Final = {"production", "deploy-preview", "branch-deploy", "branch", "dev"}
_NOT_FOUND: Final = Answer(404, {"code": 404, "message": "Not Found"})

Query = Mapping[str, str]
Handler = Callable[[HostStore, re.Match[str], Query, Any], Answer]


def handle(store: HostStore, method: str, path: str, query: Query, body: Any) -> Answer:
    """Answer one call."""
    for wanted, pattern, handler in _ROUTES:
        found = re.fullmatch(pattern, path)
        if wanted == method and found:
            return handler(store, found, query, body)
    return _NOT_FOUND


def _list(store: HostStore, path: re.Match[str], query: Query, _body: Any) -> Answer:
    name, team = query.get("name", ""), path["team"]
    found = [_shown(each) for each in store.find(SITE, account_slug=team) if name in each["name"]]
    page, size = int(query.get("page", 1)), min(int(query.get("per_page", 100)), 100)
    return Answer(200, found[(page - 1) * size : page * size])


def _create(store: HostStore, path: re.Match[str], _query: Query, body: Any) -> Answer:
    name = str(body.get("name") or "")
    if any(True for _ in store.find(SITE, name=name)):
        return Answer(422, {"code": 422, "message": "name must be unique", "errors": {"subdomain": ["must be unique"]}})
    site = store.create(SITE, {"account_slug": path["team"], "name": name, "state": "current", "builds": 0})
    return _change(store, site, body, status=201)


def _get(store: HostStore, path: re.Match[str], _query: Query, _body: Any) -> Answer:
    site = store.get(SITE, path["site"])
    return Answer(200, _shown(site)) if site else _NOT_FOUND


def _update(store: HostStore, path: re.Match[str], _query: Query, body: Any) -> Answer:
    site = store.get(SITE, path["site"])
    return _change(store, site, body, status=200) if site else _NOT_FOUND


def _change(store: HostStore, site: Json, body: Mapping[str, Any], *, status: int) -> Answer:
    domain = body.get("custom_domain")
    if domain and any(each["id"] != site["id"] for each in store.find(SITE, custom_domain=domain)):
        return Answer(422, {"code": 422, "message": f"custom_domain {domain} is already in use"})
    for key in ("name", "custom_domain", "force_ssl"):
        if key in body:
            site[key] = body[key]
    if body.get("repo"):
        if site.get("build_settings") != body["repo"]:
            site["builds"] += 1  # Netlify builds a site whose repository changes
        site["build_settings"] = body["repo"]
    store.save()
    return Answer(status, _shown(site))


def _delete(store: HostStore, path: re.Match[str], _query: Query, _body: Any) -> Answer:
    if not store.delete(SITE, path["site"]):
        return _NOT_FOUND
    for each in store.find(VARIABLE, site_id=path["site"]):
        store.delete(VARIABLE, each["id"])
    return Answer(204)


def _build(store: HostStore, path: re.Match[str], _query: Query, _body: Any) -> Answer:
    site = store.get(SITE, path["site"])
    if site is None:
        return _NOT_FOUND
    site["builds"] += 1
    store.save()
    return Answer(200, {"id": f"build-{site['builds']}", "done": False})


def _variables(store: HostStore, path: re.Match[str], query: Query, _body: Any) -> Answer:
    found = store.find(VARIABLE, account_id=path["account"], site_id=query.get("site_id"))
    return Answer(200, [_shown_variable(each) for each in found])


def _create_variables(store: HostStore, path: re.Match[str], query: Query, body: Any) -> Answer:
    scope = {"account_id": path["account"], "site_id": query.get("site_id")}
    for each in body:
        if any(True for _ in store.find(VARIABLE, key=each["key"], **scope)):
            return Answer(422, {"code": 422, "message": f"An environment variable {each['key']} already exists"})
        if each.get("is_secret") and any(value["context"] not in _SECRET_CONTEXTS for value in each["values"]):
            return Answer(422, {"code": 422, "message": "secret values need specific deploy contexts"})
    return Answer(201, [_shown_variable(store.create(VARIABLE, {**each, **scope})) for each in body])


def _replace_variable(store: HostStore, path: re.Match[str], query: Query, body: Any) -> Answer:
    found = _variable(store, path, query)
    if found is None:
        return _NOT_FOUND
    found.update({key: body[key] for key in ("values", "is_secret") if key in body})
    store.save()
    return Answer(200, _shown_variable(found))


def _delete_variable(store: HostStore, path: re.Match[str], query: Query, _body: Any) -> Answer:
    found = _variable(store, path, query)
    return Answer(204) if found and store.delete(VARIABLE, found["id"]) else _NOT_FOUND


def _variable(store: HostStore, path: re.Match[str], query: Query) -> Json | None:
    scope = {"account_id": path["account"], "site_id": query.get("site_id"), "key": path["key"]}
    return next(store.find(VARIABLE, **scope), None)


def _shown(site: Json) -> Json:
    return {"custom_domain": None, "build_settings": {}, **site, "ssl_url": f"https://{site['name']}.netlify.app"}


def _shown_variable(variable: Json) -> Json:
    """Return a variable as the API shows it: without the values of a secret one."""
    values = variable["values"]
    if variable.get("is_secret"):
        values = [{**each, "value": ""} for each in values]
    return {key: variable.get(key) for key in ("key", "is_secret", "scopes")} | {"values": values}


_ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", r"/accounts/(?P<account>[^/]+)/env", _variables),
    ("POST", r"/accounts/(?P<account>[^/]+)/env", _create_variables),
    ("PUT", r"/accounts/(?P<account>[^/]+)/env/(?P<key>[^/]+)", _replace_variable),
    ("DELETE", r"/accounts/(?P<account>[^/]+)/env/(?P<key>[^/]+)", _delete_variable),
    ("GET", r"/sites/(?P<site>[^/]+)", _get),
    ("PATCH", r"/sites/(?P<site>[^/]+)", _update),
    ("DELETE", r"/sites/(?P<site>[^/]+)", _delete),
    ("POST", r"/sites/(?P<site>[^/]+)/builds", _build),
    ("GET", r"/(?P<team>[^/]+)/sites", _list),
    ("POST", r"/(?P<team>[^/]+)/sites", _create),
)
