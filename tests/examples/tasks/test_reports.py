"""What the sample application reports: business metrics, errors, logs, indexes."""

from __future__ import annotations

import gzip
import json
import subprocess
import threading
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import bson
import pymongo
import pytest
import yaml

from components.monitoring.business_metrics import BusinessMetric, BusinessMetrics
from tests.examples.tasks.client import Client
from tests.waiting import wait_until
from tools.app.processes import HOST, Application, start_database
from tools.app.programs import BACKEND, ROOT, node

pytestmark = pytest.mark.app

STACK = BusinessMetrics(stack_id="tasks/prod")


def new_user(port: int) -> Client:
    return Client(port=port).sign_up(f"{uuid.uuid4().hex}@example.com")


def reported(text: str) -> list[tuple[str, object]]:
    """Return the metrics in a log, as CloudWatch reads them: from lines that are the documented JSON only."""
    found: list[tuple[str, object]] = []
    for line in text.splitlines():
        document = json.loads(line)
        if "_aws" not in document:
            continue
        (directive,) = document["_aws"]["CloudWatchMetrics"]
        dimensions = {name: document[name] for names in directive["Dimensions"] for name in names}
        for metric in directive["Metrics"]:
            wanted = STACK.metric(BusinessMetric(metric["Name"]), "Sum")
            assert (directive["Namespace"], dimensions) == (wanted.namespace, wanted.dimensions)
            assert isinstance(document["_aws"]["Timestamp"], int)
            found.append((metric["Name"], document[metric["Name"]]))
    return found


# --- business metrics ---


def test_each_created_task_is_reported(application: Application) -> None:
    api, port = application.start_api(variables={"DRAIN_SECONDS": "0", **STACK.environment})
    user = new_user(port)
    for _ in range(2):
        user.send("POST", "/api/tasks", {"title": "a task"})
    user.send("POST", "/api/tasks", {"title": ""})
    api.stop()
    assert reported(api.text) == [("TasksCreated", 1), ("TasksCreated", 1)]


def test_no_metric_is_reported_without_its_variables(application: Application) -> None:
    api, port = application.start_api(variables={"DRAIN_SECONDS": "0"})
    new_user(port).send("POST", "/api/tasks", {"title": "a task"})
    api.stop()
    assert "a task" not in api.text
    assert reported(api.text) == []


def test_one_of_two_workers_reports_active_users(application: Application) -> None:
    api, port = application.start_api(variables={"DRAIN_SECONDS": "0"})
    for _ in range(2):
        new_user(port).send("GET", "/api/tasks")
    workers = [application.start_worker(variables=STACK.environment) for _ in range(2)]
    wait_until(lambda: any("ActiveUsers" in worker.text for worker in workers), 15)
    for worker in workers:
        worker.stop()
    api.stop()
    values = [value for worker in workers for name, value in reported(worker.text) if name == "ActiveUsers"]
    assert len(values) == 1
    assert isinstance(values[0], int)
    assert values[0] >= 2


