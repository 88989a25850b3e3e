"""The example program that uses components outside of tierup's own program: against mocks, and in the sandbox."""

from __future__ import annotations

import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from tests.engine_recorder import Recording, record
from tests.tierup.deployment.conftest import SandboxProject
from tierup.sandbox import stop

FOLDER = Path(__file__).parents[3] / "examples" / "own-program"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
CONFIG = {"aws:region": "eu-west-1", "own-program:certificateArn": CERTIFICATE}


def recorded() -> Recording[Any]:
    spec = spec_from_file_location("own_program_shop", FOLDER / "shop.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)

    def build() -> object:
        pulumi.runtime.set_all_config(CONFIG)
        try:
            return module.create()
        finally:
            pulumi.runtime.set_all_config({})

    return record(build, project="own-program")


def test_the_program_creates_a_network_a_load_balancer_a_cache_and_a_service() -> None:
    recording = recorded()
    components = {each.type: each.name for each in recording.resources if not each.custom}
    assert components["tierup:aws:Network"] == "shop"
    assert components["tierup:aws:LoadBalancer"] == "shop"
    assert components["tierup:aws:ReplicationGroup"] == "shop-cache"
    assert components["tierup:aws:EcsService"] == "shop"
    service, targets = recording.one("aws:ecs/service:Service"), recording.one("aws:lb/targetGroup:TargetGroup")
    assert service.inputs["loadBalancers"][0]["targetGroupArn"] == targets.outputs["arn"]
    assert recording.value(recording.result.service_name) == "shop-service-name"


@pytest.mark.engine
@pytest.mark.exhaustive
def test_the_program_deploys_to_the_sandbox_and_a_second_preview_is_empty(
    sandbox_project: SandboxProject, tmp_path: Path
) -> None:
    folder = tmp_path / "own-program"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    project["runtime"] = "python"  # the Python of the tests, as the virtual environment is relative to the checkout
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": CONFIG}))
    program = SandboxProject(folder, sandbox_project.home, sandbox_project.environment)
    try:
        imported = ("--input", "certificateBody=x", "--input", "privateKey=x")  # an imported certificate is issued
        seeded = program.run("sandbox", "seed", "aws:acm/certificate:Certificate", CERTIFICATE, *imported)
        assert seeded.code == 0, seeded.stderr
        up = program.run("up", "--sandbox", "--no-policies", "--json")
        assert up.code == 0, up.stdout + up.stderr
        assert up.document["changes"]["create"] > 40
        assert program.run("preview", "--sandbox", "--no-policies", "--expect-no-changes").code == 0
    finally:
        stop(folder / ".tierup")
