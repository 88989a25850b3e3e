"""`tierup deploy` and `rollback` on the real engine: a release changes its image, and a failed one is undone."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.engine.program import CommandResult, Program
from tierup.sandbox.cloud import InjectedFault

pytestmark = pytest.mark.engine

REPOSITORY = "registry.example.com/app"
FIRST, SECOND, THIRD = (f"{REPOSITORY}@sha256:{digit * 64}" for digit in "123")
TASK = "aws:ecs/task:Task"


@pytest.fixture
def program(tmp_path: Path) -> Generator[Program]:
    made = Program(tmp_path / "checkout")
    made.set(image=FIRST, releaseTask={"command": ["node", "migrate.js"]})
    yield made
    made.close()


def images(program: Program) -> set[str]:
    """Return the image in the settings file, and that of the definition which the service runs."""
    resources = program.resources()
    (service,) = (each for each in resources if each.name == "backend-service")
    (definition,) = (each for each in resources if each.outputs.get("arn") == service.outputs["taskDefinition"])
    text = str(definition.outputs["containerDefinitions"])
    return {program.config["tierup:image"], *(each for each in (FIRST, SECOND, THIRD) if each in text)}


def assert_nobody_was_cut_off(ran: CommandResult) -> None:
    traffic = ran.document["traffic"]
    assert traffic["steps"]
    assert traffic["interruptions"] == []
    assert traffic["traffic"]["failed"] == []
    assert "browser GET https://api.dev.example.com/api/tasks" in traffic["traffic"]["served"]


def test_a_release_is_deployed_and_a_failed_one_is_undone(program: Program) -> None:
    assert program.run("up", "--no-policies").code == 0

    deployed = program.run("deploy", "--no-policies", "--image", SECOND)
    assert deployed.code == 0, deployed
    assert {each.rpartition("::")[2] for each in deployed.document["changed"]} == {
        "backend-task", "backend-service", "release-task",
    }  # fmt: skip
    assert "task release would start" in deployed.stderr
    assert images(program) == {SECOND}
    assert_nobody_was_cut_off(deployed)

    program.arm(InjectedFault(operation="update", kind="rollback", type="aws:ecs/service:Service"))
    failed = program.run("deploy", "--no-policies", "--image", THIRD)
    assert (failed.code, failed.document["release"]["result"]) == (1, "rolled back")
    assert "the deployment failed and was rolled back" in failed.document["error"]
    assert images(program) == {SECOND}
    assert_nobody_was_cut_off(failed)

    listed = program.run("releases").document["releases"]
    assert [(each["number"], each["image"], each["result"], each["runs"]) for each in listed] == [
        (3, THIRD, "rolled back", False),
        (2, SECOND, "succeeded", True),
        (1, FIRST, "by up", False),
    ]
    program.complete()


@pytest.mark.exhaustive
def test_a_rollback_deploys_the_release_before_and_leaves_no_difference(program: Program) -> None:
    assert program.run("up", "--no-policies").code == 0
    assert program.run("deploy", "--no-policies", "--image", SECOND).code == 0
    back = program.run("rollback", "--no-policies")
    assert back.code == 0, back
    assert images(program) == {FIRST}
    assert_nobody_was_cut_off(back)
    listed = program.run("releases").document["releases"]
    assert [(each["number"], each["image"], each["result"], each["runs"]) for each in listed] == [
        (3, FIRST, "succeeded", True),
        (2, SECOND, "succeeded", False),
        (1, FIRST, "by up", False),
    ]
    assert program.run("preview", "--no-policies", "--expect-no-changes").code == 0
    program.complete()


@pytest.mark.exhaustive
def test_a_release_task_that_fails_moves_no_traffic(program: Program) -> None:
    assert program.run("up", "--no-policies").code == 0
    program.arm(InjectedFault(operation="create", kind="fail", type=TASK))
    failed = program.run("deploy", "--no-policies", "--image", SECOND)
    assert (failed.code, failed.document["release"]["result"]) == (1, "rolled back")
    assert failed.document["error"].startswith("The release task failed")
    assert "Deploying backend" not in failed.stderr
    assert images(program) == {FIRST}
    assert program.run("preview", "--no-policies", "--expect-no-changes").code == 0


@pytest.mark.exhaustive
def test_a_release_carries_no_other_change(program: Program) -> None:
    assert program.run("up", "--no-policies").code == 0
    program.set(backend={"environment": {"LOG_LEVEL": "debug"}})
    rejected = program.run("deploy", "--no-policies", "--image", SECOND)
    assert rejected.code == 7
    assert "(got tierup:backend)" in rejected.stderr
    assert images(program) == {FIRST}


@pytest.mark.exhaustive
def test_the_first_image_replaces_the_placeholder(program: Program) -> None:
    program.settings.pop("tierup:image")
    program.set()
    assert program.run("up", "--no-policies").code == 0
    deployed = program.run("deploy", "--no-policies", "--image", SECOND)
    assert deployed.code == 0, deployed
    assert images(program) == {SECOND}
    assert program.run("preview", "--no-policies", "--expect-no-changes").code == 0


@pytest.mark.exhaustive
def test_every_service_of_a_large_stack_is_released_by_itself(program: Program) -> None:
    reports = {"image": FIRST, "paths": ["/reports/*"], "priority": 100}
    jobs = {"clean": {"command": ["node", "clean.js"], "schedule": "rate(1 day)"}}
    program.set(
        phase="enterprise",
        tier="medium",
        services={"reports": reports},
        scheduledTasks=jobs,
        sizeOverrides={"databaseMaxPoolSize": 40},
    )
    assert program.run("up", "--no-policies").code == 0

    other = program.run("deploy", "--no-policies", "--service", "reports", "--image", SECOND)
    assert other.code == 0, other
    assert {each.rpartition("::")[2] for each in other.document["changed"]} == {"reports-task", "reports-service"}
    backend = program.run("deploy", "--no-policies", "--image", THIRD)
    assert backend.code == 0, backend
    assert {each.rpartition("::")[2] for each in backend.document["changed"]} == {
        *("backend-task", "backend-service", "worker-task", "worker-service"),
        # The policy contains the ARN of the definition without revision, which the preview does not know yet.
        *("release-task", "clean-task", "clean-clock-schedule", "clean-clock-scheduler"),
    }
    assert program.run("preview", "--no-policies", "--expect-no-changes").code == 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", ["blue-green", "canary", "linear"])
def test_a_deployment_that_shifts_traffic_interrupts_no_request(program: Program, strategy: str) -> None:
    program.set(phase="scale", tier="small", deployment=strategy)
    assert program.run("up", "--no-policies").code == 0
    deployed = program.run("deploy", "--no-policies", "--image", SECOND)
    assert deployed.code == 0, deployed
    assert_nobody_was_cut_off(deployed)
    assert program.run("rollback", "--no-policies").code == 0
    assert program.run("preview", "--no-policies", "--expect-no-changes").code == 0


@pytest.mark.exhaustive
def test_pods_are_released_after_their_release_job(program: Program) -> None:
    program.set(
        phase="scale",
        tier="small",
        orchestrator="eks",
        eks={"adminRoles": ["arn:aws:iam::123456789012:role/admin"]},
        scheduledTasks={"clean": {"command": ["node", "clean.js"], "schedule": "rate(1 day)"}},
    )
    assert program.run("up", "--no-policies").code == 0

    def pod_images() -> set[str]:
        workloads = ("kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:CronJob")
        found = {each.name: str(each.outputs["spec"]) for each in program.resources() if each.type in workloads}
        assert {"backend", "release"} <= set(found)
        return {each for each in (FIRST, SECOND, THIRD) if each in found["backend"] + found["release"]}

    deployed = program.run("deploy", "--no-policies", "--image", SECOND)
    assert deployed.code == 0, deployed
    names = {each.rpartition("::")[2] for each in deployed.document["changed"]}
    assert names == {"backend", "worker", "release", "clean"}
    assert "job release" in deployed.stderr
    assert pod_images() == {SECOND}
    assert program.run("preview", "--no-policies", "--expect-no-changes").code == 0

    program.arm(InjectedFault(operation="create", kind="fail", type="kubernetes:batch/v1:Job"))
    failed = program.run("deploy", "--no-policies", "--image", THIRD)
    assert (failed.code, failed.document["release"]["result"]) == (1, "rolled back")
    assert failed.document["error"].startswith("The release task failed")
    assert pod_images() == {SECOND}

    status = program.run("status")
    assert status.code == 0, status
    assert {each["name"]: each["image"] for each in status.document["services"]} == {
        "backend": SECOND,
        "worker": SECOND,
    }
    assert program.run("restart").code == 0


@pytest.mark.exhaustive
def test_regions_are_released_in_waves_and_a_failed_one_ends_the_release(program: Program) -> None:
    program.set(phase="enterprise", tier="medium", regions=["eu-central-1"])
    assert program.run("up", "--no-policies").code == 0

    deployed = program.run("deploy", "--no-policies", "--image", SECOND)
    assert deployed.code == 0, deployed
    order = [line.partition("Deploying ")[2] for line in deployed.stderr.splitlines() if "Deploying " in line]
    places = [line.rpartition(" in ")[2] for line in order]
    assert places == ["the release task.", "the first region.", "eu-central-1."]
    assert region_images(program) == {"": {SECOND}, "eu-central-1": {SECOND}}
    assert_nobody_was_cut_off(deployed)
    assert program.run("preview", "--no-policies", "--expect-no-changes").code == 0

    program.arm(
        InjectedFault(operation="update", kind="rollback", type="aws:ecs/service:Service", name="backend-service")
    )
    failed = program.run("deploy", "--no-policies", "--image", THIRD)
    assert (failed.code, failed.document["release"]["result"]) == (1, "rolled back")
    assert failed.document["reasons"][-1] == "Not deployed after this failure: eu-central-1."
    assert region_images(program) == {"": {SECOND}, "eu-central-1": {SECOND}}
    assert_nobody_was_cut_off(failed)


def region_images(program: Program) -> dict[str, set[str]]:
    """Return the images that the backend runs, by region; "" is the first one."""
    resources = program.resources()
    definitions = {
        each.outputs["arn"]: str(each.outputs) for each in resources if each.type.endswith(":TaskDefinition")
    }
    services = {each.name: each for each in resources if each.name in ("backend-service", "backend-euc1-service")}
    texts = {name: definitions[str(each.outputs["taskDefinition"])] for name, each in services.items()}
    return {
        "eu-central-1" if "euc1" in name else "": {each for each in (FIRST, SECOND, THIRD) if each in text}
        for name, text in texts.items()
    }
