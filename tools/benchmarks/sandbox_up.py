"""Measures the time of a warm `tierup up --sandbox` against the engine alone.

It compares three runs, each from an empty sandbox and an empty state to a deployed stack, and a preview of it:

- `tierup up --sandbox` of the project's dev stack in phase optimization and tier small, with its policies, its record
  of the operations and the evaluation of the traffic;
- a plain `pulumi up` of the same stack by the environment that `tierup sandbox env` prints, without policies;
- a plain `pulumi up` of a bare program: as many raw resources of one simple type, without components, provider SDKs or
  a policy pack.

All run in a temporary folder, on one sandbox process that is started before the measurement. Their runs alternate, so
that a busy machine slows each of them; the medians are compared. Two more figures describe the sandbox alone and depend
on the machine: the time of its start, and its operations per second.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from tierup.deployment import sandbox_backend
from tierup.deployment.checkpoint import read
from tierup.deployment.project import Project, find
from tierup.engine import Engine, find_or_install
from tierup.sandbox import SandboxProcess, cloud_path, ensure_running, stop
from tierup.sandbox.aws.ecs_vcpu_quotas import SERVICE, VCPU_QUOTAS
from tierup.sandbox.cloud import Cloud
from tools.benchmarks.sandbox_throughput import operations_per_second, start_seconds
from tools.benchmarks.timed_command import seconds_of

ALLOWED_SAME_STACK = 1.2  # the limit for `up` against that of the same stack
ALLOWED_BARE = 1.5  # the limit for `up` against that of the bare program

_CHECKOUT = str(Path(__file__).parents[2])
_STACK = "dev"
_BARE = """
import pulumi


class Bare(pulumi.CustomResource):
    def __init__(self, name):
        super().__init__("aws:sns/topic:Topic", name, {{"arn": None}})


for number in range({count}):
    Bare(f"bare-{{number}}")
