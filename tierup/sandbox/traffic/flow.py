"""A flow: a request from a source to a destination, and how it is traced."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tierup.sandbox.behaviour import assumed

from .hop import Hop, Verdict, World, unknown
from .rows import Rows

Trace = Callable[[World], Iterator[Hop]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One flow of a stack. Its id stays the same while the stack changes."""

    id: str  # "browser GET https://api.example.com/api/tasks"
    kind: str  # the id of its kind; "forbidden" for every forbidden flow, "trace" for a traced URL
    source: str  # "browser", "backend"
    target: str  # "https://api.example.com/api/tasks", "cache"
    stack: str  # as CloudResource.stack, "" if no stack created what it begins at
    forbidden: bool = False  # whether it must not arrive; the registry sets it from the kind
    trace: Trace = field(compare=False, repr=False)
    cached: CachedTrace | None = field(default=None, compare=False, repr=False)
    """The trace for a client that has cached the answer of a DNS record; None if no client of the flow caches one."""
    host: str = ""  # the name that its clients resolve
    at_rest: bool = False  # whether only its result at the end of a run counts: a deployment of the run may change it


CachedTrace = Callable[[World, Any], Iterator[Hop]]
"""A trace with an answer that a client resolved before (`hops.dns.Answer`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowKind:
    """A kind of flows: how they are derived from the rows."""

    id: str  # kebab-case
    description: str  # one sentence
    derive: Callable[[Rows], Iterable[Flow]]
    forbidden: bool = False  # whether its flows must not arrive


@dataclass(frozen=True, slots=True)
class FlowResult:
    """The result of one flow in one world. Of a forbidden flow, `PASS` means that it is open."""

    flow: Flow
    verdict: Verdict
    hops: tuple[Hop, ...]
    reads: frozenset[str] = frozenset()  # the types of rows that decide it

    @property
    def decisive(self) -> Hop | None:
        """The hop that stops the flow or that is unknown; None if all pass."""
        return next((hop for hop in reversed(self.hops) if not hop.passed), None)

    def as_document(self) -> dict[str, Any]:
        """Return the result as plain values for JSON."""
        return {
            "flow": self.flow.id,
            "kind": self.flow.kind,
            "source": self.flow.source,
            "target": self.flow.target,
            "forbidden": self.flow.forbidden,
            "verdict": self.verdict.value,
            "hops": [hop.as_document() for hop in self.hops],
        }


_ERROR = assumed("an error of the model, after which nothing is known")


def _contained(hops: Iterator[Hop]) -> Iterator[Hop]:
    """Yield hops. If the model fails, the flow is unknown, and the other flows are still evaluated."""
    try:
        yield from hops
    except Exception as error:
        yield unknown("model", "", "", f"The model cannot evaluate the next hop (got {place(error)}).", _ERROR)


def place(error: Exception) -> str:
    """Return the type of an error and the line that raised it. Its text may contain a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in line {frames[-1].lineno} of {Path(frames[-1].filename).name}" if frames else ""
    return f"{type(error).__name__}{where}"


def follow(flow: Flow, world: World, hops: Iterator[Hop] | None = None) -> FlowResult:
    """Trace a flow up to the first hop that stops it. `hops` replaces its trace, as for a cached DNS answer."""
    outside = world.rows.read
    world.rows.read = set()
    found: list[Hop] = []
    verdict = Verdict.PASS
    for hop in _contained(hops if hops is not None else flow.trace(world)):
        found.append(hop)
        if hop.verdict is Verdict.FAIL:
            verdict = Verdict.FAIL
            break
        if hop.verdict is Verdict.UNKNOWN:
            verdict = Verdict.UNKNOWN
    if not found:
        verdict = Verdict.UNKNOWN
    reads = frozenset(world.rows.read)
    world.rows.read = outside | reads
    return FlowResult(flow, verdict, tuple(found), reads)
