"""Volumes: a file system with a folder for each name, which the tasks of the image and chosen services mount."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from tests.stacks.deployed import deploy
from tests.stacks.test_options import built_with_secrets, errors
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic.evaluation import Evaluator, Report, evaluate, world_of
from tierup.sandbox.traffic.hops import efs

VOLUMES = json.dumps({"volumes": {"uploads": "/var/uploads", "cache": "/var/cache"}})
SERVICES = json.dumps(
    {
        "reports": {
            "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:v1",
            "paths": ["/reports/*"],
            "priority": 100,
            "volumes": {"uploads": "/mnt/uploads"},
        }
    }
)
TASK = "aws:ecs/taskDefinition:TaskDefinition"


def mounts(recording: Any, name: str) -> dict[str, str]:
    """Return volume → path of the container of a task."""
    (task,) = [each for each in recording.of(TASK) if each.name == f"{name}-task"]
    points = json.loads(task.inputs["containerDefinitions"])[0].get("mountPoints", [])
    assert {each["name"] for each in task.inputs.get("volumes", [])} == {each["sourceVolume"] for each in points}
    return {each["sourceVolume"]: each["containerPath"] for each in points}


def test_tasks_of_the_image_mount_all_volumes_and_a_service_its_own() -> None:
    recording = built_with_secrets(phase=Phase.ENTERPRISE, backend=VOLUMES, services=SERVICES)
    both = {"uploads": "/var/uploads", "cache": "/var/cache"}
    assert mounts(recording, "backend") == mounts(recording, "worker") == both
    assert mounts(recording, "reports") == {"uploads": "/mnt/uploads"}
    points = [each.name for each in recording.of("aws:efs/accessPoint:AccessPoint")]
    assert sorted(points) == ["files-cache", "files-uploads"], "containers with the same name share its files"


def test_a_stack_without_volumes_has_no_file_system() -> None:
    assert built_with_secrets().of("aws:efs/fileSystem:FileSystem") == []


def test_tasks_mount_their_volumes_in_the_sandbox_until_a_zone_or_permission_is_missing() -> None:
    reports: list[Report] = []
    without: list[Report] = []

    def inspect(cloud: Cloud) -> None:
        reports.append(evaluate(cloud))
        world = world_of(cloud)
        world.rows.drop(next(iter(world.rows.all(efs.MOUNT_TARGET))))
        without.append(Evaluator(world).report())

    settings = {"phase": Phase.SCALE.value, "tier": "small", "backend": VOLUMES}
    assert deploy(settings, inspect=inspect, destroy=True, again=True) == ([], [])
    assert [each.as_document() for each in [*reports[0].failed, *reports[0].opened]] == []
    flows = {f"{task} to volume {name}" for task in ("backend", "worker") for name in ("cache", "uploads")}
    assert flows <= {each.flow.id for each in reports[0].served}
    assert {each.flow.id for each in without[0].failed} == flows


@pytest.mark.parametrize(
    ("volumes", "message"),
    [
        ({"Uploads": "/var/uploads"}, "lower-case letters"),
        ({"uploads": "var/uploads"}, "not a path that a volume can have"),
        ({"uploads": "/tmp/uploads"}, "not a path that a volume can have"),
        ({"uploads": "/var/../etc"}, "not a path that a volume can have"),
    ],
)
def test_other_volumes_are_rejected(volumes: dict[str, str], message: str) -> None:
    found = errors(backend=json.dumps({"volumes": volumes}))
    assert any(message in text for text in found.values())


def test_volumes_are_only_for_tasks_of_one_region() -> None:
    pods = errors(Phase.SCALE, backend=VOLUMES, orchestrator="eks")
    assert "pods have no volumes of EFS" in pods["tierup:backend.volumes"]
    regions = errors(Phase.ENTERPRISE, backend=VOLUMES, regions='["eu-central-1"]')
    assert "a file system of EFS is in one region" in regions["tierup:backend.volumes"]
