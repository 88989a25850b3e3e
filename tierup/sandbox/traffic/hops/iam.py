"""IAM: whether the roles of tasks, schedules and rotations may do what a flow needs, by the sandbox's evaluator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from tierup.sandbox.aws.access.decisions import decide
from tierup.sandbox.aws.access.evaluation import Outcome
from tierup.sandbox.aws.access.needs import Denial, Need
from tierup.sandbox.aws.access.silent import NEEDS
from tierup.sandbox.aws.access.tasks import start_needs
from tierup.sandbox.behaviour import documented
from tierup.sandbox.cloud import Cloud, CloudResource

from ..hop import Hop, World, fails, passes, unknown
from ..rows import Rows, label

ROLE = "aws:iam/role:Role"
EVALUATION = documented(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html", read="2026-11-28"
)


class _View:
    """The rows of a world with the methods by which the evaluator reads a cloud."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def find(self, type: str | tuple[str, ...], /, **properties: Any) -> Iterator[CloudResource]:
        for each in (type,) if isinstance(type, str) else type:
            yield from self._rows.find(each, **properties)

    def get(self, type: str, id: str, region: str | None = None) -> CloudResource | None:
        return next((each for each in self._rows.find(type, id=id) if region in (None, each.region, "")), None)


def task_start(world: World, definition: CloudResource, *services: str) -> Hop:
    """Return whether ECS may start a task: pull its image, read its secrets, write its logs, assume its roles.

    `services` limits the actions to those of some services, such as "ecr". Empty means all.
    """
    return _allowed(
        world, definition, list(start_needs(definition, _cloud(world))), services, "ECS may start the task."
    )


def needs_of(world: World, resource: CloudResource) -> Hop:
    """Return whether the roles of a resource may do what it is for: a schedule, a rotation."""
    find = NEEDS.get(resource.type)
    needs = list(find(resource, _cloud(world))) if find is not None else []
    return _allowed(world, resource, needs, (), f"The roles of {label(resource)} may do what it needs.")


def _cloud(world: World) -> Cloud:
    return cast("Cloud", _View(world.rows))


def _allowed(world: World, resource: CloudResource, needs: Sequence[Need], services: Sequence[str], reason: str) -> Hop:
    cloud = _cloud(world)
    for need in needs:
        if services and need.action.partition(":")[0] not in services:
            continue
        decision = decide(need.caller, need.action, need.resource, need.context, cloud)
        if decision.denied and (decision.is_explicit or not need.only_explicit_deny):
            return fails(
                "iam", _role(world, need) or label(resource), need.action, Denial(need, decision).message, EVALUATION
            )
        if decision.outcome is Outcome.UNKNOWN and not need.only_explicit_deny:
            why = f"Whether {need.action} is allowed depends on a condition that the model does not know."
            return unknown("iam", _role(world, need) or label(resource), need.action, why, EVALUATION)
    place = next((name for need in needs if (name := _role(world, need))), label(resource))
    return passes("iam", place, "policy", reason, EVALUATION)


def _role(world: World, need: Need) -> str:
    for arn in (need.caller, need.resource):
        role = world.rows.one(ROLE, arn=arn)
        if role is not None:
            return label(role)
    return ""
