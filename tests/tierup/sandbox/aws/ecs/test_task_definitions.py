"""Tests of the behaviour rows of ECS task definitions."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.ecs_task_definitions import MEMORY_BY_CPU, TASK_DEFINITION
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import FARGATE, containers


@pytest.mark.parametrize(("cpu", "memory"), [("256", "512"), ("1024", "8192"), ("4096", "30720"), (".5 vCPU", "4 GB")])
def test_valid_fargate_size_is_accepted(account: Account, cpu: str, memory: str) -> None:
    inputs = {**FARGATE, "cpu": cpu, "memory": memory}
    assert not account.planned(TASK_DEFINITION, family="api", containerDefinitions=containers(), **inputs)


@pytest.mark.parametrize(
    ("cpu", "memory", "path"),
    [
        ("256", "4096", "memory"),
        ("512", "512", "memory"),
        ("1024", "2560", "memory"),
        ("300", "512", "cpu"),
        ("1 GB", "512", "cpu"),
        (None, "512", "cpu"),
    ],
)
def test_invalid_fargate_size_is_rejected(account: Account, cpu: str | None, memory: str, path: str) -> None:
    inputs = {**FARGATE, "memory": memory}
    inputs.pop("cpu")
    if cpu is not None:
        inputs["cpu"] = cpu
    found = account.planned(TASK_DEFINITION, family="api", containerDefinitions=containers(), **inputs)
    assert [rejection.path for rejection in found] == [path]


def test_largest_fargate_size_matches_aws() -> None:
    assert MEMORY_BY_CPU[2048][-1] == 16 * 1024
    assert MEMORY_BY_CPU[8192][1] - MEMORY_BY_CPU[8192][0] == 4 * 1024
    assert (MEMORY_BY_CPU[16384][0], MEMORY_BY_CPU[16384][-1]) == (32 * 1024, 120 * 1024)


def test_fargate_requires_awsvpc(account: Account) -> None:
    (rejection,) = account.planned(
        TASK_DEFINITION, family="api", containerDefinitions=containers(), **{**FARGATE, "networkMode": "bridge"}
    )
    assert rejection.path == "networkMode"


def test_changed_task_definition_is_new_revision(account: Account, task: CloudResource) -> None:
    assert task.outputs["revision"] == 1
    assert task.outputs["arn"] == "arn:aws:ecs:eu-west-1:123456789012:task-definition/api:1"
    assert task.outputs["arnWithoutRevision"] == "arn:aws:ecs:eu-west-1:123456789012:task-definition/api"
    assert account.replaced_by(task, containerDefinitions=containers(image="node:24")) == {"containerDefinitions"}
    assert not account.replaced_by(task, tags={"Name": "api"})
    inputs = {"family": "api", "containerDefinitions": containers(image="node:24"), **FARGATE}
    second = account.make(TASK_DEFINITION, "api", **inputs)
    assert second.outputs["revision"] == 2
    account.cloud.remove(task)
    account.cloud.remove(second)
    assert account.make(TASK_DEFINITION, "api", **inputs).outputs["revision"] == 3


@pytest.mark.parametrize(("size", "rejected"), [(20, True), (21, False), (200, False), (201, True)])
def test_ephemeral_storage_out_of_range_is_rejected(account: Account, size: int, rejected: bool) -> None:
    inputs = {"containerDefinitions": containers(), "ephemeralStorage": {"sizeInGib": size}, **FARGATE}
    found = account.planned(TASK_DEFINITION, family="api", **inputs)
    assert [rejection.path for rejection in found] == (["ephemeralStorage.sizeInGib"] if rejected else [])


@pytest.mark.parametrize(
    ("sizes", "rejected"),
    [
        (({"cpu": 200}, {"cpu": 56}), False),
        (({"cpu": 200}, {"cpu": 57}), True),
        (({"memory": 256}, {"memoryReservation": 256}), False),
        (({"memory": 512}, {"memoryReservation": 1}), True),
    ],
)
def test_containers_must_fit_the_task(account: Account, sizes: tuple[dict[str, int], ...], rejected: bool) -> None:
    definitions = containers(sizes[1], **sizes[0])
    found = account.planned(TASK_DEFINITION, family="api", containerDefinitions=definitions, **FARGATE)
    assert [rejection.path for rejection in found] == (["containerDefinitions"] if rejected else [])
