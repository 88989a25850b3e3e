"""The result of a failover in the sandbox: how requests arrived, by the virtual clock of the traffic model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tierup.deployment.traffic import duration_text

if TYPE_CHECKING:
    from tierup.sandbox.traffic import Timeline

_OF_REQUESTS: Final = ("site", "api", "page", "health-checker", "serving-region")
"""The kinds of flows that a user notices. A region that is down has failing flows of its own tasks, too."""


def failover_lines(timeline: Timeline) -> Iterator[str]:
    """Yield the seconds of each interruption, when lost flows were served again, and what still fails."""
    of_users = {each.flow.id for each in timeline.report.results if each.flow.kind in _OF_REQUESTS}
    yield f"Estimated time on the real clouds: {duration_text(timeline.seconds)}."
    interrupted = [each for each in timeline.interruptions if each.flow in of_users and each.end is not None]
    for each in interrupted:
        reason = f" {each.hop.reason}" if each.hop is not None else ""
        yield f"  interrupted for {each.seconds} s: {each.flow}:{reason}"
    recovered = {flow: at for flow, at in timeline.recovered.items() if flow in of_users}
    for flow, at in sorted(recovered.items()):
        yield f"  served again after {at} s: {flow}"
    failing = [each for each in timeline.report.failed if each.flow.kind in _OF_REQUESTS]
    for result in failing:
        reason = f" {result.decisive.reason}" if result.decisive is not None else ""
        yield f"  fails: {result.flow.id}:{reason}"
    if not (interrupted or recovered or failing):
        yield "  No request was interrupted."


def read_only_seconds(timeline: Timeline) -> int:
    """Return how long the region that answers requests could not write to the cache, on the virtual clock."""
    kinds = {each.flow.id: each.flow.kind for each in timeline.report.results}
    writes = [each for each in timeline.interruptions if kinds.get(each.flow) == "serving-region"]
    lost = [at for flow, at in timeline.recovered.items() if kinds.get(flow) == "serving-region"]
    return max([*(each.seconds or 0 for each in writes), *lost], default=0)
