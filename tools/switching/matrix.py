"""The matrix of all switches: for each ordered pair of states the interruption, the steps, or that it is refused.

Each pair runs on the sandbox's providers without the engine, and its result is kept in pairs.json, so a run continues
where it stopped. results.json has the pairs that ran on the engine, too.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from components.cdn.provider import CdnKind
from tierup import atomic_file
from tools.docs.markdown import table
from tools.switching.in_process_pairs import PairResult, Starts, run_pair
from tools.switching.states import State, pairs, states

PAGE: Final = Path(__file__).parents[2] / "docs/reference/switching.md"
PAIRS: Final = Path(__file__).with_name("pairs.json")
RESULTS: Final = Path(__file__).with_name("results.json")
_MATRIX: Final = re.compile(r"<!-- matrix: (?P<cdn>\w+) -->\n.*?\n?<!-- end -->", re.DOTALL)

Progress = Callable[[str], None]


def key(before: State, after: State, cdn: CdnKind) -> str:
    """Return the key of a pair in pairs.json and results.json."""
    return f"{cdn} {before} {after}"


def results() -> dict[str, dict[str, Any]]:
    """Return the results of the runs on the engine."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}


def pair_results() -> dict[str, PairResult]:
    """Return the results of the runs without the engine."""
    return {name: PairResult(**{k: v for k, v in found.items() if k != "day"}) for name, found in _stored().items()}


def _stored() -> dict[str, dict[str, Any]]:
    return json.loads(PAIRS.read_text(encoding="utf-8")) if PAIRS.is_file() else {}


def _store(name: str, result: PairResult) -> None:
    document = {field: value for field, value in asdict(result).items() if value}
    stored = {**_stored(), name: {**document, "day": f"{datetime.now(UTC):%F}"}}
    lines = [f"{json.dumps(each)}: {json.dumps(found)}" for each, found in sorted(stored.items())]
    atomic_file.write_text(PAIRS, "{\n" + ",\n".join(lines) + "\n}\n")
    PAIRS.chmod(0o644)


def run_pairs(
    chosen: Sequence[tuple[State, State]] | None,
    cdns: Sequence[CdnKind],
    *,
    again: bool,
    workers: int,
    progress: Progress,
) -> list[str]:
    """Run pairs that have no result yet, or all with `again`. Return the keys of those with a violation."""
    known = _stored()
    left: dict[tuple[CdnKind, State], list[State]] = {}
    for cdn in cdns:
        for before, after in chosen or pairs():
            if again or key(before, after, cdn) not in known:
                left.setdefault((cdn, before), []).append(after)
    failed: list[str] = []
    with (
        multiprocessing.Manager() as manager,
        ProcessPoolExecutor(max_workers=workers, mp_context=multiprocessing.get_context("spawn")) as pool,
    ):
        done: Any = manager.Queue()
        running = [pool.submit(_run_group, cdn, before, afters, done) for (cdn, before), afters in left.items()]
        for _ in range(sum(map(len, left.values()))):
            name, result = _next(done, running)
            _store(name, result)
            if result.violations:
                failed.append(name)
            progress(f"{name}: {'; '.join(result.violations) or result}")
        for each in as_completed(running):
            each.result()
    return failed


def _next(done: Any, running: Sequence[Any]) -> tuple[str, PairResult]:
    while True:
        try:
            return done.get(timeout=5)
        except Exception:  # queue.Empty, or a proxy of it
            for each in running:
                if each.done():
                    each.result()  # raises what ended a worker


def _run_group(cdn: CdnKind, before: State, afters: Sequence[State], done: Any) -> None:
    """Run the pairs of one first state, which is deployed once."""
    starts = Starts()
    gc.disable()  # a collection walks the schemas of all providers, which takes a fifth of the time
    for after in afters:
        try:
            result = run_pair(before, after, cdn, starts)
        except Exception as error:
            result = PairResult(violations=[f"{type(error).__name__}: {error}"])
        done.put((key(before, after, cdn), result))
        gc.collect()
    starts.forget()


def matrix(found: Mapping[str, PairResult], verified: Collection[str], cdn: CdnKind) -> str:
    """Return the matrix as a Markdown table. `verified` are the keys of the pairs that ran on the engine."""
    rows = [(f"`{before}`", *(_text(before, after, found, verified, cdn) for after in states())) for before in states()]
    return table(("from \\ to", *(f"`{each}`" for each in states())), rows)


def _text(
    before: State,
    after: State,
    found: Mapping[str, PairResult],
    verified: Collection[str],
    cdn: CdnKind,
) -> str:
    name = key(before, after, cdn)
    if before == after:
        return "–"
    if name not in found:
        return "not run"
    return f"{found[name]}{' ✓' if name in verified else ''}"


def write_page() -> None:
    """Write both matrices into the page."""
    verified = {name for name, result in results().items() if result.get("ok")}
    found = pair_results()
    tables = {cdn.value: matrix(found, verified, cdn) for cdn in CdnKind}
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        _MATRIX.sub(lambda at: f"<!-- matrix: {at['cdn']} -->\n{tables[at['cdn']]}\n<!-- end -->", text),
        encoding="utf-8",
    )
