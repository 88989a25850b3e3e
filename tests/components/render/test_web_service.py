"""A web service on Render: its source, variables and domain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.render.web_service import RenderWebService, RenderWebServiceArgs
from tests.engine_recorder import record

ARGS = RenderWebServiceArgs(
    owner_id="tea-0",
    service_name="shop-api",
    plan="starter",
    region="frankfurt",
    domain="api.example.com",
    health_check_path="/health",
    repository="https://github.com/you/app",
    root_directory="backend",
    environment={"PORT": "5000", "JWT_SECRET": "s"},
)
SERVICE = "render:services:WebService"


def test_service_has_its_source_size_region_and_health_check() -> None:
    found = record(lambda: RenderWebService("api", ARGS)).one(SERVICE)
    assert found.inputs["serviceDetails"] == {
        "runtime": "docker",
        "plan": "starter",
        "region": "frankfurt",
        "numInstances": 1,
        "healthCheckPath": "/health",
    }
    assert (found.inputs["repo"], found.inputs["rootDir"]) == ("https://github.com/you/app", "backend")
    assert found.opts.replace_on_changes == ("serviceDetails.region",)


def test_changed_variables_do_not_replace_the_service() -> None:
    recording = record(lambda: RenderWebService("api", ARGS))
    service, variables = recording.one(SERVICE), recording.one("render:services:EnvVarsForService")
    assert service.opts.ignore_changes == ("envVars",)
    assert service.inputs["envVars"] == variables.inputs["envVars"]
    assert {each["key"] for each in variables.inputs["envVars"]} == {"PORT", "JWT_SECRET"}
    assert "envVars" in service.secret_inputs & variables.secret_inputs


def test_image_is_run_without_automatic_deployments() -> None:
    args = replace(ARGS, repository=None, image="ghcr.io/you/app:v1")
    found = record(lambda: RenderWebService("api", args)).one(SERVICE)
    assert found.inputs["image"] == {"imagePath": "ghcr.io/you/app:v1", "ownerId": "tea-0"}
    assert found.inputs["serviceDetails"]["runtime"] == "image"
    assert found.inputs["autoDeploy"] == "no"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"owner_id": "you"}, r"^owner_id: not the id of a workspace \(got 'you'\)"),
        ({"plan": "free"}, r"^plan: not an instance type \(got 'free'\)"),
        ({"region": "dublin"}, r"^region: not a region of Render \(got 'dublin'\)"),
        ({"image": "ghcr.io/you/app:v1"}, r"^image, repository: exactly one is needed"),
        ({"health_check_path": "health"}, r"^health_check_path: not a path"),
        ({"instances": 0}, r"^instances: must be positive"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
