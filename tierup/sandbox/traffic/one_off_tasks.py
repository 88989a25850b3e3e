"""The flows of a task that RunTask starts once: a release task, or a command of a user.

No row holds such a task, so the model takes it from the input of RunTask, and evaluates it as the task of a service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from tierup.sandbox.cloud import Cloud, CloudResource

from .evaluation import world_of
from .flow import Flow, FlowResult, follow
from .flows.tasks import task_hops
from .hop import Hop, World
from .memory import SERVICE, secret_facts, task_definition
from .rows import Rows

__all__ = ["trace_run_task"]


def trace_run_task(cloud: Cloud, request: Mapping[str, Any], name: str) -> list[FlowResult]:
    """Return how the flows of a task go that RunTask would start: its start, and each of its connections.

    `request` is the input of RunTask, and `name` is how messages name the task.
    """
    world = world_of(cloud)
    runner = _runner(world.rows, request, name)
    connections, _ = secret_facts(task_definition(world.rows, str(request.get("taskDefinition"))), world.rows)
    flows = [
        Flow(
            id=f"{name} to {target}", kind="one-off-task", source=name, target=target, stack="",
            trace=partial(_trace, runner=runner, variable=variable),
        )
        for target, variable in (("start", ""), *((variable, variable) for variable in sorted(connections)))
    ]  # fmt: skip
    return [follow(flow, world) for flow in flows]


def _trace(world: World, runner: CloudResource, variable: str) -> Iterator[Hop]:
    yield from task_hops(world, runner, variable)


def _runner(rows: Rows, request: Mapping[str, Any], name: str) -> CloudResource:
    definition = task_definition(rows, str(request.get("taskDefinition")))
    network: Mapping[str, Any] = (request.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    values = {
        "taskDefinition": request.get("taskDefinition"),
        "cluster": request.get("cluster"),
        "desiredCount": 1,
        "networkConfiguration": {
            "subnets": list(network.get("subnets") or ()),
            "securityGroups": list(network.get("securityGroups") or ()),
            "assignPublicIp": network.get("assignPublicIp") == "ENABLED",
        },
    }
    return CloudResource(
        type=SERVICE,
        id=name,
        urn=f"::{name}",
        region=definition.region if definition is not None else "",
        account=definition.account if definition is not None else "",
        inputs=values,
        outputs=values,
    )
