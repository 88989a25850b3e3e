"""The sample application when something stops: the database, Redis, a worker, an API process."""

from __future__ import annotations

import itertools
import json
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.tasks.client import Client
from tests.waiting import wait_until
from tools.app.processes import HOST, Application, Process, free_port, health_status, start_database, start_redis

pytestmark = pytest.mark.app

JOB_LOCK_SECONDS = 2


@pytest.fixture
def database(application: Application, tmp_path: Path) -> Iterator[tuple[Process, str]]:
    """Return a database of this test, which the test may stop."""
    process, url = start_database(tmp_path, print)
    with application.stopped_at_end():
        yield process, url
    process.stop()


@pytest.fixture
def redis(application: Application, tmp_path: Path) -> Iterator[tuple[Process, str]]:
    """Return a Redis of this test, which the test may stop."""
    process, url = start_redis(tmp_path, print)
    with application.stopped_at_end():
        yield process, url
    process.stop()


def new_user(port: int) -> Client:
    return Client(port=port).sign_up(f"{uuid.uuid4().hex}@example.com")


# --- database ---


def test_health_is_503_while_the_database_is_away(application: Application, database: tuple[Process, str]) -> None:
    process, url = database
    _, port = application.start_api(variables={"MONGODB_URI": url, "DRAIN_SECONDS": "0"})
    healthy = Client(port=port).send("GET", "/health").json()
    user = new_user(port)
    process.send(signal.SIGSTOP)
    unhealthy = Client(port=port).send("GET", "/health")
    process.send(signal.SIGCONT)
    wait_until(lambda: health_status(port) == 200, 15)
    assert (healthy["status"], healthy["uptime"] > 0) == ("healthy", True)
    assert (unhealthy.status, unhealthy.json()["status"]) == (503, "unhealthy")
    assert user.send("POST", "/api/tasks", {"title": "after the outage"}).status == 201


def test_requests_get_503_with_retry_after_while_the_database_is_away(
    application: Application, database: tuple[Process, str]
) -> None:
    process, url = database
    api, port = application.start_api(variables={"MONGODB_URI": url, "DRAIN_SECONDS": "0"})
    user = new_user(port)
    process.kill()
    response = user.send("POST", "/api/tasks", {"title": "a task"})
    assert response.status == 503
    assert response.headers["retry-after"] == "5"
    assert "The database is not available" in response.json()["error"]
    assert url not in response.body.decode()
    assert api.running


def test_api_starts_before_the_database(application: Application, tmp_path: Path) -> None:
    database_port = free_port()
    url = f"mongodb://{HOST}:{database_port}/tasks"
    _, port = application.start_api(wait="listening", variables={"MONGODB_URI": url, "DRAIN_SECONDS": "0"})
    before = health_status(port)
    process, _ = start_database(tmp_path, print, port=database_port)
    try:
        wait_until(lambda: health_status(port) == 200, 15)
        assert before == 503
        assert new_user(port).send("GET", "/api/tasks").status == 200
    finally:
        process.stop()


# --- Redis ---


def test_api_works_without_redis(application: Application) -> None:
    _, port = application.start_api(variables={"REDIS_URL": "", "DRAIN_SECONDS": "0"})
    user = new_user(port)
    user.send("POST", "/api/tasks", {"title": "a task"})
    lists = [user.send("GET", "/api/tasks") for _ in range(2)]
    export = user.send("POST", "/api/exports")
    assert [(each.status, each.headers["x-cache"], len(each.json()["tasks"])) for each in lists] == [
        (200, "MISS", 1),
        (200, "MISS", 1),
    ]
    assert "remaining=9" in lists[-1].headers["ratelimit"]
    assert (export.status, "REDIS_URL" in export.json()["error"]) == (503, True)


def test_outage_of_redis_is_no_outage_of_the_api(application: Application, tmp_path: Path) -> None:
    redis_port = free_port()
    _, port = application.start_api(variables={"REDIS_URL": f"redis://{HOST}:{redis_port}", "DRAIN_SECONDS": "0"})
    user = new_user(port)
    without = [user.send("GET", "/api/tasks").status for _ in range(3)]
    process, _ = start_redis(tmp_path, print, port=redis_port)
    try:
        wait_until(lambda: user.send("GET", "/api/tasks").headers.get("x-cache") == "HIT", 10)
        limited = "ratelimit" in user.send("GET", "/api/tasks").headers
        process.send(signal.SIGSTOP)
        started = time.monotonic()
        frozen = user.send("GET", "/api/tasks").status
        seconds = time.monotonic() - started
        process.send(signal.SIGCONT)
    finally:
        process.stop()
    assert (without, limited, frozen) == ([200, 200, 200], True, 200)
    assert seconds < 5


