"""Snapshots, restores and short-lived users, against a local server that answers as Atlas documents."""

from __future__ import annotations

import json
import re
import stat
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tierup.cli import restore
from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.operations.atlas_admin import AtlasAdmin, AtlasClusterId, cluster_of
from tierup.operations.temporary_user import connection_file, duration_of

PROJECT = "5f3b0c2e9d1a4b7c8e6f0a12"
CLUSTER = AtlasClusterId(project_id=PROJECT, name="app", host="app.abc.mongodb.net", protected=True, sharded=False)
BACKUP = f"/api/atlas/v2/groups/{PROJECT}/clusters/app/backup"
CREDENTIALS = {
    "MONGODB_ATLAS_CLIENT_ID": "mdb_sa_id_1",
    "MONGODB_ATLAS_CLIENT_SECRET": "mdb_sa_sk_1",  # pragma: allowlist secret
}


@dataclass
class Atlas:
    """The part of the Administration API that restores and users need."""

    snapshots: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    job: dict[str, Any] = field(default_factory=dict[str, Any])
    statuses: list[str] = field(default_factory=list[str])
    requests: list[tuple[str, str, Any]] = field(default_factory=list[tuple[str, str, Any]])
    refused: tuple[int, str] | None = None
    url: str = ""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.requests.append((method, path.partition("?")[0], body))
        if path == "/api/oauth/token":
            return 200, {"access_token": "t", "expires_in": 3600}
        if self.refused is not None:
            status, code = self.refused
            return status, {"error": status, "errorCode": code, "detail": "Not possible."}
        if method == "GET" and re.match(rf"{BACKUP}/snapshots\?", path):
            number = int(re.search(r"pageNum=(\d+)", path)[1])  # pyright: ignore[reportOptionalSubscript]
            return 200, {"results": self.snapshots[(number - 1) * 100 : number * 100]}
        if path.startswith(f"{BACKUP}/restoreJobs"):
            if method == "POST":
                return 200, {"id": "j1"}
            return 200, self.job
        if path.endswith("/clusters/app/status"):
            return 200, {"changeStatus": self.statuses.pop(0) if self.statuses else "APPLIED"}
        if method == "POST" and path == f"/api/atlas/v2/groups/{PROJECT}/databaseUsers":
            return 201, {key: value for key, value in body.items() if key != "password"}
        if method == "DELETE" and path.startswith(f"/api/atlas/v2/groups/{PROJECT}/databaseUsers/admin/"):
            return 204, None
        return 404, {"error": 404, "errorCode": "RESOURCE_NOT_FOUND", "detail": path}


@pytest.fixture
def atlas(monkeypatch: pytest.MonkeyPatch) -> Generator[Atlas]:
    served = Atlas()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode() if length else ""
            body = json.loads(text) if text.startswith("{") else text
            status, document = served.answer(self.command, self.path, body)
            content = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = handle_any  # noqa: N815  the names of BaseHTTPRequestHandler

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}"
    for name, value in {**CREDENTIALS, "MONGODB_ATLAS_BASE_URL": served.url}.items():
        monkeypatch.setenv(name, value)
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


def api(atlas: Atlas) -> AtlasAdmin:
    return AtlasAdmin({}, (), {**CREDENTIALS, "MONGODB_ATLAS_BASE_URL": atlas.url})


def snapshot(number: int, **more: Any) -> dict[str, Any]:
    created = f"2026-11-{number % 28 + 1:02}T00:00:{number // 28:02}Z"
    return {"id": f"s{number}", "createdAt": created, "snapshotType": "scheduled", "status": "completed", **more}


def test_completed_snapshots_of_all_pages_are_listed_newest_first(atlas: Atlas) -> None:
    atlas.snapshots = [snapshot(number) for number in range(150)] + [snapshot(0, id="q", status="queued")]
    found = api(atlas).snapshots(CLUSTER)

    assert len(found) == 150
    assert [each.created for each in found] == sorted((each.created for each in found), reverse=True)


def test_a_point_in_time_is_sent_in_seconds(atlas: Atlas) -> None:
    at = datetime(2026, 11, 28, 8, tzinfo=UTC)
    assert api(atlas).start_restore(CLUSTER, target="other", at=at) == "j1"
    assert atlas.requests[-1][2] == {
        "deliveryType": "pointInTime",
        "pointInTimeUTCSeconds": int(at.timestamp()),
        "targetClusterName": "other",
        "targetGroupId": PROJECT,
    }


def test_a_failed_restore_is_an_error(atlas: Atlas) -> None:
    atlas.job = {"failed": True}
    with pytest.raises(CommandError, match=r"restore job j1: the restore failed"):
        list(api(atlas).wait_for_restore(CLUSTER, "j1", poll_seconds=0))


@pytest.mark.parametrize(
    ("status", "code", "message", "exit_code"),
    [
        (403, "USER_UNAUTHORIZED", "Atlas denies GET", ExitCode.CREDENTIALS),
        (409, "CLUSTER_RESTORE_IN_PROGRESS", "Atlas refuses GET", ExitCode.FAILED),
    ],
)
def test_refusals_are_one_sentence(atlas: Atlas, status: int, code: str, message: str, exit_code: ExitCode) -> None:
    atlas.refused = status, code
    with pytest.raises(CommandError, match=rf"{message} .*\(got {status} {code}: Not possible\)") as caught:
        api(atlas).snapshots(CLUSTER)
    assert caught.value.code is exit_code


def test_missing_credentials_are_one_sentence() -> None:
    with pytest.raises(CommandError, match="MONGODB_ATLAS_CLIENT_ID: must be set") as caught:
        AtlasAdmin({"mongodbatlas:clientId": "x"}, {"mongodbatlas:clientId"}, {})
    assert caught.value.code is ExitCode.CREDENTIALS


