"""Railway's dynamic providers against a server of its API: order, repeatable creates, paging, refresh and errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from components.railway import api
from components.railway.deployment import RailwayDeployment, RailwayDeploymentArgs
from components.railway.providers import (
    RailwayDeploymentProvider,
    RailwayDomainProvider,
    RailwayEgressProvider,
    RailwayProjectProvider,
    RailwayServiceProvider,
)
from components.railway.service import RailwayService, RailwayServiceArgs
from components.rest.client import ApiError
from tests.engine_recorder import record
from tests.host_apis import host_apis
from tierup.sandbox.host_apis import railway
from tierup.sandbox.host_apis.server import HostApiServer
from tierup.sandbox.host_apis.store import Answer

PROJECT = {"workspace_id": "w1", "name": "shop"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostApiServer]:
    with host_apis(monkeypatch) as found:
        yield found


@pytest.fixture
def target(server: HostApiServer) -> dict[str, str]:
    """Create a project with a service, and return what refers to them."""
    project = RailwayProjectProvider().create(dict(PROJECT))
    ids = {"project_id": project.id, "environment_id": (project.outs or {})["environment_id"]}
    service = RailwayServiceProvider().create({**ids, "name": "backend"})
    return {**ids, "service_id": service.id}


def deployment(target: dict[str, str], **changes: Any) -> dict[str, Any]:
    return {
        **target,
        "region": "europe-west4-drams3a",
        "image": "ghcr.io/you/app:v1",
        "repository": "",
        "branch": "",
        "root_directory": "",
        "start_command": "",
        "health_check_path": "/health",
        "vcpus": 0.5,
        "memory_gb": 1,
        "replicas": 1,
        "variables": {"PORT": "5000", "JWT_SECRET": "s"},
        **changes,
    }


def service(server: HostApiServer) -> dict[str, Any]:
    (found,) = server.store.find(railway.SERVICE)
    return found


def test_creates_after_interrupted_ones_use_the_same_objects(server: HostApiServer, target: dict[str, str]) -> None:
    again = RailwayProjectProvider().create(dict(PROJECT))
    assert again.id == target["project_id"]
    ids = {"project_id": target["project_id"], "environment_id": target["environment_id"], "name": "backend"}
    assert RailwayServiceProvider().create(ids).id == target["service_id"]
    egress = {"service_id": target["service_id"], "environment_id": target["environment_id"]}
    first, second = (RailwayEgressProvider().create(dict(egress)).outs for _ in range(2))
    assert first == second
    assert service(server)["egress"]


def test_create_whose_answer_is_lost_makes_one_project(server: HostApiServer) -> None:
    nothing = {"data": {"projects": {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}}}
    server.faults += [Answer(200, nothing), Answer(502)]
    RailwayProjectProvider().create(dict(PROJECT))
    assert [each["name"] for each in server.store.find(railway.PROJECT)] == ["shop"]


def test_projects_are_searched_on_every_page(server: HostApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PAGE_SIZE", 2)
    names = [f"p{number}" for number in range(5)]
    for name in names:
        api.query(api.PROJECT_CREATE, {"input": {"name": name, "workspaceId": "w1"}})
    assert [each["name"] for each in api.projects("w1")] == names


def test_service_runs_only_when_it_is_deployed_with_all_settings(server: HostApiServer, target: dict[str, str]) -> None:
    assert service(server)["deployments"] == 0
    RailwayDeploymentProvider().create(deployment(target))
    found = service(server)
    assert found["deployments"] == 1
    assert found["variables"] == {"PORT": "5000", "JWT_SECRET": "s"}
    assert found["instance"]["healthcheckPath"] == "/health"
    assert found["instance"]["multiRegionConfig"] == {"europe-west4-drams3a": {"numReplicas": 1}}
    assert found["limits"] == {"vCPUs": 0.5, "memoryGB": 1.0}


def test_update_replaces_the_variables_and_deploys_again(server: HostApiServer, target: dict[str, str]) -> None:
    provider = RailwayDeploymentProvider()
    made = provider.create(deployment(target))
    provider.update(made.id, deployment(target), deployment(target, variables={"PORT": "8080"}))
    assert service(server)["variables"] == {"PORT": "8080"}
    assert service(server)["deployments"] == 2


def test_repository_is_connected_with_its_branch(server: HostApiServer, target: dict[str, str]) -> None:
    RailwayDeploymentProvider().create(deployment(target, image="", repository="you/app", branch="main"))
    assert service(server)["instance"]["source"] == {"repo": "you/app", "image": None}
    assert service(server)["branch"] == "main"


def test_refresh_finds_a_changed_health_check_and_a_deleted_service(
    server: HostApiServer, target: dict[str, str]
) -> None:
    provider, props = RailwayDeploymentProvider(), deployment(target)
    provider.create(props)
    assert not provider.diff("", provider.read(target["service_id"], props).outs or {}, props).changes
    service(server)["instance"]["healthcheckPath"] = "/"
    assert provider.diff("", provider.read(target["service_id"], props).outs or {}, props).changes
    RailwayServiceProvider().delete(target["service_id"], dict(target))
    assert provider.read(target["service_id"], props).id is None
    RailwayServiceProvider().delete(target["service_id"], dict(target))  # finds nothing, and succeeds


def test_domain_returns_both_dns_records(server: HostApiServer, target: dict[str, str]) -> None:
    props = {**target, "domain": "api.example.com", "port": 5000}
    made = RailwayDomainProvider().create(props)
    assert made.outs is not None
    assert made.outs["target"].endswith(".up.railway.app")
    assert made.outs["verification_name"] == "_railway-verify.api.example.com"
    assert made.outs["verification_value"].startswith("railway-verify=")
    assert RailwayDomainProvider().create(props).id == made.id
    RailwayDomainProvider().delete(made.id, props)
    assert RailwayDomainProvider().read(made.id, props).id is None


def test_rejected_operation_names_itself_and_the_reason(target: dict[str, str]) -> None:
    with pytest.raises(ApiError, match=r"^Railway: rejected the operation .*\(got Region mars not available\)"):
        RailwayDeploymentProvider().create(deployment(target, region="mars"))


def test_deleted_project_takes_its_services_along(server: HostApiServer, target: dict[str, str]) -> None:
    RailwayProjectProvider().delete(target["project_id"], {})
    assert list(server.store.find(railway.SERVICE)) == []
    assert RailwayProjectProvider().read(target["project_id"], dict(PROJECT)).id is None


def test_components_register_their_resources_and_keep_variables_secret() -> None:
    recording = record(lambda: RailwayService("api", RailwayServiceArgs(workspace_id="w1", project_name="shop")))
    assert recording.tree() == {"api": None, "api-project": "api", "api-service": "api", "api-egress": "api"}
    args = RailwayDeploymentArgs(
        project_id="p", environment_id="e", service_id="s", region="us-west2", health_check_path="/health",
        variables={"PORT": "5000"}, vcpus=1, memory_gb=1, image="ghcr.io/you/app:v1",
    )  # fmt: skip
    found = record(lambda: RailwayDeployment("run", args)).named("run-deployment")
    assert found.secret_inputs == {"variables"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image": None}, r"^image, repository: exactly one is needed"),
        ({"health_check_path": "health"}, r"^health_check_path: not a path \(got 'health'\)"),
        ({"vcpus": 0}, r"^vcpus, memory_gb: must be positive"),
        ({"replicas": 0}, r"^replicas: must be positive \(got 0\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "project_id": "p", "environment_id": "e", "service_id": "s", "region": "us-west2", "variables": {},
        "health_check_path": "/health", "vcpus": 1, "memory_gb": 1, "image": "ghcr.io/you/app:v1",
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        RailwayDeploymentArgs(**{**given, **change})
