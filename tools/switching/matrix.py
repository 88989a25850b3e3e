"""The matrix of all switches: for each ordered pair of states the interruption, the steps, or that it is refused.

The numbers come from the planner and the program alone. The results of runs on the real engine are in results.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from components.cdn.provider import CdnKind
from tierup.switch.config_values import Config
from tierup.switch.description import configs_of, describe
from tierup.switch.planner import RefusedSwitchError, SwitchPlan, plan_switch
from tierup.switch.recording import Recording, record
from tools.docs.markdown import table
from tools.switching.states import STACK, State, pairs, states

PAGE: Final = Path(__file__).parents[2] / "docs/reference/switching.md"
RESULTS: Final = Path(__file__).with_name("results.json")
_MATRIX: Final = re.compile(r"<!-- matrix: (?P<cdn>\w+) -->\n.*?\n?<!-- end -->", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What the planner says about one pair."""

    steps: int = 0
    seconds: int = 0
    lost_data: Sequence[str] = ()
    """The logical names of the data that the switch deletes, if the user accepts it."""
    unknown: Sequence[str] = ()
    """The logical names of the changes whose interruption is not known."""
    refused: Sequence[str] = ()
    """The ids of the changes that are not possible."""

    def __str__(self) -> str:
        if self.refused:
            return "refused"
        notes = (" / data" if self.lost_data else "") + (" / unknown" if self.unknown else "")
        return f"{self.seconds} s / {self.steps}{notes}"


@dataclass(slots=True)
class Recorder:
    """Records the program for each configuration once."""

    _known: dict[str, Recording] = field(default_factory=dict[str, Recording])

    def of(self, config: Config) -> Recording:
        """Return the recording of a configuration."""
        key = json.dumps(config, sort_keys=True)
        if key not in self._known:
            (self._known[key],) = record([config], project="tierup", stack=STACK)
        return self._known[key]


def cell(before: State, after: State, cdn: CdnKind, recorder: Recorder) -> Cell:
    """Return what the planner says about a switch."""
    try:
        plan = planned(before, after, cdn)
    except RefusedSwitchError as error:
        return Cell(refused=[each.id for each in error.changes])
    found = describe(plan, [recorder.of(config) for config in configs_of(plan)])
    return Cell(
        steps=len(plan.steps),
        seconds=found.seconds,
        lost_data=sorted({each.name for effects in found.effects for each in effects.lost_data}),
        unknown=sorted({each.name for effects in found.effects for each in effects.unknown}),
    )


def planned(before: State, after: State, cdn: CdnKind) -> SwitchPlan:
    """Return the plan of a switch. Raises RefusedSwitchError."""
    return plan_switch(before.config(cdn), after.wanted, STACK)


def cells(cdn: CdnKind, progress: Callable[[str], None]) -> dict[tuple[State, State], Cell]:
    """Return the cells of all pairs behind a CDN."""
    recorder = Recorder()
    found: dict[tuple[State, State], Cell] = {}
    for before, after in pairs():
        found[before, after] = cell(before, after, cdn, recorder)
        progress(f"{cdn}: {before} → {after}: {found[before, after]}")
    return found


def matrix(found: Mapping[tuple[State, State], Cell], verified: Collection[str], cdn: CdnKind) -> str:
    """Return the matrix as a Markdown table. `verified` are the keys of the pairs that ran on the engine."""
    rows = [(f"`{before}`", *(_text(before, after, found, verified, cdn) for after in states())) for before in states()]
    return table(("from \\ to", *(f"`{each}`" for each in states())), rows)


def _text(
    before: State,
    after: State,
    found: Mapping[tuple[State, State], Cell],
    verified: Collection[str],
    cdn: CdnKind,
) -> str:
    if before == after:
        return "–"
    return f"{found[before, after]}{' ✓' if key(before, after, cdn) in verified else ''}"


def key(before: State, after: State, cdn: CdnKind) -> str:
    """Return the key of a pair in results.json."""
    return f"{cdn} {before} {after}"


def results() -> dict[str, dict[str, object]]:
    """Return the results of the runs on the engine."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}


def write_page(progress: Callable[[str], None]) -> None:
    """Write both matrices into the page."""
    verified = {name for name, result in results().items() if result.get("ok")}
    tables = {cdn.value: matrix(cells(cdn, progress), verified, cdn) for cdn in CdnKind}
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        _MATRIX.sub(lambda at: f"<!-- matrix: {at['cdn']} -->\n{tables[at['cdn']]}\n<!-- end -->", text),
        encoding="utf-8",
    )
