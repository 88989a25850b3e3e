"""The steps of a failover, in the order in which each depends on the one before.

1. The workers of the old region stop, so that no job writes to the cache while its role moves.
2. The cache of the new region becomes the primary. From here on, the old region's tasks cannot write to the cache: the
   read-only window begins.
3. The database prefers the new region. MongoDB clients follow the primary, wherever they are.
4. The DNS weights move: the read-only window ends when name servers and CloudFront use them.
5. The workers of the new region start.

Each step is skipped if its result exists already, so a failover that was interrupted continues with the same command.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tierup.deployment.errors import CommandError
from tierup.failover.roles import Roles
from tierup.failover.stack_regions import StackRegions
from tierup.failover.traffic_role import ACTIVE, STANDBY

Notify = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of a failover."""

    name: str
    text: str
    is_done: Callable[[], bool]
    run: Callable[[], None]
    optional: bool = False
    """Whether the failover continues when the step fails, because a region that is lost cannot be changed."""


@dataclass(kw_only=True, slots=True)
class FailoverResult:
    """What a failover did."""

    done: list[str] = field(default_factory=list[str])
    skipped: list[str] = field(default_factory=list[str])
    """Steps whose result existed before."""
    failed: dict[str, str] = field(default_factory=dict[str, str])
    """Optional steps that failed, each with its error."""
    read_only_seconds: float | None = None
    """Seconds from the change of the cache's role to that of the traffic; None if either was skipped."""


def plan_steps(regions: StackRegions, roles: Roles, to: str) -> list[Step]:
    """Return the steps of a failover to a region. Raises CommandError if the stack does not run there."""
    regions.member(to)
    weights = {name: ACTIVE if name == to else STANDBY for name in regions.members}
    return [
        *(_stops(regions, roles, to)),
        Step(
            name="cache",
            text=f"The cache in {to} becomes the primary; the others accept no writes.",
            is_done=lambda: roles.cache.primary_region() == to,
            run=lambda: roles.cache.promote(to),
        ),
        Step(
            name="database",
            text=f"The database prefers nodes in {to} for its primary.",
            is_done=lambda: roles.database.preferred_region() == to,
            run=lambda: roles.database.prefer(to),
        ),
        Step(
            name="traffic",
            text=f"All requests go to {to} ({regions.origin_host}).",
            is_done=lambda: dict(roles.traffic.weights()) == weights,
            run=lambda: roles.traffic.point_to(to),
        ),
        Step(
            name=f"workers-{to}",
            text=f"The workers in {to} start ({regions.workers}).",
            is_done=lambda: roles.workers[to].minimum() in (None, regions.workers),
            run=lambda: roles.workers[to].scale(regions.workers),
        ),
    ]


def _stops(regions: StackRegions, roles: Roles, to: str) -> Iterator[Step]:
    for name in regions.members:
        if name != to:
            worker = roles.workers[name]
            yield Step(
                name=f"workers-{name}",
                text=f"The workers in {name} stop.",
                is_done=lambda worker=worker: worker.minimum() in (None, 0),
                run=lambda worker=worker: worker.scale(0),
                optional=True,
            )


def run_steps(steps: list[Step], notify: Notify, clock: Callable[[], float] = time.monotonic) -> FailoverResult:
    """Run the steps that are not done yet. Raises CommandError if one fails that is not optional."""
    result, began = FailoverResult(), None
    for step in steps:
        try:
            if step.is_done():
                result.skipped.append(step.name)
                notify(f"{step.text} Done before.")
                continue
            if step.name == "cache":
                began = clock()
            notify(step.text)
            step.run()
        except CommandError as error:
            if not step.optional:
                raise
            result.failed[step.name] = error.message
            notify(f"{step.text} Skipped: {error.message}")
            continue
        result.done.append(step.name)
        if step.name == "traffic" and began is not None:
            result.read_only_seconds = round(clock() - began, 1)
    return result


def is_done(step: Step) -> bool:
    """Return whether the result of a step exists; False for an optional step of a region that cannot be reached.

    Raises CommandError for the other steps.
    """
    try:
        return step.is_done()
    except CommandError:
        if not step.optional:
            raise
        return False


def verify(steps: list[Step]) -> list[str]:
    """Return the names of the steps whose result does not exist, optional ones left out. Raises CommandError."""
    return [step.name for step in steps if not step.optional and not step.is_done()]
