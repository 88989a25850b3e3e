"""Measures the time of a warm `tierup up --sandbox` against a plain `pulumi up` of the same stack.

It compares two runs, each from an empty sandbox and an empty state to a deployed stack, and a preview of it. Both
deploy the project's dev stack in phase optimization and tier small:

- `tierup up --sandbox`, with its policies, its record of the operations and the evaluation of the traffic;
- the same engine alone, by the environment that `tierup sandbox env` prints, without policies.

Both run in a temporary folder, on one sandbox process that is started before the measurement. Their runs alternate, so
that a busy machine slows both; the medians are compared. Two more figures describe the sandbox alone and depend on the
machine: the time of its start, and its operations per second.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from tierup.deployment import sandbox_backend
from tierup.deployment.checkpoint import read
from tierup.deployment.errors import CommandError
from tierup.deployment.project import Project, find
from tierup.engine import Engine, find_or_install
from tierup.sandbox import SandboxProcess, cloud_path, ensure_running, stop
from tierup.sandbox.aws.ecs_vcpu_quotas import SERVICE, VCPU_QUOTAS
from tierup.sandbox.cloud import Cloud
from tools.benchmarks.sandbox_throughput import operations_per_second, start_seconds

ALLOWED_RATIO = 1.2  # the limit for `up`

_STACK = "dev"
Notify = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchmarkResult:
    """Medians in seconds, except `sandbox_operations`."""

    resources: int
    runs: int
    tierup_up: float
    engine_up: float
    tierup_preview: float
    engine_preview: float
    sandbox_start: float
    sandbox_operations: float  # operations per second
    engine: str

    @property
    def ratio(self) -> float:
        """The time of `up` with tierup, divided by that of the bare engine."""
        return self.tierup_up / self.engine_up

    @property
    def passes(self) -> bool:
        """Whether the ratio is within the limit."""
        return self.ratio <= ALLOWED_RATIO

    def as_document(self) -> dict[str, Any]:
        """Return the result as a JSON document."""
        return {
            **{key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(self).items()},
            "ratio": round(self.ratio, 3),
            "preview_ratio": round(self.tierup_preview / self.engine_preview, 3),
            "allowed_ratio": ALLOWED_RATIO,
            "passes": self.passes,
        }

    def as_text(self) -> str:
        """Return the result as text."""
        verdict = "passed" if self.passes else "EXCEEDED"
        return "\n".join(
            (
                f"{self.resources} resources, engine {self.engine}, medians of {self.runs} runs",
                f"  up       tierup {self.tierup_up:.2f} s   engine alone {self.engine_up:.2f} s   "
                f"ratio {self.ratio:.2f} (at most {ALLOWED_RATIO}: {verdict})",
                f"  preview  tierup {self.tierup_preview:.2f} s   engine alone {self.engine_preview:.2f} s   "
                f"ratio {self.tierup_preview / self.engine_preview:.2f}",
                f"  sandbox  starts in {self.sandbox_start * 1000:.0f} ms, "
                f"answers {self.sandbox_operations:,.0f} operations a second",
            )
        )


def run(project: Project, *, runs: int, notify: Notify) -> BenchmarkResult:
    """Measure, `runs` times each.

    Raises:
        CommandError: one of the two fails.
    """
    engine = find_or_install(notify)
    with tempfile.TemporaryDirectory(prefix="tierup-benchmark-") as temporary:
        home = Path(temporary) / "home"
        ensure_running(home)
        try:
            stack = copy_of(project, Path(temporary) / "stack", phase="optimization", tier="small")
            return _measure(Path(temporary) / "alone", home, stack, engine, runs, notify)
        finally:
            stop(home)


def _measure(alone: Path, home: Path, stack: Path, engine: Engine, runs: int, notify: Notify) -> BenchmarkResult:
    tierup = _Contender(
        home=home,
        project=yaml.safe_load((stack / "Pulumi.yaml").read_text())["name"],
        folder=stack,
        environment={**os.environ, "TIERUP_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])},
        up=[sys.executable, "-m", "tierup.cli", "up", "--sandbox", "--json"],
        preview=[sys.executable, "-m", "tierup.cli", "preview", "--sandbox", "--json"],
    )
    notify("Warming up: one run of the stack, which also counts its resources.")
    tierup.run(tierup.up)
    count = sum(
        1
        for resource in read(sandbox_backend.state_folder(home), tierup.project, _STACK).resources
        if resource.get("custom") and not str(resource["type"]).startswith("pulumi:")
    )
    # Once more: a sandbox whose code has changed restarts, perhaps on other ports.
    plain = _plain(tierup, engine, ensure_running(home))
    tierup.empty()
    plain.run(plain.up)
    plain.empty()
    times: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(runs):
        for name, contender in (("tierup", tierup), ("engine", plain)):
            times[f"{name}_up"].append(contender.run(contender.up))
            times[f"{name}_preview"].append(contender.run(contender.preview))
            contender.empty()
        notify(
            f"Run {number + 1} of {runs}: tierup {times['tierup_up'][-1]:.2f} s, engine {times['engine_up'][-1]:.2f} s"
        )
    for _ in range(runs):
        times["sandbox_start"].append(start_seconds(alone))
        times["sandbox_operations"].append(operations_per_second(ensure_running(alone)))
    stop(alone)
    medians = {name: statistics.median(figures) for name, figures in times.items()}
    return BenchmarkResult(resources=count, runs=runs, engine=engine.version, **medians)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Contender:
    """One of the two compared, with its commands."""

    home: Path
    project: str
    folder: Path
    environment: Mapping[str, str]
    up: list[str]
    preview: list[str]

    def run(self, command: list[str]) -> float:
        """Run a command and return its duration in seconds."""
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - began
        if done.returncode != 0:
            raise CommandError(f"`{' '.join(command)}` failed: {why(done)}")
        return seconds

    def empty(self) -> None:
        """Delete the sandbox's resources and the content of the stack's state."""
        cloud = Cloud(cloud_path(self.home))
        cloud.reset()
        cloud.close()
        state = sandbox_backend.state_folder(self.home) / ".pulumi"
        for kind in ("history", "backups"):
            shutil.rmtree(state / kind / self.project, ignore_errors=True)
        file = state / "stacks" / self.project / f"{_STACK}.json"
        checkpoint = json.loads(file.read_text())
        checkpoint["checkpoint"].pop("latest", None)
        file.write_text(json.dumps(checkpoint))
        file.with_name(file.name + ".attrs").unlink(missing_ok=True)


def why(done: subprocess.CompletedProcess[str]) -> str:
    """Return the error that a command printed."""
    try:
        document = json.loads(done.stdout)
    except ValueError:
        return (done.stderr or done.stdout).strip()[-600:]
    errors = [each["message"] for each in document.get("diagnostics", ()) if each["severity"] == "error"]
    return "; ".join(errors[:3]) or str(document.get("error"))


def copy_of(project: Project, folder: Path, *, phase: str, tier: str) -> Path:
    """Create a project with the same program and settings in another phase and tier, and return its folder."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(sandbox_backend.copy_project(project), sort_keys=False))
    settings = dict(project.settings(_STACK))
    namespace = project.name
    settings["config"] = {**settings.get("config", {}), f"{namespace}:phase": phase, f"{namespace}:tier": tier}
    (folder / f"Pulumi.{_STACK}.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    if project.policy_pack is not None:
        (folder / "policies").symlink_to(project.policy_pack)
        (folder / ".venv").symlink_to(sys.prefix)  # the pack names it relative to its own folder
    return folder


def raise_fargate_quota(home: Path) -> None:
    """Raise the quota of Fargate, so that the largest stack runs. A new account has too few vCPUs for it."""
    with closing(Cloud(cloud_path(home))) as cloud:
        for quota in VCPU_QUOTAS:
            cloud.set_quota(SERVICE, quota.what, 1000)


def _plain(tierup: _Contender, engine: Engine, sandbox: SandboxProcess) -> _Contender:
    project = find(tierup.folder)
    opened = sandbox_backend.open_workspace(project, _STACK, tierup.home, engine, sandbox.debug_providers, create=False)
    quiet = ["--stack", _STACK, "--non-interactive", "--color", "never", "--suppress-progress"]
    return replace(
        tierup,
        folder=opened.folder,
        environment={**opened.environment, "PYTHONPATH": tierup.environment["PYTHONPATH"]},
        up=[str(engine.path), "up", "--yes", "--skip-preview", *quiet],
        preview=[str(engine.path), "preview", *quiet],
    )