def test_retention_is_the_share_of_last_weeks_users_who_returned(application: Application, tmp_path: Path) -> None:
    database, url = start_database(tmp_path, print)
    today = datetime(2026, 11, 28, tzinfo=UTC)
    users = [bson.ObjectId() for _ in range(4)]
    days_ago = {0: (10, 3), 1: (8,), 2: (14, 7), 3: (2,)}  # of the three users of last week, two returned
    with pymongo.MongoClient[dict[str, object]](url) as connection:
        connection["tasks"]["activities"].insert_many(
            {
                "user": users[number],
                "day": (today - timedelta(days=days)).strftime("%Y-%m-%d"),
                "lastSeenAt": today - timedelta(days=days),
            }
            for number, all_days in days_ago.items()
            for days in all_days
        )
        connection["tasks"]["activities"].insert_one(
            {"user": users[0], "day": "2026-11-01", "lastSeenAt": today - timedelta(days=27)}
        )
        script = (
            "import mongoose from 'mongoose';"
            "import { connectDatabase } from './src/database.js';"
            "import { createMetrics } from './src/metrics.js';"
            "import { report } from './src/reports.js';"
            "const logger = { info() {}, error: console.error };"
            "await connectDatabase(process.env, logger);"
            f"await report('Retention', createMetrics(process.env), new Date('{today.isoformat()}'));"
            "await mongoose.disconnect();"
        )
        done = subprocess.run(
            [node(), "--input-type=module", "-e", script],
            cwd=BACKEND,
            env=application.environment(MONGODB_URI=url, **STACK.environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        kept = connection["tasks"]["activities"].count_documents({})
    database.stop()
    assert reported(done.stdout) == [("Retention", pytest.approx(200 / 3))]
    assert kept == 6


# --- indexes ---


def test_indexes_are_those_of_the_stacks_file(application: Application, port: int) -> None:
    new_user(port).send("GET", "/api/tasks")
    declared = yaml.safe_load((ROOT / "indexes.yaml").read_text(encoding="utf-8"))["collections"]
    wanted = {
        (collection, tuple(index["keys"].items()), index.get("unique", False))
        for collection, indexes in declared.items()
        for index in indexes
    }

    def existing() -> set[tuple[str, tuple[tuple[str, int], ...], bool]]:
        with pymongo.MongoClient[dict[str, object]](application.database_url) as connection:
            database = connection["tasks"]
            return {
                (collection, tuple(index["key"]), bool(index.get("unique")))
                for collection in database.list_collection_names()
                for name, index in database[collection].index_information().items()
                if name != "_id_"
            }

    wait_until(lambda: len(existing()) >= len(wanted), 10)
    assert existing() == wanted


def test_production_creates_no_indexes(application: Application, tmp_path: Path) -> None:
    database, url = start_database(tmp_path, print)
    api, port = application.start_api(variables={"NODE_ENV": "production", "MONGODB_URI": url, "DRAIN_SECONDS": "0"})
    new_user(port).send("GET", "/api/tasks")
    api.stop()
    with pymongo.MongoClient[dict[str, object]](url) as connection:
        names = connection["tasks"]["users"].index_information()
    database.stop()
    assert list(names) == ["_id_"]


# --- errors ---


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Return the DSN of a server that accepts Sentry envelopes, and the events that it received."""
    events: list[Mapping[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.read_body()
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            items = [json.loads(line) for line in body.decode().splitlines() if line.startswith("{")]
            events.extend(item for item in items if "exception" in item)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"{}")

        def read_body(self) -> bytes:
            if "Content-Length" in self.headers:
                return self.rfile.read(int(self.headers["Content-Length"]))
            chunks: list[bytes] = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://key@{HOST}:{server.server_port}/1", events
    server.shutdown()
    thread.join()
    server.server_close()


def test_server_error_is_reported_to_sentry_and_logged(
    application: Application, tmp_path: Path, sentry: tuple[str, list[Mapping[str, Any]]]
) -> None:
    dsn, events = sentry
    database, url = start_database(tmp_path, print)
    api, port = application.start_api(variables={"MONGODB_URI": url, "SENTRY_DSN": dsn, "DRAIN_SECONDS": "0"})
    user = new_user(port)
    user.send("POST", "/api/tasks", {"title": ""})
    database.kill()
    response = user.send("POST", "/api/tasks", {"title": "a task"})
    wait_until(lambda: events, 10)
    api.stop()
    assert response.status == 503
    (event,) = events
    assert any(error["type"].startswith("Mongo") for error in event["exception"]["values"])
    assert event["tags"]["service"] == "api"
    assert user.cookie
    assert user.cookie not in json.dumps(event)
    errors = [json.loads(line) for line in api.text.splitlines() if '"level":"error"' in line]
    assert errors[0]["path"] == "/api/tasks"


def test_log_files_are_written_with_log_dir(application: Application, tmp_path: Path) -> None:
    api, port = application.start_api(variables={"LOG_DIR": str(tmp_path), "DRAIN_SECONDS": "0"})
    new_user(port)
    api.stop()
    lines = (tmp_path / "combined.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["message"] == "shut down"
    assert (tmp_path / "error.log").read_text(encoding="utf-8") == ""
