"""The load run: how many requests per second one API process of the sample application answers, by task size.

The process runs in a cgroup with the CPU quota of the task size (0.5 vCPU: 50 of every 100 ms), and with the heap limit
that the stack sets. FerretDB, Redis and vegeta run outside that cgroup, on the same machine. vegeta sends requests at a
constant rate to loopback, so a slow response delays no later request. The rate grows by steps until a step misses the
guide's targets; the last step that meets them is the result.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import psutil

from components.ecs.fargate_sizes import node_heap_mib
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import REQUESTS_PER_TASK, Tier, sizes
from tierup.deployment.errors import CommandError, ExitCode
from tools.app import programs
from tools.app.processes import HOST, Application, Process, started_services

P95_MS: Final = 500.0  # the guide's "p95 < 500ms"
ERROR_PERCENT: Final = 0.1  # the guide's "error rate < 0.1%"
_GROWTH: Final = 1.25
_FIRST_RATE: Final = 20
_MAX_RATE: Final = 4_000
_USERS: Final = 50
_TASKS_PER_USER: Final = 30
# Nine reads to one write: a user looks at the list more often than they change it. A write invalidates the user's list.
_READS_PER_WRITE: Final = 9
_CONNECTIONS: Final = 64

TASK_SIZES: Final[Mapping[int, int]] = {
    sizes(tier, Phase.SCALE).task_cpu: sizes(tier, Phase.SCALE).task_memory for tier in Tier
}
"""CPU units and MiB of the tiers' tasks."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One rate of requests and its result."""

    rate: int
    """Requests per second that were sent."""
    p50_ms: float
    p95_ms: float
    error_percent: float
    cpu_percent: float
    """CPU of the API process in percent of the task's quota."""
    memory_mib: float
    """Largest resident memory of the API process."""

    @property
    def passes(self) -> bool:
        """Whether the step meets the guide's targets."""
        return self.p95_ms <= P95_MS and self.error_percent < ERROR_PERCENT