def test_cache_rate_limit_and_jobs_work_on_a_cluster(application: Application, tmp_path: Path) -> None:
    ports = [free_port() for _ in range(3)]
    buses = [free_port() for _ in range(3)]
    nodes = [
        start_redis(
            tmp_path,
            print,
            *("--cluster-enabled", "yes", "--cluster-port", str(bus), "--cluster-config-file", f"nodes-{port}.conf"),
            port=port,
        )
        for port, bus in zip(ports, buses, strict=True)
    ]
    try:
        for port, (first, last) in zip(ports, ((0, 5460), (5461, 10922), (10923, 16383)), strict=True):
            redis_command(port, f"CLUSTER ADDSLOTSRANGE {first} {last}")
            redis_command(port, f"CLUSTER MEET {HOST} {ports[0]} {buses[0]}")
        for port in ports:
            wait_until(lambda port=port: "cluster_state:ok" in redis_command(port, "CLUSTER INFO"), 20)
        cluster = {"REDIS_URL": nodes[0][1], "REDIS_CLUSTER": "true", "DRAIN_SECONDS": "0"}
        _, port = application.start_api(variables=cluster)
        worker = application.start_worker(variables=cluster)
        # Users on all nodes: a key's slot depends on the user's id, and the rate limit's on the address.
        users = [new_user(port) for _ in range(6)]
        wait_until(lambda: users[0].send("GET", "/api/tasks").headers["x-cache"] == "HIT", 10)
        for user in users:
            user.send("GET", "/api/tasks")
        lists = [user.send("GET", "/api/tasks") for user in users]
        assert [each.headers["x-cache"] for each in lists] == ["HIT"] * 6
        assert all("ratelimit" in each.headers for each in lists)
        export = users[0].send("POST", "/api/exports").json()["id"]
        wait_until(lambda: users[0].send("GET", f"/api/exports/{export}").json()["state"] == "completed", 15)
        worker.stop()
    finally:
        for process, _ in nodes:
            process.stop()


def redis_command(port: int, command: str) -> str:
    """Send an inline command, and return the raw reply."""
    with socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall(f"{command}\r\n".encode())
        reply = connection.recv(65_536).decode()
    assert not reply.startswith("-"), reply
    return reply


# --- jobs ---


def test_worker_writes_an_export(application: Application, port: int) -> None:
    worker = application.start_worker()
    user = new_user(port)
    user.send("POST", "/api/tasks", {"title": "=SUM(1)", "notes": 'say "hello"'})
    created = user.send("POST", "/api/exports")
    path = created.headers["location"]
    wait_until(lambda: user.send("GET", path).json()["state"] == "completed", 15)
    csv = user.send("GET", f"{path}/tasks.csv")
    other = new_user(port)
    assert created.status == 202
    assert csv.headers["content-type"].startswith("text/csv")
    rows = csv.body.decode().splitlines()
    assert rows[0] == '"title","status","created","notes"'
    assert rows[1].startswith('"\'=SUM(1)","todo",')
    assert rows[1].endswith('"say ""hello"""')
    assert [other.send("GET", path).status, other.send("GET", f"{path}/tasks.csv").status] == [404, 404]
    assert worker.stop() == 0


def test_job_of_a_killed_worker_is_done_by_another(
    application: Application, database: tuple[Process, str], redis: tuple[Process, str]
) -> None:
    variables = {
        "MONGODB_URI": database[1],
        "REDIS_URL": redis[1],
        "JOB_LOCK_SECONDS": str(JOB_LOCK_SECONDS),
        "DRAIN_SECONDS": "0",
    }
    _, port = application.start_api(variables=variables)
    user = new_user(port)
    user.send("POST", "/api/tasks", {"title": "a task"})
    first = application.start_worker(variables=variables)
    database[0].send(signal.SIGSTOP)  # so that the job is in progress when its worker is killed
    path = user.send("POST", "/api/exports").headers["location"]
    wait_until(lambda: user.send("GET", path).json()["state"] == "active", 10)
    first.kill()
    database[0].send(signal.SIGCONT)
    second = application.start_worker(variables=variables)
    wait_until(lambda: user.send("GET", path).json()["state"] == "completed", 10 * JOB_LOCK_SECONDS)
    assert user.send("GET", f"{path}/tasks.csv").body.decode().splitlines()[1].startswith('"a task"')
    assert "job taken over from a worker that stopped" in second.text


