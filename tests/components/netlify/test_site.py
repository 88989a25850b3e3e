"""A site on Netlify: what the component registers, and the calls of its provider against a server of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from components.netlify import api
from components.netlify.site import NetlifySite, NetlifySiteArgs
from components.netlify.site_provider import NetlifySiteProvider
from components.rest.client import ApiError
from tests.engine_recorder import record
from tests.host_apis import host_apis
from tierup.sandbox.host_apis import netlify
from tierup.sandbox.host_apis.server import HostApiServer
from tierup.sandbox.host_apis.store import Answer

ARGS = NetlifySiteArgs(
    team="you",
    site_name="shop-site",
    domain="app.example.com",
    repository="you/app",
    branch="main",
    environment={"VITE_API_URL": "https://api.example.com/api"},
    secrets={"NPM_TOKEN": "npm_secret"},
)
PROPS: dict[str, Any] = {
    "team": "you",
    "name": "shop-site",
    "domain": "app.example.com",
    "repository": "you/app",
    "branch": "main",
    "build_command": "npm run build",
    "publish_directory": "dist",
    "installation_id": "",
    "environment": {"VITE_API_URL": "https://api.example.com/api"},
    "secrets": {"NPM_TOKEN": "npm_secret"},
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostApiServer]:
    with host_apis(monkeypatch) as found:
        yield found


def site(server: HostApiServer) -> dict[str, Any]:
    (found,) = server.store.find(netlify.SITE)
    return found


def variables(server: HostApiServer) -> dict[str, Any]:
    return {each["key"]: each for each in server.store.find(netlify.VARIABLE)}


def test_component_registers_a_site_with_secret_variables() -> None:
    recording = record(lambda: NetlifySite("site", ARGS))
    (found,) = recording.of("pulumi-python:dynamic/netlify:Site")
    assert recording.tree() == {"site": None, "site-site": "site"}
    assert found.inputs["environment"] == {"VITE_API_URL": "https://api.example.com/api"}
    assert "secrets" in found.secret_inputs
    assert "__provider" not in found.secret_inputs


@pytest.mark.parametrize(
    ("change", "message"),
    [({"site_name": "Shop"}, r"^site_name: .*\(got 'Shop'\)"), ({"repository": "app"}, r"^repository: not owner/name")],
)
def test_invalid_arguments_are_rejected(change: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)


def test_create_sets_the_variables_before_the_repository(server: HostApiServer) -> None:
    made = NetlifySiteProvider().create(dict(PROPS))
    assert made.outs is not None
    assert made.outs["default_domain"] == "shop-site.netlify.app"
    assert site(server)["build_settings"]["repo_path"] == "you/app"
    assert site(server)["custom_domain"] == "app.example.com"
    assert {key: each["is_secret"] for key, each in variables(server).items()} == {
        "VITE_API_URL": False,
        "NPM_TOKEN": True,
    }
    writes = [call for call in server.calls if call[0] != "GET"]
    assert [method for method, _ in writes] == ["POST", "POST", "PATCH"]
    assert writes[1][1].endswith("/accounts/you/env")


def test_create_after_an_interrupted_one_uses_the_same_site(server: HostApiServer) -> None:
    api.API.call("POST", "/you/sites", body={"name": "shop-site"})
    NetlifySiteProvider().create(dict(PROPS))
    assert site(server)["custom_domain"] == "app.example.com"


def test_create_whose_answer_is_lost_makes_one_site(server: HostApiServer) -> None:
    server.faults += [Answer(200, []), Answer(503)]
    NetlifySiteProvider().create(dict(PROPS))
    assert site(server)["name"] == "shop-site"


def test_site_of_another_repository_is_not_taken_over(server: HostApiServer) -> None:
    api.API.call("POST", "/you/sites", body={"name": "shop-site", "repo": {"repo_path": "you/other"}})
    with pytest.raises(ApiError, match=r"^name: a site of the team has this name and another use \(got shop-site"):
        NetlifySiteProvider().create(dict(PROPS))


def test_sites_are_searched_on_every_page(server: HostApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PAGE_SIZE", 2)
    names = [f"site-{number}" for number in range(5)]
    for name in names:
        api.API.call("POST", "/you/sites", body={"name": name})
    assert [each["name"] for each in api.sites("you", "site")] == names


def test_update_changes_adds_and_deletes_variables_and_builds(server: HostApiServer) -> None:
    provider = NetlifySiteProvider()
    made = provider.create(dict(PROPS))
    builds = site(server)["builds"]
    news = {**PROPS, "branch": "next", "environment": {"VITE_OTHER": "1"}, "secrets": {"NPM_TOKEN": "npm_other"}}
    provider.update(made.id, {**PROPS, **(made.outs or {})}, news)
    assert variables(server).keys() == {"VITE_OTHER", "NPM_TOKEN"}
    assert variables(server)["NPM_TOKEN"]["values"][0]["value"] == "npm_other"
    assert site(server)["build_settings"]["repo_branch"] == "next"
    assert site(server)["builds"] > builds


def test_refresh_finds_a_changed_variable_and_a_deleted_site(server: HostApiServer) -> None:
    provider = NetlifySiteProvider()
    made = provider.create(dict(PROPS))
    variables(server)["VITE_API_URL"]["values"][0]["value"] = "https://other.example.com"
    read = provider.read(made.id, dict(made.outs or {})).outs or {}
    assert read["environment"] == {"VITE_API_URL": "https://other.example.com"}
    assert provider.diff(made.id, read, PROPS).changes
    provider.delete(made.id, {})
    assert provider.read(made.id, dict(made.outs or {})).id is None
    provider.delete(made.id, {})  # a second delete finds nothing, and succeeds
