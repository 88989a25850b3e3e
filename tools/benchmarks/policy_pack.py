"""Measures the policy pack: its share of a preview of the largest stack, and its time by the number of resources.

It compares `tierup preview --sandbox` of the deployed dev stack in phase enterprise and tier large with its policies
and with `--no-policies`. The runs alternate, and the medians are compared. For the second figure, the stack's resources
are multiplied, with their own names, ids and references, and evaluated in this process.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tierup.deployment import sandbox_backend
from tierup.deployment.checkpoint import read
from tierup.deployment.errors import CommandError
from tierup.deployment.project import Project
from tierup.engine import find_or_install
from tierup.sandbox import ensure_running, stop
from tools.benchmarks.sandbox_up import copy_of, raise_fargate_quota
from tools.benchmarks.timed_command import seconds_of

ALLOWED_SHARE = 0.20  # the limit for what the pack adds to a preview
COPIES = (1, 2, 4, 6)  # of a stack of 349 resources: 2,000 and more

_STACK = "dev"
Notify = Callable[[str], None]
State = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyBenchmarkResult:
    """Medians in seconds; `evaluating` by number of resources."""

    resources: int
    rules: int
    runs: int
    with_policies: float
    without_policies: float
    evaluating: Mapping[int, float]

    @property
    def share(self) -> float:
        """The time that the pack adds, as a share of the preview without it."""
        return self.with_policies / self.without_policies - 1

    @property
    def growth(self) -> float:
        """The time of a resource in the largest stack, divided by that in the smallest: 1 is linear."""
        smallest, largest = min(self.evaluating), max(self.evaluating)
        return self.evaluating[largest] / largest / (self.evaluating[smallest] / smallest)

    @property
    def passes(self) -> bool:
        """Whether the share is within the limit."""
        return self.share <= ALLOWED_SHARE

    def as_document(self) -> dict[str, Any]:
        """Return the result as a JSON document."""
        return {
            "resources": self.resources,
            "rules": self.rules,
            "runs": self.runs,
            "with_policies": round(self.with_policies, 3),
            "without_policies": round(self.without_policies, 3),
            "share": round(self.share, 3),
            "allowed_share": ALLOWED_SHARE,
            "evaluating": {count: round(seconds, 4) for count, seconds in self.evaluating.items()},
            "growth": round(self.growth, 2),
            "passes": self.passes,
        }

    def as_text(self) -> str:
        """Return the result as text."""
        verdict = "passed" if self.passes else "EXCEEDED"
        each = "   ".join(f"{count}: {seconds * 1000:.0f} ms" for count, seconds in self.evaluating.items())
        return "\n".join(
            (
                f"{self.rules} rules on {self.resources} resources, medians of {self.runs} runs",
                f"  preview  with policies {self.with_policies:.2f} s   without {self.without_policies:.2f} s   "
                f"they add {self.share:+.0%} (at most {ALLOWED_SHARE:.0%}: {verdict})",
                f"  evaluating  {each}   (a resource costs {self.growth:.1f} times as much at the end as at the start)",
            )
        )


def run(project: Project, *, runs: int, notify: Notify) -> PolicyBenchmarkResult:
    """Measure, `runs` times each.

    Raises:
        CommandError: the project has no policy pack, or its largest stack fails.
    """
    if project.policy_pack is None:
        raise CommandError(
            "policies: the project has no policy pack (got no PulumiPolicy.yaml). Run this in a checkout of tierup."
        )
    find_or_install(notify)
    with tempfile.TemporaryDirectory(prefix="tierup-benchmark-") as temporary:
        home = Path(temporary) / "home"
        ensure_running(home)
        raise_fargate_quota(home)
        try:
            return _measure(
                home, copy_of(project, Path(temporary) / "stack", phase="enterprise", tier="large"), runs, notify
            )
        finally:
            stop(home)


def _measure(home: Path, stack: Path, runs: int, notify: Notify) -> PolicyBenchmarkResult:
    notify("Deploying the largest stack: enterprise, large.")
    run_tierup(home, stack, "up")
    states = read(sandbox_backend.state_folder(home), _name(stack), _STACK).resources
    for options in ([], ["--no-policies"]):
        run_tierup(home, stack, "preview", *options)  # warms caches
    held: list[float] = []
    bare: list[float] = []
    for number in range(runs):
        held.append(run_tierup(home, stack, "preview"))
        bare.append(run_tierup(home, stack, "preview", "--no-policies"))
        notify(f"Run {number + 1} of {runs}: with policies {held[-1]:.2f} s, without {bare[-1]:.2f} s")
    from policies.registry import RULES

    return PolicyBenchmarkResult(
        resources=len(states),
        rules=len(RULES),
        runs=runs,
        with_policies=statistics.median(held),
        without_policies=statistics.median(bare),
        evaluating={
            copies * len(states): statistics.median(
                _evaluation_seconds(multiplied(states, copies)) for _ in range(runs)
            )
            for copies in COPIES
        },
    )


def run_tierup(home: Path, stack: Path, command: str, *options: str) -> float:
    """Run a `tierup` command on a stack in a sandbox, and return its seconds. Raises CommandError if it fails."""
    arguments = [sys.executable, "-m", "tierup.cli", command, "--sandbox", "--json", *options]
    return seconds_of(
        arguments, stack, {**os.environ, "TIERUP_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}
    )


def _name(stack: Path) -> str:
    import yaml

    return str(yaml.safe_load((stack / "Pulumi.yaml").read_text())["name"])


def _evaluation_seconds(states: list[State]) -> float:
    from policies.config import PolicyConfig
    from policies.evaluator import evaluate
    from policies.exceptions import Exceptions
    from policies.registry import RULES
    from policies.state import read as read_state

    saved = read_state({"deployment": {"resources": states}})
    began = time.perf_counter()
    evaluate(saved.resources, PolicyConfig(), Exceptions((), datetime.now(UTC).date()), rules=RULES)
    return time.perf_counter() - began


def multiplied(states: Any, copies: int) -> list[State]:
    """Return copies of the whole stack with distinct names; a part of it would have other types."""
    names = {value for state in states for value in (state["urn"], state.get("id"), *_own(state)) if value}
    return [_renamed(state, names, f"-{number}") for number in range(copies) for state in states]


def _own(state: State) -> list[str]:
    outputs = state.get("outputs") or {}
    return [outputs[key] for key in ("arn", "name", "bucket") if isinstance(outputs.get(key), str)]


def _renamed(value: Any, names: set[str], suffix: str) -> Any:
    if isinstance(value, str):
        return value + suffix if value in names else value
    if isinstance(value, Mapping):
        return {key: _renamed(each, names, suffix) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, names, suffix) for each in value]
    return value