@dataclass(frozen=True, kw_only=True)
class SizeResult:
    """The result of one task size: the last step that passes, and the first that does not."""

    cpu_units: int
    memory_mib: int
    idle_memory_mib: float
    passed: Step
    failed: Step | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The results of all task sizes."""

    machine: str
    results: Sequence[SizeResult]

    def as_document(self) -> Mapping[str, object]:
        """Return the report as JSON."""
        return {"machine": self.machine, "results": [asdict(result) for result in self.results]}

    def as_markdown(self) -> str:
        """Return the table of docs/explanation/capacity.md."""
        lines = [
            "| task | requests/s | p50 | p95 | CPU | memory idle → loaded | first rate that fails |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        for result in self.results:
            step, failed = result.passed, result.failed
            fails = (
                f"{failed.rate}/s: p95 {failed.p95_ms:,.0f} ms, {failed.error_percent:.1f} % errors" if failed else "–"
            )
            lines.append(
                f"| {result.cpu_units / 1024:g} vCPU, {result.memory_mib / 1024:g} GiB | {step.rate} "
                f"| {step.p50_ms:.0f} ms | {step.p95_ms:.0f} ms | {step.cpu_percent:.0f} % "
                f"| {result.idle_memory_mib:.0f} → {step.memory_mib:.0f} MiB | {fails} |"
            )
        tiers = [f"{tier.value} {REQUESTS_PER_TASK[tier] / 60:.0f}/s" for tier in Tier]
        lines += ["", f"Measured on {self.machine}. Autoscaling adds a task at: {', '.join(tiers)} per task."]
        return "\n".join(lines)


def measure(cpu_units: Sequence[int], *, seconds: int, notify: programs.Notify) -> Report:
    """Measure the task sizes with these CPU units, each for steps of `seconds`.

    Raises:
        CommandError: the CPU cannot be limited on this machine, or a size is not one of the tiers'.
    """
    unknown = [units for units in cpu_units if units not in TASK_SIZES]
    if unknown:
        allowed = ", ".join(str(units) for units in TASK_SIZES)
        raise CommandError(f"--cpu: not a task size of a tier (got {unknown[0]}). Give {allowed}.", ExitCode.SETTINGS)
    results: list[SizeResult] = []
    for units in cpu_units:
        with started_services(notify) as application, _cpu_limit(units) as enter:
            results.append(_measure_size(application, units, enter, seconds, notify))
    return Report(machine=_machine(), results=results)


def _measure_size(
    application: Application, units: int, enter: Callable[[], None], seconds: int, notify: programs.Notify
) -> SizeResult:
    memory = TASK_SIZES[units]
    api, port = application.start_api(
        before_exec=enter,
        NODE_ENV="production",
        NODE_OPTIONS=f"--max-old-space-size={node_heap_mib(memory)}",
        LOG_LEVEL="info",
    )
    notify(f"{units / 1024:g} vCPU: creating {_USERS} users with {_TASKS_PER_USER} tasks each")
    cookies = _sign_up(port)
    targets = _targets(port, cookies, application.folder)
    idle = _memory_mib(api)
    _attack(api, units, targets, _FIRST_RATE, min(seconds, 5), notify)  # compiles the code that requests use
    passed: Step | None = None
    failed: Step | None = None
    rate = float(_FIRST_RATE)
    while failed is None and rate <= _MAX_RATE:
        step = _attack(api, units, targets, round(rate), seconds, notify)
        if step.passes:
            passed = step
            rate *= _GROWTH
        else:
            failed = step
            time.sleep(2)  # the requests that wait are answered before the next step
    if passed is None:
        raise CommandError(f"{units} CPU units: {_FIRST_RATE} requests per second already miss the targets: {failed}.")
    return SizeResult(cpu_units=units, memory_mib=memory, idle_memory_mib=idle, passed=passed, failed=failed)


def _attack(api: Process, units: int, targets: Path, rate: int, seconds: int, notify: programs.Notify) -> Step:
    vegeta = str(programs.built("vegeta", notify))
    process = psutil.Process(api.popen.pid)
    cpu_before, started = sum(process.cpu_times()[:2]), time.monotonic()
    attack = subprocess.Popen(
        [vegeta, "attack", "-format", "json", "-targets", str(targets), "-rate", f"{rate}/s",
         "-duration", f"{seconds}s", "-timeout", "10s", "-max-body", "0",
         "-connections", str(_CONNECTIONS), "-max-connections", str(_CONNECTIONS)],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    report = subprocess.Popen([vegeta, "report", "-type", "json"], stdin=attack.stdout, stdout=subprocess.PIPE)
    memory = 0.0
    while attack.poll() is None:
        memory = max(memory, _memory_mib(api))
        time.sleep(0.2)
    elapsed = time.monotonic() - started
    cpu = sum(process.cpu_times()[:2]) - cpu_before
    document = json.loads(report.communicate(timeout=60)[0])
    step = Step(
        rate=rate,
        p50_ms=document["latencies"]["50th"] / 1e6,
        p95_ms=document["latencies"]["95th"] / 1e6,
        error_percent=100 * (1 - document["success"]),
        cpu_percent=100 * cpu / elapsed / (units / 1024),
        memory_mib=memory,
    )
    notify(
        f"{units / 1024:g} vCPU, {rate}/s: p95 {step.p95_ms:.0f} ms, {step.error_percent:.2f} % errors, "
        f"{step.cpu_percent:.0f} % CPU, {step.memory_mib:.0f} MiB"
    )
    return step


def _sign_up(port: int) -> list[str]:
    """Create users with tasks, and return their cookies."""
    cookies: list[str] = []
    for number in range(_USERS):
        user = {"email": f"{uuid.uuid4().hex}@example.com", "password": uuid.uuid4().hex}
        status, headers = _post(port, "/api/users", user, f"198.18.0.{number}")
        if status != 201:
            raise CommandError(f"POST /api/users returned status {status}; expected 201.")
        cookies.append(headers["set-cookie"].split(";")[0])
        for task in range(_TASKS_PER_USER):
            _post(port, "/api/tasks", {"title": f"task {task}"}, f"198.18.0.{number}", cookies[-1])
    return cookies


def _post(port: int, path: str, body: object, address: str, cookie: str | None = None) -> tuple[int, Mapping[str, str]]:
    connection = HTTPConnection(HOST, port, timeout=30)
    headers = {"Content-Type": "application/json", "X-Forwarded-For": address, **({"Cookie": cookie} if cookie else {})}
    connection.request("POST", path, json.dumps(body), headers)
    response = connection.getresponse()
    fields = {name.lower(): value for name, value in response.getheaders()}
    response.read()
    connection.close()
    return response.status, fields


def _targets(port: int, cookies: Sequence[str], folder: Path) -> Path:
    """Write the requests that vegeta sends in turn. Each has a client address of its own, because of the rate limit."""
    file = folder / "targets.json"
    body = "eyJ0aXRsZSI6ICJhIHRhc2sifQ=="  # {"title": "a task"} in Base64, as vegeta's JSON format needs
    address = itertools.count()
    with file.open("w", encoding="utf-8") as lines:
        for number in range(200_000):
            write = number % (_READS_PER_WRITE + 1) == _READS_PER_WRITE
            # 7 shares no divisor with the number of users, so reads and writes each go to all users in turn.
            turn = number // (_READS_PER_WRITE + 1) if write else 7 * number
            cookie = cookies[turn % len(cookies)]
            host = next(address)
            header = {
                "Cookie": [cookie],
                "X-Forwarded-For": [f"10.{host >> 16 & 255}.{host >> 8 & 255}.{host & 255}"],
                "Accept-Encoding": ["gzip"],
            }
            target: dict[str, object] = {"method": "GET", "url": f"http://{HOST}:{port}/api/tasks", "header": header}
            if write:
                header["Content-Type"] = ["application/json"]
                target |= {"method": "POST", "body": body}
            lines.write(json.dumps(target) + "\n")
    return file


def _memory_mib(process: Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(psutil.Process(process.popen.pid).memory_info().rss) / 2**20
    return 0.0


@contextmanager
def _cpu_limit(units: int) -> Generator[Callable[[], None]]:
    """Yield a function that puts its own process into a cgroup with the CPU quota of a task.

    It supports both versions of cgroups: https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v2.html (cpu.max)
    and https://www.kernel.org/doc/html/latest/scheduler/sched-bwc.html (cpu.cfs_quota_us), from memory.
    """
    first_version = Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us").exists()
    parent = Path("/sys/fs/cgroup/cpu" if first_version else "/sys/fs/cgroup")
    group = parent / f"tierup-load-{os.getpid()}-{units}"
    period = 100_000
    quota = period * units // 1024
    try:
        group.mkdir()
        if first_version:
            (group / "cpu.cfs_period_us").write_text(str(period), encoding="ascii")
            (group / "cpu.cfs_quota_us").write_text(str(quota), encoding="ascii")
        else:
            (group / "cpu.max").write_text(f"{quota} {period}", encoding="ascii")
    except OSError as error:
        with suppress(OSError):
            group.rmdir()
        raise CommandError(
            f"{group}: the CPU cannot be limited here (got {error.strerror}). Run the command as root on Linux, with "
            "the CPU controller of cgroups.",
            ExitCode.SETTINGS,
        ) from error

    def enter() -> None:
        (group / "cgroup.procs").write_text("0", encoding="ascii")

    try:
        yield enter
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    # The kernel refuses while the group has a process; that of an interrupted run ends soon after its signal.
    for _ in range(50):
        with suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)


def _machine() -> str:
    version = subprocess.run([programs.node(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    frequencies = (
        [frequency.current for frequency in psutil.cpu_freq(percpu=True)] if hasattr(psutil, "cpu_freq") else []
    )
    speed = f" at {statistics.median(frequencies) / 1000:.1f} GHz" if frequencies else ""
    return f"{psutil.cpu_count()} cores{speed}, Node {version}"
