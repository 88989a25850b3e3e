"""A violation of each rule of this area."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation


def with_plain_secret(definitions: str) -> str:
    """Return the application container with a password in its environment."""
    return _with_variable(definitions, "DB_PASSWORD", "correct-horse-battery")


def with_any_origin(definitions: str) -> str:
    """Return the application container with every CORS origin allowed."""
    return _with_variable(definitions, "ALLOWED_ORIGINS", "*")


def with_development_settings(definitions: str) -> str:
    """Return the application container in development mode."""
    return _with_variable(definitions, "NODE_ENV", "development")


def without_tracker(definitions: str) -> str:
    """Return the application container with a variable that the error tracker does not read."""
    return definitions.replace('"SENTRY_DSN"', '"SENTRY"')


def with_latest(definitions: str) -> str:
    """Return the application container with the mutable tag `latest`."""
    return _with(image="public.ecr.aws/docker/library/node:latest")(definitions)


def _with(**settings: object) -> Callable[[str], str]:
    """Return a function that sets keys of the application container, which is the first."""

    def change(definitions: str) -> str:
        app, *others = json.loads(definitions)
        return json.dumps([{**app, **settings}, *others])

    return change


def _with_variable(definitions: str, name: str, value: str) -> str:
    containers: list[dict[str, Any]] = json.loads(definitions)
    for container in containers:
        kept = [each for each in container.get("environment", []) if each["name"] != name]
        container["environment"] = [*kept, {"name": name, "value": value}]
    return json.dumps(containers)


def _task(change: Callable[[str], str]) -> Violation:
    return Violation(TASK, {"containerDefinitions": change})


TASK = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
CLUSTER = "aws:ecs/cluster:Cluster"
TARGET = "aws:appautoscaling/target:Target"

VIOLATIONS: Mapping[str, Violation] = {
    "ECS-001": _task(with_plain_secret),
    "ECS-002": _task(with_any_origin),
    "ECS-003": _task(_with(logConfiguration={"logDriver": "none"})),
    "ECS-004": Violation(CLUSTER, {"settings[0].value": "disabled"}),
    "ECS-005": _task(_with(readonlyRootFilesystem=False)),
    "ECS-006": _task(_with(privileged=True)),
    "ECS-007": _task(_with(user="root")),
    "ECS-008": Violation(TASK, {"networkMode": "host"}),
    "ECS-009": Violation(SERVICE, {"deploymentCircuitBreaker.rollback": False}),
    "ECS-010": Violation(SERVICE, {"alarms": ABSENT}),
    "ECS-011": Violation((SERVICE, TARGET), {"desiredCount": 1.0, "minCapacity": 1.0}),
    "ECS-013": Violation(TARGET, {"maxCapacity": 1.0}),
    "ECS-014": _task(with_latest),
    "ECS-015": Violation(
        TASK,
        {
            "taskRoleArn": "arn:aws:iam::111122223333:role/one",
            "executionRoleArn": "arn:aws:iam::111122223333:role/one",
        },
    ),
    "ECS-016": _task(_with(linuxParameters={"initProcessEnabled": False})),
    "ECS-017": _task(_with(essential=False, restartPolicy={"enabled": False})),
    "ECS-018": _task(_with(healthCheck=None)),
    "ECS-019": Violation(CLUSTER, {"configuration.executeCommandConfiguration.logging": "NONE"}),
    "ECS-020": _task(with_development_settings),
    "ECS-021": _task(without_tracker),
    "ECS-022": Violation(SERVICE, {"platformVersion": "1.3.0"}),
    "ECS-023": Violation(SERVICE, {"deploymentMinimumHealthyPercent": 50.0}),
}
