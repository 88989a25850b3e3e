"""A release takes what another image changes, and refuses every other change of a preview."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.progress import Progress, Step
from tierup.release.release_plan import plan_of
from tierup.release.stack_services import repository_of, select_services, stack_services

PREFIX = "urn:pulumi:dev::shop::"
STACK = f"{PREFIX}pulumi:pulumi:Stack::shop-dev"
BACKEND = f"{PREFIX}tierup:aws:EcsService::backend"
RELEASE = f"{PREFIX}tierup:aws:OneOffTask::release"
CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/app"


def child(component: str, kind: str, name: str) -> str:
    return f"{component.rpartition('::')[0]}${kind}::{name}"


TASK = child(BACKEND, "aws:ecs/taskDefinition:TaskDefinition", "backend-task")
SERVICE = child(BACKEND, "aws:ecs/service:Service", "backend-service")
MIGRATION = child(RELEASE, "aws:ecs/taskDefinition:TaskDefinition", "release-task")


def resource(urn: str, parent: str = "", **outputs: Any) -> dict[str, Any]:
    kind = urn.split("::")[2].rpartition("$")[2]
    return {
        "urn": urn,
        "type": kind,
        "parent": parent,
        "id": outputs.get("arn", "id"),
        "outputs": outputs,
        "inputs": {},
    }


STATE = Checkpoint(
    resources=[
        resource(STACK),
        resource(BACKEND, STACK),
        resource(TASK, BACKEND),
        resource(SERVICE, BACKEND, arn="arn:service", cluster=CLUSTER, name="backend-1d05410"),
        resource(child(BACKEND, "aws:cloudwatch/logGroup:LogGroup", "backend-logs"), BACKEND, name="backend-logs-1"),
        resource(f"{PREFIX}aws:appautoscaling/target:Target::t", STACK, resourceId="service/app/backend-1d05410"),
        resource(RELEASE, STACK),
        resource(MIGRATION, RELEASE),
        resource(f"{PREFIX}aws:ecr/repository:Repository::images-repository", STACK, repositoryUrl="ecr/images-1"),
        resource(f"{PREFIX}aws:ecr/repository:Repository::images-shop-repository", STACK, repositoryUrl="ecr/shop-1"),
    ]
)


def step(urn: str, op: str, *changed: str, before: Any = None, after: Any = None) -> Step:
    kind = urn.split("::")[2].rpartition("$")[2]
    return Step(
        urn, kind, op, 0.0, changed=changed,
        before={"containerDefinitions": json.dumps(before)} if before else {},
        after={"containerDefinitions": json.dumps(after)} if after else {},
    )  # fmt: skip


def preview(*steps: Step) -> Progress:
    return Progress(previews=True, steps=list(steps))


IMAGE_ONLY = {
    "before": [{"name": "backend", "image": "app:v1", "cpu": 256}],
    "after": [{"name": "backend", "image": "app:v2", "cpu": 256}],
}
NEW_TASK = step(TASK, "create-replacement", "containerDefinitions", **IMAGE_ONLY)
NEW_SERVICE = step(SERVICE, "update", "taskDefinition")


def test_the_targets_are_the_changes_and_their_components() -> None:
    plan = plan_of(preview(NEW_TASK, NEW_SERVICE), STATE, first=False, flags="")
    assert set(plan.targets) == {TASK, SERVICE, BACKEND, STACK}
    assert plan.services == ["backend"]
    assert plan.task_targets == []


def test_the_release_task_is_deployed_before_the_services() -> None:
    migration = step(MIGRATION, "create-replacement", "containerDefinitions")
    plan = plan_of(preview(migration, NEW_TASK, NEW_SERVICE), STATE, first=False, flags="")
    assert set(plan.task_targets) == {MIGRATION, RELEASE}
    assert {MIGRATION, TASK, SERVICE} < set(plan.targets)


def test_nothing_to_change_is_an_empty_plan() -> None:
    assert plan_of(preview(), STATE, first=False, flags="").empty


FOREIGN = {
    "another type": (step(f"{PREFIX}aws:s3/bucket:Bucket::site", "update", "tags"), "update of site"),
    "a creation": (step(TASK, "create"), "create of backend-task"),
    "a deletion": (step(SERVICE, "delete"), "delete of backend-service"),
    "another property": (step(SERVICE, "update", "taskDefinition", "desiredCount"), "desiredCount of backend-service"),
    "a path in a property": (
        step(SERVICE, "update", "networkConfiguration.subnets[0]"),
        "networkConfiguration of backend-service",
    ),
    "an environment variable": (
        step(
            TASK,
            "create-replacement",
            "containerDefinitions",
            before=IMAGE_ONLY["before"],
            after=[{**IMAGE_ONLY["after"][0], "environment": [{"name": "A", "value": "1"}]}],
        ),
        "environment of backend-task",
    ),
    "another container": (
        step(
            TASK,
            "create-replacement",
            "containerDefinitions",
            before=IMAGE_ONLY["before"],
            after=[*IMAGE_ONLY["after"], {"name": "agent"}],
        ),
        "containers of backend-task",
    ),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_another_change_is_refused(case: str) -> None:
    foreign, named = FOREIGN[case]
    with pytest.raises(CommandError, match="other changes are pending") as raised:
        plan_of(preview(NEW_SERVICE, foreign), STATE, first=False, flags="--stack dev")
    assert f"(got {named})" in raised.value.message
    assert raised.value.code is ExitCode.CHANGES
    assert foreign.urn in plan_of(preview(foreign), STATE, first=True, flags="").targets


def test_the_services_of_a_state_are_found() -> None:
    (service,) = stack_services(STATE)
    assert (service.name, service.cluster, service.service_name) == ("backend", CLUSTER, "backend-1d05410")
    assert (service.log_group, service.scaled) == ("backend-logs-1", True)
    assert service.scaling_id == "service/app/backend-1d05410"
    assert select_services([service], None) == [service]
    with pytest.raises(CommandError, match=r"--service: no such service \(got api\). Allowed: backend"):
        select_services([service], "api")
    with pytest.raises(CommandError, match="the stack has no service"):
        select_services([], None)


@pytest.mark.parametrize(
    ("service", "url"), [("backend", "ecr/images-1"), ("shop", "ecr/shop-1"), ("shop-b", "ecr/shop-1")]
)
def test_each_service_has_its_repository(service: str, url: str) -> None:
    assert repository_of(STATE, service) == url


def test_a_service_without_a_repository_is_refused() -> None:
    with pytest.raises(CommandError, match=r"has no repository of this service \(got other\)"):
        repository_of(STATE, "other")