def test_a_short_lived_user_is_limited_to_the_cluster_and_is_deleted(atlas: Atlas) -> None:
    atlas.statuses = ["PENDING", "APPLIED"]
    admin = api(atlas)
    now = datetime(2026, 11, 28, 8, tzinfo=UTC)
    user = admin.create_user(CLUSTER, access="read-only", database="shop", lifetime=timedelta(hours=4), now=now)
    admin.wait_for_changes(CLUSTER, poll_seconds=0)
    created = atlas.requests[1][2]
    admin.delete_user(CLUSTER, user)

    assert created["deleteAfterDate"] == "2026-11-28T12:00:00Z"
    assert created["roles"] == [{"roleName": "read", "databaseName": "shop"}]
    assert created["scopes"] == [{"name": "app", "type": "CLUSTER"}]
    assert atlas.requests[-1][:2] == ("DELETE", f"/api/atlas/v2/groups/{PROJECT}/databaseUsers/admin/{user.name}")
    with connection_file(user, database="shop", port=27018) as file:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert f"{user.name}:{user.password}@localhost:27018/shop?" in file.read_text(encoding="utf-8")
    assert not file.exists()


@pytest.mark.parametrize("text", ["1m", "8d", "2026-11-28", "soon"])
def test_a_lifetime_that_atlas_refuses_is_rejected(text: str) -> None:
    with pytest.raises(CommandError, match=r"--expires: out of range"):
        duration_of("--expires", text)
    assert duration_of("--expires", "7d") < timedelta(days=7)


STATE = Checkpoint(
    resources=[
        {
            "type": "mongodbatlas:index/advancedCluster:AdvancedCluster",
            "urn": "urn:pulumi:prod::app::mongodbatlas:index/advancedCluster:AdvancedCluster::database-cluster",
            "protect": True,
            "outputs": {
                "projectId": PROJECT,
                "name": "app",
                "clusterType": "REPLICASET",
                "connectionStrings": {"standardSrv": "mongodb+srv://app.abc.mongodb.net"},
            },
        }
    ]
)


def test_the_cluster_is_read_from_the_state() -> None:
    assert cluster_of(STATE) == CLUSTER
    with pytest.raises(CommandError, match="--stack: the stack has no database"):
        cluster_of(Checkpoint())


# --- the command ---


class Opened:
    """What the command needs of an opened stack."""

    stack = "prod"
    workspace = None

    class project:  # noqa: N801  the name of the attribute
        name = "app"

        @staticmethod
        def settings(stack: str) -> Path:
            return Path(f"/nonexistent/Pulumi.{stack}.yaml")

    class console:  # noqa: N801
        @staticmethod
        def print(*text: object, **_: object) -> None:
            print(*text)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, atlas: Atlas) -> Any:
    atlas.snapshots = [snapshot(1), snapshot(2)]
    atlas.job = {"finishedAt": "2026-11-28T08:00:00Z"}

    def opened(*_: object, **__: object) -> Opened:
        return Opened()

    def state(_: object) -> Checkpoint:
        return STATE

    def config(*_: object) -> tuple[dict[str, str], frozenset[str]]:
        return {}, frozenset()

    monkeypatch.setattr(restore, "open_stack", opened)
    monkeypatch.setattr("tierup.deployment.stack_state.read_state", state)
    monkeypatch.setattr("tierup.preflight.stack_plan.read_config", config)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(restore.app, ["database", "--stack", "prod", *arguments])

    return run


def posted(atlas: Atlas) -> list[Any]:
    return [body for method, path, body in atlas.requests if method == "POST" and path.endswith("/restoreJobs")]


def test_without_a_snapshot_the_command_lists_them(command: Any, atlas: Atlas) -> None:
    shown = json.loads(command("--json").stdout)
    assert [each["id"] for each in shown["snapshots"]] == ["s2", "s1"]
    assert posted(atlas) == []


def test_a_dry_run_starts_nothing(command: Any, atlas: Atlas) -> None:
    result = command("--snapshot", "latest", "--dry-run", "--json")
    assert (json.loads(result.stdout)["result"], json.loads(result.stdout)["snapshot"]["id"]) == ("planned", "s2")
    assert posted(atlas) == []


def test_a_protected_cluster_is_restored_only_with_yes(command: Any, atlas: Atlas) -> None:
    refused = command("--snapshot", "s1")
    assert (refused.exit_code, posted(atlas)) == (2, [])
    assert "--yes: must be set to restore a protected cluster" in refused.output
    done = command("--snapshot", "s1", "--yes", "--json")
    assert (done.exit_code, json.loads(done.stdout)["result"]) == (0, "restored")
    assert posted(atlas)[0]["snapshotId"] == "s1"


def test_another_cluster_needs_a_confirmation_on_a_terminal(command: Any, atlas: Atlas) -> None:
    refused = command("--at", "2h", "--to", "copy")
    assert (refused.exit_code, posted(atlas)) == (2, [])
    assert "got no terminal for the confirmation" in refused.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--snapshot", "s9"), "--snapshot: no such snapshot"),
        (("--snapshot", "s1", "--at", "2h"), "--snapshot and --at: only one may be set"),
        (("--sandbox",), "--sandbox: `tierup restore` works on real accounts only"),
    ],
)
def test_wrong_options_are_one_sentence(command: Any, atlas: Atlas, arguments: tuple[str, ...], message: str) -> None:
    result = command(*arguments)
    assert (result.exit_code, posted(atlas)) == (2, [])
    assert message in result.output
