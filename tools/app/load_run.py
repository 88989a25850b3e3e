"""The load run: how many requests per second one API process of the sample application answers, by task size.

The process runs with the CPU quota of the task size (0.5 vCPU: 50 of every 100 ms, see cpu_limit.py), and with the heap
limit that the stack sets. FerretDB, Redis and vegeta run without a quota, on the same machine. vegeta sends requests at
a constant rate to loopback, so a slow response delays no later request. The rate grows by steps until a step misses the
guide's targets; the last step that meets them is the result.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import psutil

from components.ecs.fargate_sizes import node_heap_mib
from tierup.deployment.errors import CommandError, ExitCode
from tools.app import cpu_limit, programs
from tools.app.load_report import TASK_SIZES, Report, SizeResult, Step
from tools.app.processes import HOST, Application, Process, started_services

_GROWTH: Final = 1.3
_FIRST_RATE: Final = 40
_MAX_RATE: Final = 4_000
# FerretDB with SQLite reads a whole collection for each list, so the collection is small: the load run measures the API
# and not the database. Each user has a full page of tasks.
_USERS: Final = 5
_TASKS_PER_USER: Final = 20
# Nine reads to one change: a user looks at the list more often than they change it. A change invalidates the user's
# list, so at least one read of nine queries the database.
_READS_PER_WRITE: Final = 9
_CONNECTIONS: Final = 64
_REPETITIONS: Final = 2  # of a step that fails, because another program may have disturbed it


def measure(cpu_units: Sequence[int], *, seconds: int, notify: programs.Notify) -> Report:
    """Measure the task sizes with these CPU units, each for steps of `seconds`.

    Raises:
        CommandError: the CPU cannot be limited on this machine, or a size is not one of the tiers'.
    """
    unknown = [units for units in cpu_units if units not in TASK_SIZES]
    if unknown:
        allowed = ", ".join(str(units) for units in TASK_SIZES)
        raise CommandError(f"--cpu: not a task size of a tier (got {unknown[0]}). Give {allowed}.", ExitCode.SETTINGS)
    programs.built("vegeta", notify)
    results: list[SizeResult] = []
    with cpu_limit.prioritised() as limits:
        for units in cpu_units:
            with started_services(notify) as application, limits.limited_to(units) as enter:
                results.append(_measure_size(application, units, enter, seconds, notify))
    return Report(machine=_machine(), day=datetime.now(UTC).date().isoformat(), results=results)


def _measure_size(
    application: Application, units: int, enter: Callable[[], None], seconds: int, notify: programs.Notify
) -> SizeResult:
    memory = TASK_SIZES[units]
    api, port = application.start_api(
        before_exec=enter,
        variables={
            "NODE_ENV": "production",
            "NODE_OPTIONS": f"--max-old-space-size={node_heap_mib(memory)}",
            "LOG_LEVEL": "info",
        },
    )
    notify(f"{units / 1024:g} vCPU: creating {_USERS} users with {_TASKS_PER_USER} tasks each")
    targets = _targets(port, _sign_up(port), application.folder)
    idle = _memory_mib(api)
    _attack(api, units, targets, _FIRST_RATE, min(seconds, 5), notify)  # compiles the code that requests use
    passed: Step | None = None
    failed: Step | None = None
    rate = float(_FIRST_RATE)
    while failed is None and rate <= _MAX_RATE:
        step = _attack(api, units, targets, round(rate), seconds, notify)
        for _ in range(_REPETITIONS):
            if step.passes:
                break
            time.sleep(2)  # the requests that wait are answered before the next step
            step = _attack(api, units, targets, round(rate), seconds, notify)
        if step.passes:
            passed = step
            rate *= _GROWTH
        else:
            failed = step
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
        cpu_ms_per_request=1_000 * cpu / max(1, document["requests"]),
        memory_mib=memory,
    )
    notify(
        f"{units / 1024:g} vCPU, {rate}/s: p95 {step.p95_ms:.0f} ms, {step.error_percent:.2f} % errors, "
        f"{step.cpu_percent:.0f} % CPU, {step.cpu_ms_per_request:.1f} ms CPU a request, {step.memory_mib:.0f} MiB"
    )
    return step


def _sign_up(port: int) -> list[tuple[str, str]]:
    """Create users with tasks, and return the cookie and the id of one task of each."""
    users: list[tuple[str, str]] = []
    for number in range(_USERS):
        address = f"198.18.0.{number}"
        user = {"email": f"{uuid.uuid4().hex}@example.com", "password": uuid.uuid4().hex}
        headers, _ = _post(port, "/api/users", user, address)
        cookie = headers["set-cookie"].split(";")[0]
        tasks = [
            _post(port, "/api/tasks", {"title": f"task {task}"}, address, cookie)[1] for task in range(_TASKS_PER_USER)
        ]
        users.append((cookie, tasks[-1]["_id"]))
    return users


def _post(
    port: int, path: str, body: object, address: str, cookie: str | None = None
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    connection = HTTPConnection(HOST, port, timeout=30)
    headers = {"Content-Type": "application/json", "X-Forwarded-For": address, **({"Cookie": cookie} if cookie else {})}
    connection.request("POST", path, json.dumps(body), headers)
    response = connection.getresponse()
    fields = {name.lower(): value for name, value in response.getheaders()}
    content = response.read()
    connection.close()
    if response.status != 201:
        raise CommandError(f"POST {path} returned status {response.status}; expected 201: {content.decode()}")
    return fields, json.loads(content)


def _targets(port: int, users: Sequence[tuple[str, str]], folder: Path) -> Path:
    """Write the requests that vegeta sends in turn. Each has its own client address, because of the rate limit."""
    file = folder / "targets.json"
    body = "eyJ0aXRsZSI6ICJhIHRhc2sifQ=="  # {"title": "a task"} in Base64, as vegeta's JSON format needs
    address = itertools.count()
    with file.open("w", encoding="utf-8") as lines:
        for number in range(200_000):
            write = number % (_READS_PER_WRITE + 1) == _READS_PER_WRITE
            # 7 and the number of users have no common divisor, so reads and writes each go to all users in turn.
            turn = number // (_READS_PER_WRITE + 1) if write else 7 * number
            cookie, task = users[turn % len(users)]
            host = next(address)
            header = {
                "Cookie": [cookie],
                "X-Forwarded-For": [f"10.{host >> 16 & 255}.{host >> 8 & 255}.{host & 255}"],
                "Accept-Encoding": ["gzip"],
            }
            target: dict[str, object] = {"method": "GET", "url": f"http://{HOST}:{port}/api/tasks", "header": header}
            if write:
                header["Content-Type"] = ["application/json"]
                target |= {"method": "PATCH", "url": f"{target['url']}/{task}", "body": body}
            lines.write(json.dumps(target) + "\n")
    return file


def _memory_mib(process: Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(psutil.Process(process.popen.pid).memory_info().rss) / 2**20
    return 0.0


def _machine() -> str:
    version = subprocess.run([programs.node(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    speed = ""
    with suppress(AttributeError, NotImplementedError, OSError):  # some machines do not report it
        speed = f" at {psutil.cpu_freq().current / 1_000:.1f} GHz"
    return f"{psutil.cpu_count()} cores{speed}, Node {version}"