"""

Notify = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchmarkResult:
    """Medians in seconds, except `sandbox_operations`."""

    resources: int
    runs: int
    tierup_up: float
    same_up: float  # of the same stack, by the engine alone
    bare_up: float  # of the bare program, by the engine alone
    tierup_preview: float
    same_preview: float
    bare_preview: float
    sandbox_start: float
    sandbox_operations: float  # operations per second
    engine: str

    @property
    def ratio_same(self) -> float:
        """The time of `up` with tierup, divided by that of the engine alone on the same stack."""
        return self.tierup_up / self.same_up

    @property
    def ratio_bare(self) -> float:
        """The time of `up` with tierup, divided by that of the engine alone on the bare program."""
        return self.tierup_up / self.bare_up

    @property
    def passes(self) -> bool:
        """Whether both ratios are within their limits."""
        return self.ratio_same <= ALLOWED_SAME_STACK and self.ratio_bare <= ALLOWED_BARE

    def as_document(self) -> dict[str, Any]:
        """Return the result as a JSON document."""
        return {
            **rounded(asdict(self)),
            "ratio_same": round(self.ratio_same, 3),
            "allowed_same": ALLOWED_SAME_STACK,
            "ratio_bare": round(self.ratio_bare, 3),
            "allowed_bare": ALLOWED_BARE,
            "passes": self.passes,
        }

    def as_text(self) -> str:
        """Return the result as text."""

        def limited(ratio: float, allowed: float) -> str:
            return f"ratio {ratio:.2f} (at most {allowed}: {'passed' if ratio <= allowed else 'EXCEEDED'})"

        return "\n".join(
            (
                f"{self.resources} resources, engine {self.engine}, medians of {self.runs} runs",
                f"  tierup                     up {self.tierup_up:.2f} s   preview {self.tierup_preview:.2f} s",
                f"  engine alone, same stack   up {self.same_up:.2f} s   preview {self.same_preview:.2f} s   "
                f"{limited(self.ratio_same, ALLOWED_SAME_STACK)}",
                f"  engine alone, bare program up {self.bare_up:.2f} s   preview {self.bare_preview:.2f} s   "
                f"{limited(self.ratio_bare, ALLOWED_BARE)}",
                f"  sandbox  starts in {self.sandbox_start * 1000:.0f} ms, "
                f"answers {self.sandbox_operations:,.0f} operations a second",
            )
        )


def run(project: Project, *, runs: int, notify: Notify) -> BenchmarkResult:
    """Measure, `runs` times each.

    Raises:
        CommandError: one of the three fails.
    """
    engine = find_or_install(notify)
    with tempfile.TemporaryDirectory(prefix="tierup-benchmark-") as temporary:
        home = Path(temporary) / "home"
        ensure_running(home)
        try:
            stack = copy_of(project, Path(temporary) / "stack", phase="optimization", tier="small")
            return _measure(Path(temporary), home, stack, engine, runs, notify)
        finally:
            stop(home)


def _measure(temporary: Path, home: Path, stack: Path, engine: Engine, runs: int, notify: Notify) -> BenchmarkResult:
    tierup = _Contender(
        home=home,
        project=yaml.safe_load((stack / "Pulumi.yaml").read_text())["name"],
        folder=stack,
        environment={**os.environ, "TIERUP_HOME": str(home), "PYTHONPATH": _CHECKOUT},
        up=[sys.executable, "-m", "tierup.cli", "up", "--sandbox", "--json"],
        preview=[sys.executable, "-m", "tierup.cli", "preview", "--sandbox", "--json"],
    )
    notify("Warming up: one run of the stack, which also counts its resources.")
    tierup.run(tierup.up)
    count = resource_count(home, tierup.project)
    # Once more: a sandbox whose code has changed restarts, perhaps on other ports.
    sandbox = ensure_running(home)
    contenders = {
        "tierup": tierup,
        "same": _plain(find(stack), home, engine, sandbox, create=False),
        "bare": _plain(_bare_project(temporary / "bare", count), home, engine, sandbox, create=True),
    }
    tierup.empty()
    for contender in (contenders["same"], contenders["bare"]):
        contender.run(contender.up)
        contender.empty()
    times: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(runs):
        for name, contender in contenders.items():
            times[f"{name}_up"].append(contender.run(contender.up))
            times[f"{name}_preview"].append(contender.run(contender.preview))
            contender.empty()
        ups = ", ".join(f"{name} {times[f'{name}_up'][-1]:.2f} s" for name in contenders)
        notify(f"Run {number + 1} of {runs}: {ups}")
    alone = temporary / "alone"
    for _ in range(runs):
        times["sandbox_start"].append(start_seconds(alone))
        times["sandbox_operations"].append(operations_per_second(ensure_running(alone)))
    stop(alone)
    medians = {name: statistics.median(figures) for name, figures in times.items()}
    return BenchmarkResult(resources=count, runs=runs, engine=engine.version, **medians)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Contender:
    """One of the three compared, with its commands."""

    home: Path
    project: str
    folder: Path
    environment: Mapping[str, str]
    up: list[str]
    preview: list[str]

    def run(self, command: list[str]) -> float:
        """Run a command and return its duration in seconds."""
        return seconds_of(command, self.folder, self.environment)

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


def rounded(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with their numbers rounded to three digits, for a JSON document."""
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in result.items()}


def resource_count(home: Path, project: str) -> int:
    """Return the number of resources of the dev stack in the sandbox, without components and providers."""
    return sum(
        1
        for resource in read(sandbox_backend.state_folder(home), project, _STACK).resources
        if resource.get("custom") and not str(resource["type"]).startswith("pulumi:")
    )


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


def _bare_project(folder: Path, count: int) -> Project:
    folder.mkdir()
    (folder / "__main__.py").write_text(_BARE.format(count=count))
    document = {"name": "bare", "runtime": {"name": "python", "options": {"virtualenv": sys.prefix}}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(document))
    (folder / f"Pulumi.{_STACK}.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    return find(folder)


def _plain(project: Project, home: Path, engine: Engine, sandbox: SandboxProcess, *, create: bool) -> _Contender:
    """Return the engine alone on a project."""
    opened = sandbox_backend.open_workspace(project, _STACK, home, engine, sandbox.debug_providers, create=create)
    quiet = ["--stack", _STACK, "--non-interactive", "--color", "never", "--suppress-progress"]
    return _Contender(
        home=home,
        project=project.name,
        folder=opened.folder,
        environment={**opened.environment, "PYTHONPATH": _CHECKOUT},
        up=[str(engine.path), "up", "--yes", "--skip-preview", *quiet],
        preview=[str(engine.path), "preview", *quiet],
    )
