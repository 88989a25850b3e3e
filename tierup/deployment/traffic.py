"""The traffic of a stack in the sandbox: recorded while an operation runs, evaluated after it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from tierup.deployment import checkpoint
from tierup.deployment.sandbox_backend import state_folder
from tierup.deployment.workspace import Workspace

if TYPE_CHECKING:
    from tierup.sandbox.traffic import Interruption, Timeline


def begin_run(workspace: Workspace, operation: str) -> int:
    """Begin a run in the sandbox's record of operations, and return its id."""
    from tierup.sandbox import cloud_path
    from tierup.sandbox.cloud import Cloud

    assert workspace.home is not None
    with closing(Cloud(cloud_path(workspace.home))) as cloud:
        return cloud.begin_run(f"{operation} of stack {workspace.stack}")


def end_run(workspace: Workspace, run: int) -> Timeline | None:
    """Record the dependencies of the stack's resources, and return the run's timeline with estimated durations."""
    from tierup.sandbox import cloud_path
    from tierup.sandbox.cloud import Cloud
    from tierup.sandbox.traffic import replay

    assert workspace.home is not None
    with closing(Cloud(cloud_path(workspace.home))) as cloud:
        cloud.set_dependencies(run, dependencies(workspace))
        return replay(cloud, stack=stack_urn(workspace), run_id=run)


def evaluation_warning(error: Exception) -> str:
    """Return the line that reports an error of the traffic model itself."""
    from tierup.sandbox.traffic.flow import place

    return (
        f"warning: The sandbox could not evaluate the traffic, because of an internal error (got {place(error)}). "
        "The result of the operation is not affected."
    )


def stack_urn(workspace: Workspace) -> str:
    """Return the part of a URN that names the stack."""
    return workspace.urn_prefix.removesuffix("::")


def dependencies(workspace: Workspace) -> dict[str, list[str]]:
    """Return the URNs that each resource of the stack depends on, from the engine's state."""
    assert workspace.home is not None
    state = checkpoint.read(state_folder(workspace.home), workspace.project.name, workspace.stack)
    found: dict[str, list[str]] = {}
    for resource in state.resources:
        # A child is registered after its parent, and a component after what it depends on.
        urns = {*(resource.get("dependencies") or ()), *([resource["parent"]] if resource.get("parent") else ())}
        for each in (resource.get("propertyDependencies") or {}).values():
            urns.update(each or ())
        if urns:
            found[str(resource["urn"])] = sorted(urns)
    return found


def traffic_lines(timeline: Timeline) -> list[str]:
    """Return the lines that end an operation: one sentence if nothing was interrupted, else each interruption."""
    report = timeline.report
    if not report.results and not timeline.steps:
        return []  # nothing was deployed
    lines: list[str] = []
    estimate = f"Estimated time on the real clouds: {duration_text(timeline.seconds)}."
    broken = [*report.failed, *report.unknown]
    problems = [each for each in timeline.interruptions if each.end is not None]
    opened = report.opened
    if not (problems or broken or opened):
        served, closed = ("served throughout", "stayed closed") if timeline.existed else ("served", "are closed")
        lines.append(
            f"Traffic: {len(report.served)} flows {served}; {len(report.closed)} forbidden flows {closed}. {estimate}"
        )
    else:
        lines.append(
            f"Traffic: {len(report.served)} flows served, {len(report.failed)} failed, {len(report.unknown)} unknown;"
            f" {len(report.closed)} forbidden flows closed, {len(opened)} open. {estimate}"
        )
        for result in [*broken, *opened]:
            hop = result.decisive or (result.hops[-1] if result.hops else None)
            state = "open" if result in opened else {"fail": "fails", "unknown": "unknown"}[result.verdict.value]
            lines.append(f"  {state}: {result.flow.id}" + (f": {hop.reason}" if hop is not None else ""))
        lines += _interruption_lines(problems)
    if timeline.settle_seconds:
        lines.append(
            "  Clients with a cached address or an open connection use the old target for"
            f" {duration_text(timeline.settle_seconds)} after this run."
            " Wait as long before the next change of the ingress."
        )
    return lines


def _interruption_lines(found: Sequence[Interruption]) -> list[str]:
    """Return one line for the interruptions that have one time and one cause."""
    groups: dict[tuple[object, ...], list[Interruption]] = {}
    for each in found:
        reason = each.hop.reason if each.hop is not None else ""
        groups.setdefault((each.begin, each.end, each.clients, each.cause, reason, each.forbidden), []).append(each)
    lines: list[str] = []
    for group in groups.values():
        first = group[0]
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        reason = f" {first.hop.reason}" if first.hop is not None else ""
        lines.append(
            f"  {'opened' if first.forbidden else 'interrupted'} for {duration_text(first.seconds or 0)} from minute"
            f" {first.begin / 60:.0f} ({first.clients}): {first.flow}{more}:{reason} Cause: {first.cause}."
            f" {first.remedy}"
        )
    return lines


def duration_text(seconds: int) -> str:
    """Return a duration as text: "45 s", "24 min", "1 h 5 min"."""
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
