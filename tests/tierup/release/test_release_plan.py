"""A release takes what another image changes, and refuses every other change of a preview."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.progress import Progress, Step
from tierup.release.deployment import deploy_in_waves
from tierup.release.release_plan import ReleaseWave, plan_of
from tierup.release.stack_services import repository_of, select_services, stack_services

PREFIX = "urn:pulumi:dev::shop::"
STACK = f"{PREFIX}pulumi:pulumi:Stack::shop-dev"
BACKEND = f"{PREFIX}tierup:aws:EcsService::backend"
RELEASE = f"{PREFIX}tierup:aws:OneOffTask::release"
SERVICE_TYPE = "aws:ecs/service:Service"
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


PODS = f"{PREFIX}tierup:kubernetes:WebDeployment::backend"
DEPLOYMENT = child(PODS, "kubernetes:apps/v1:Deployment", "backend")
TEMPLATE = f"{PREFIX}tierup:kubernetes:JobTemplate::release"
RELEASE_JOB = child(TEMPLATE, "kubernetes:batch/v1:CronJob", "release")
BINDING = f"{PREFIX}kubernetes:eks.amazonaws.com/v1:TargetGroupBinding::backend-pods"
OF_PODS = [
    resource(PODS, STACK),
    {**resource(DEPLOYMENT, PODS), "id": "app-1/backend-2"},
    resource(TEMPLATE, STACK),
    resource(RELEASE_JOB, TEMPLATE),
    resource(f"{PREFIX}aws:eks/cluster:Cluster::eks", STACK, name="shop-dev"),
    {**resource(BINDING, STACK), "inputs": {"spec": {"targetGroupARN": "arn:group"}}},
]


def pods_step(urn: str, before: dict[str, Any], after: dict[str, Any]) -> Step:
    kind = urn.split("::")[2].rpartition("$")[2]
    specs = [{"spec": {"template": {"spec": {"containers": [each]}}}} for each in (before, after)]
    changed = ("spec.template.spec.containers[0].image",)
    return Step(urn, kind, "update", 0.0, changed=changed, before=specs[0], after=specs[1])


def test_a_release_changes_the_image_of_pods_after_that_of_the_release_job() -> None:
    state = Checkpoint(resources=[STATE.resources[0], *OF_PODS])
    changes = [pods_step(urn, {"image": "app:v1"}, {"image": "app:v2"}) for urn in (DEPLOYMENT, RELEASE_JOB)]

    plan = plan_of(preview(*changes), state, first=False, flags="")

    assert plan.services == ["backend"]
    assert set(plan.task_targets) == {RELEASE_JOB, TEMPLATE}
    assert {DEPLOYMENT, PODS, STACK} < set(plan.targets)


def test_another_change_of_pods_is_refused() -> None:
    state = Checkpoint(resources=[STATE.resources[0], *OF_PODS])
    foreign = pods_step(DEPLOYMENT, {"image": "app:v1", "command": ["a"]}, {"image": "app:v2", "command": ["b"]})

    with pytest.raises(CommandError, match=r"\(got command of backend\)"):
        plan_of(preview(foreign), state, first=False, flags="")


def test_pods_beside_tasks_have_their_own_name() -> None:
    tasks, pods = stack_services(Checkpoint(resources=[*STATE.resources, *OF_PODS]))
    (only,) = stack_services(Checkpoint(resources=OF_PODS))

    assert (tasks.name, pods.name, only.name) == ("backend", "backend-pods", "backend")
    assert (pods.namespace, pods.service_name, pods.target_groups) == ("app-1", "backend-2", ("arn:group",))
    assert pods.log_group == "/aws/containerinsights/shop-dev/application"
    assert select_services([tasks, pods], "backend") == [tasks, pods]


def test_regions_are_deployed_one_after_the_other() -> None:
    further = f"{PREFIX}tierup:aws:EcsService::backend-euc1"
    service = child(further, "aws:ecs/service:Service", "backend-euc1-service")
    policy = child(further, "aws:iam/rolePolicy:RolePolicy", "backend-euc1-execution")
    state = Checkpoint(
        resources=[*STATE.resources, resource(further, STACK), resource(service, further), resource(policy, further)]
    )
    in_region = Step(
        service, SERVICE_TYPE, "update", 0.0, changed=("taskDefinition",), after={"region": "eu-central-1"}
    )
    of_role = Step(policy, "aws:iam/rolePolicy:RolePolicy", "update", 0.0, changed=("policy",))

    plan = plan_of(preview(in_region, of_role, NEW_TASK, NEW_SERVICE), state, first=False, flags="")

    first, second = plan.waves
    assert (first.region, first.services, set(first.targets)) == ("", ["backend"], {TASK, SERVICE, BACKEND})
    assert (second.region, second.services) == ("eu-central-1", ["backend-euc1"])
    assert set(second.targets) == {service, policy, further, STACK}


def test_regions_after_a_failure_are_not_deployed() -> None:
    waves = [ReleaseWave(region=region, targets=[], services=[]) for region in ("", "eu-central-1", "us-east-1")]
    deployed: list[str] = []

    def deploy(wave: ReleaseWave) -> tuple[str, list[str]]:
        deployed.append(wave.region)
        return wave.region, ["its tasks stopped."] if wave.region == "eu-central-1" else []

    result, reasons = deploy_in_waves(waves, deploy)

    assert deployed == ["", "eu-central-1"]
    assert (result, reasons) == ("eu-central-1", ["its tasks stopped.", "Not deployed after this failure: us-east-1."])


def test_one_region_is_one_wave_with_all_targets() -> None:
    plan = plan_of(preview(NEW_TASK, NEW_SERVICE), STATE, first=False, flags="")

    assert [set(wave.targets) for wave in plan.waves] == [set(plan.targets)]


@pytest.mark.parametrize(
    ("service", "url"), [("backend", "ecr/images-1"), ("shop", "ecr/shop-1"), ("shop-b", "ecr/shop-1")]
)
def test_each_service_has_its_repository(service: str, url: str) -> None:
    assert repository_of(STATE, service) == url


def test_a_service_without_a_repository_is_refused() -> None:
    with pytest.raises(CommandError, match=r"has no repository of this service \(got other\)"):
        repository_of(STATE, "other")
