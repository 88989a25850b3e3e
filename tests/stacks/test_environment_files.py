"""Files of environment variables in S3: ECS reads them when a task starts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from tests.components.policy_documents import statements
from tests.stacks.deployed import deploy
from tests.stacks.test_options import built_with_secrets, errors
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.seeding import seed
from tierup.sandbox.traffic.evaluation import evaluate, world_of
from tierup.sandbox.traffic.hop import Hop
from tierup.sandbox.traffic.hops import iam
from tierup.sandbox.traffic.hops.aws_calls import ROLE_POLICY

FILE = "arn:aws:s3:::settings/shop/app.env"
BACKEND = json.dumps({"environmentFiles": [FILE]})
TASK = "aws:ecs/taskDefinition:TaskDefinition"


def files(recording: Any, name: str) -> list[dict[str, str]]:
    (task,) = [each for each in recording.of(TASK) if each.name == f"{name}-task"]
    return json.loads(task.inputs["containerDefinitions"])[0].get("environmentFiles", [])


def test_all_tasks_of_the_image_read_the_files_with_their_execution_role() -> None:
    recording = built_with_secrets(phase=Phase.SCALE, backend=BACKEND)
    for name in ("backend", "worker"):
        assert files(recording, name) == [{"type": "s3", "value": FILE}]
        allowed = {
            str(each["Action"]): each["Resource"]
            for policy in recording.of("aws:iam/rolePolicy:RolePolicy")
            if policy.name == f"{name}-execution"
            for each in statements(policy)
        }
        assert allowed["s3:GetObject"] == [FILE]
        assert allowed["s3:GetBucketLocation"] == ["arn:aws:s3:::settings"]


@pytest.mark.exhaustive
def test_a_task_that_may_not_read_its_file_does_not_start_in_the_sandbox() -> None:
    hops: list[Hop] = []

    def prepare(cloud: Cloud) -> None:
        seed(cloud, "aws:s3/bucket:Bucket", "settings", {})

    def inspect(cloud: Cloud) -> None:
        assert list(evaluate(cloud).failed) == []
        world = world_of(cloud)
        (definition,) = [each for each in world.rows.all(TASK) if each.name == "backend-task"]
        hops.append(iam.task_start(world, definition))
        world = world_of(cloud)
        (policy,) = [each for each in world.rows.all(ROLE_POLICY) if each.name == "backend-execution"]
        document = json.loads(policy.outputs["policy"])
        kept = [each for each in document["Statement"] if each["Action"] != "s3:GetObject"]
        changed = {"policy": json.dumps({**document, "Statement": kept})}
        world.rows.put(replace(policy, inputs={**policy.inputs, **changed}, outputs={**policy.outputs, **changed}))
        hops.append(iam.task_start(world, definition))

    settings = {"phase": Phase.MVP.value, "tier": "small", "backend": BACKEND}
    assert deploy(settings, prepare=prepare, inspect=inspect, destroy=True, again=True) == ([], [])
    allowed, denied = hops
    assert allowed.passed
    assert not denied.passed
    assert "failed to download env files" in denied.reason
    assert FILE in denied.reason


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["app.env"], "not the ARN of a file .env in S3"),
        (["arn:aws:s3:::settings/app.json"], "not the ARN of a file .env in S3"),
        ([f"arn:aws:s3:::settings/{number}.env" for number in range(11)], "too many files"),
    ],
)
def test_other_files_are_rejected(given: list[str], message: str) -> None:
    found = errors(backend=json.dumps({"environmentFiles": given}))
    assert any(message in text for text in found.values()), found


def test_pods_read_no_files() -> None:
    found = errors(Phase.SCALE, backend=BACKEND, orchestrator="eks")
    assert "Kubernetes reads variables from no file in S3" in found["tierup:backend.environmentFiles"]
