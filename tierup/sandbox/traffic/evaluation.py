"""Evaluates every flow of a cloud, and after a change only the flows that the changed rows decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tierup.sandbox.cloud import Cloud

from .flow import Flow, FlowResult, follow
from .flow_registry import derive
from .hop import Verdict, World
from .rows import Rows
from .store import host_rows, load_conditions, load_memory


@dataclass(frozen=True, slots=True)
class Report:
    """The results of all flows of a cloud."""

    results: tuple[FlowResult, ...]

    @property
    def served(self) -> tuple[FlowResult, ...]:
        """The flows that arrive."""
        return self._of(Verdict.PASS, forbidden=False)

    @property
    def failed(self) -> tuple[FlowResult, ...]:
        """The flows that do not arrive."""
        return self._of(Verdict.FAIL, forbidden=False)

    @property
    def unknown(self) -> tuple[FlowResult, ...]:
        """The flows that the rows do not decide, forbidden ones included."""
        return tuple(each for each in self.results if each.verdict is Verdict.UNKNOWN)

    @property
    def opened(self) -> tuple[FlowResult, ...]:
        """The forbidden flows that arrive."""
        return self._of(Verdict.PASS, forbidden=True)

    @property
    def closed(self) -> tuple[FlowResult, ...]:
        """The forbidden flows that are stopped."""
        return self._of(Verdict.FAIL, forbidden=True)

    def _of(self, verdict: Verdict, *, forbidden: bool) -> tuple[FlowResult, ...]:
        return tuple(each for each in self.results if each.verdict is verdict and each.flow.forbidden is forbidden)

    def result(self, flow_id: str) -> FlowResult | None:
        """Return the result of a flow by its id, or None."""
        return next((each for each in self.results if each.flow.id == flow_id), None)

    def as_document(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {
            "served": [each.flow.id for each in self.served],
            "failed": [each.as_document() for each in self.failed],
            "unknown": [each.as_document() for each in self.unknown],
            "forbidden_open": [each.as_document() for each in self.opened],
            "forbidden_closed": [each.flow.id for each in self.closed],
        }


class Evaluator:
    """Keeps the results of all flows of a world, and evaluates those again that a change may have changed."""

    def __init__(self, world: World, stack: str = "") -> None:
        self.world = world
        self.stack = stack  # only the flows of this stack; "" for all
        self.results: dict[str, FlowResult] = {}
        self._flows: dict[str, Flow] = {}
        self._derived_from: frozenset[str] = frozenset()
        self._derive()
        self._follow(self._flows.values())

    def report(self) -> Report:
        """Return the current results."""
        return Report(tuple(self.results[flow_id] for flow_id in self._flows))

    def changed(
        self, types: Iterable[str], *, memory: bool = False
    ) -> list[tuple[FlowResult | None, FlowResult | None]]:
        """Evaluate after rows of `types` changed. Return the old and new result of each flow whose verdict changed.

        `memory` is whether running tasks were replaced. None stands for a flow that did not or does not exist.
        """
        changed_types = set(types)
        self.world.cache.clear()
        before = dict(self.results)
        if changed_types & self._derived_from:
            self._derive()
        self._follow(
            flow
            for flow_id, flow in self._flows.items()
            if memory
            or flow_id not in before
            or before[flow_id].reads & changed_types
            or before[flow_id].flow is not flow
        )
        gone = [(before[flow_id], None) for flow_id in before if flow_id not in self._flows]
        for flow_id in [each for each in self.results if each not in self._flows]:
            del self.results[flow_id]
        moved = [
            (before.get(flow_id), result)
            for flow_id, result in self.results.items()
            if (old := before.get(flow_id)) is None or old.verdict is not result.verdict
        ]
        return [*gone, *moved]

    def _derive(self) -> None:
        rows = self.world.rows
        rows.read = set()
        flows = [flow for flow in derive(rows) if not self.stack or flow.stack in ("", self.stack)]
        self._derived_from = frozenset(rows.read)
        self._flows = {flow.id: flow for flow in flows}

    def _follow(self, flows: Iterable[Flow]) -> None:
        for flow in flows:
            self.results[flow.id] = follow(flow, self.world)


def world_of(cloud: Cloud) -> World:
    """Return the world of a cloud as it is now."""
    return World(Rows([*cloud.all(), *host_rows(cloud)]), load_memory(cloud), load_conditions(cloud))


def evaluate(cloud: Cloud, *, stack: str = "") -> Report:
    """Evaluate every flow of a cloud as it is now; `stack` limits it to one stack ("urn:pulumi:dev::tierup")."""
    return Evaluator(world_of(cloud), stack).report()