def test_worker_that_is_stopped_finishes_its_job(
    application: Application, database: tuple[Process, str], redis: tuple[Process, str]
) -> None:
    variables = {"MONGODB_URI": database[1], "REDIS_URL": redis[1], "DRAIN_SECONDS": "0"}
    _, port = application.start_api(variables=variables)
    user = new_user(port)
    worker = application.start_worker(variables=variables)
    database[0].send(signal.SIGSTOP)
    path = user.send("POST", "/api/exports").headers["location"]
    wait_until(lambda: user.send("GET", path).json()["state"] == "active", 10)
    worker.send(signal.SIGTERM)
    wait_until(lambda: '"shutting down"' in worker.text, 5)
    database[0].send(signal.SIGCONT)
    assert worker.popen.wait(20) == 0
    assert user.send("GET", path).json()["state"] == "completed"


# --- restart ---


def test_no_request_is_lost_in_a_restart(application: Application) -> None:
    variables = {"DRAIN_SECONDS": "2"}
    old, old_port = application.start_api(variables=variables)
    user = new_user(old_port)
    balancer = Balancer([old_port])
    statuses: list[int] = []
    errors: list[str] = []
    stopped = threading.Event()

    def send_requests(number: int) -> None:
        for count in itertools.count():
            if stopped.is_set():
                return
            client = Client(port=balancer.target(), cookie=user.cookie, address=f"198.18.{number}.{count // 50}")
            try:
                if count % 5:
                    statuses.append(client.send("GET", f"/api/tasks?page={count % 7}").status)
                else:
                    statuses.append(client.send("POST", "/api/tasks", {"title": f"{number}-{count}"}).status)
            except OSError as error:
                errors.append(repr(error))

    threads = [threading.Thread(target=send_requests, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        new, new_port = application.start_api(variables=variables)
        balancer.ports.append(new_port)
        before = len(statuses)
        old.send(signal.SIGTERM)
        wait_until(lambda: not old.running, 15)
        balancer.check()
        time.sleep(1)
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
        balancer.close()
    assert errors == []
    assert set(statuses) == {200, 201}
    assert before > 20
    assert len(statuses) > before + 20
    assert old.popen.returncode == 0
    assert balancer.ports == [new_port]
    assert new.running


class Balancer:
    """A load balancer: it sends requests in turn to the processes whose /health returns status 200."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self._turn = itertools.count()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._check_often)
        self._thread.start()

    def target(self) -> int:
        ports = self.ports
        return ports[next(self._turn) % len(ports)]

    def check(self) -> None:
        self.ports = [port for port in self.ports if health_status(port) == 200]

    def _check_often(self) -> None:
        while not self._closed.wait(0.3):
            if len(self.ports) > 1:
                self.check()

    def close(self) -> None:
        self._closed.set()
        self._thread.join()


def test_stopped_api_finishes_the_request_in_progress(application: Application, database: tuple[Process, str]) -> None:
    api, port = application.start_api(variables={"MONGODB_URI": database[1], "DRAIN_SECONDS": "0"})
    user = new_user(port)
    database[0].send(signal.SIGSTOP)
    statuses: list[int] = []
    request = threading.Thread(
        target=lambda: statuses.append(user.send("POST", "/api/tasks", {"title": "in progress"}).status)
    )
    request.start()
    time.sleep(0.5)
    api.send(signal.SIGTERM)
    time.sleep(0.5)
    database[0].send(signal.SIGCONT)
    request.join()
    assert api.popen.wait(15) == 0
    assert statuses == [201]


# --- settings ---


def test_missing_settings_are_reported_together(application: Application) -> None:
    process = application.start(
        "server.js", "unset", variables={"MONGODB_URI": "", "JWT_SECRET": "short", "PORT": "none"}
    )
    assert process.popen.wait(20) == 2
    messages = [json.loads(line)["message"] for line in process.text.splitlines()]
    assert [message.split(" (got")[0].split(". ")[0] for message in messages] == [
        "PORT: not a whole number from 1 to 65535",
        "MONGODB_URI: missing",
        "JWT_SECRET: shorter than 32 characters",
    ]
    assert "(got a secret value)" in messages[2]
