"""Declared indexes are created once, never changed afterwards, and reported if they differ.

Runs on mongomock, an imitation of the driver. With TIERUP_TEST_MONGODB set to the URI of a server (mongod, FerretDB)
it runs on that instead, in databases of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import mongomock
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError
from typer import Typer
from typer.testing import CliRunner

from tierup.cli.indexes import indexes as command
from tierup.operations import indexes as operation
from tierup.operations.indexes import Indexes, IndexesError, IndexReport, apply, one_off_task, parse, read, text_of

SERVER = os.environ.get("TIERUP_TEST_MONGODB")
SHIPPED = Path(__file__).parents[3] / "indexes.yaml"


@dataclass
class Server:
    """A database that indexes are applied to, and its client."""

    client: MongoClient[dict[str, Any]]
    uri: str

    def apply(self, declared: Indexes, **options: bool) -> IndexReport:
        return apply(self.uri, declared, connect=lambda _: self.client, **options)

    @property
    def tasks(self) -> Any:
        return self.client.get_default_database()["tasks"]

    def names(self) -> set[str]:
        return {str(each["name"]) for each in self.tasks.list_indexes()}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    uri = f"{SERVER or 'mongodb://localhost'}/test{uuid4().hex[:12]}"
    made = MongoClient(uri) if SERVER else mongomock.MongoClient(uri)
    client = cast("MongoClient[dict[str, Any]]", made)
    monkeypatch.setattr(client, "close", lambda: None, raising=False)  # the tests read from it afterwards
    yield Server(client, uri)
    client.drop_database(client.get_default_database().name)


def declaring(*indexes: dict[str, Any]) -> Indexes:
    return Indexes.model_validate({"version": 1, "collections": {"tasks": list(indexes)}})


BY_STATUS = {"keys": {"user": 1, "status": 1}}
NEWEST = {"keys": {"user": 1, "createdAt": -1}}


def test_a_ttl_of_zero_is_created_and_compared(server: Server) -> None:
    expiring = declaring({"keys": {"at": 1}, "expireAfterSeconds": 0})
    (index,) = expiring.collections["tasks"]
    assert index.options() == {"expireAfterSeconds": 0}
    assert index.model().document["expireAfterSeconds"] == 0

    server.tasks.create_index([("at", 1)])
    assert server.apply(expiring).differing == ["tasks.at_1"], "an index without expiry is another one"


def test_the_shipped_declaration_matches_the_guide() -> None:
    tasks = read(SHIPPED).collections["tasks"]

    assert [dict(index.keys) for index in tasks] == [BY_STATUS["keys"], NEWEST["keys"]]


def test_the_guide_shows_a_valid_declaration() -> None:
    page = (SHIPPED.parent / "docs/how-to/create-indexes-and-shard-keys.md").read_text(encoding="utf-8")
    shown = page.partition("```yaml\n")[2].partition("```")[0]

    assert set(parse(shown, "the page").shard_keys) == {"tasks"}


def test_missing_indexes_are_created_once(server: Server) -> None:
    first = server.apply(declaring(BY_STATUS, NEWEST))
    second = server.apply(declaring(BY_STATUS, NEWEST))

    assert first.created == ["tasks.user_1_status_1", "tasks.user_1_createdAt_-1"]
    assert server.names() == {"_id_", "user_1_status_1", "user_1_createdAt_-1"}
    assert (second.created, second.present) == ([], first.created)
    assert second.as_declared


def test_the_order_and_direction_of_keys_count(server: Server) -> None:
    server.tasks.create_index([("createdAt", -1), ("user", 1)])

    assert server.apply(declaring(NEWEST)).created == ["tasks.user_1_createdAt_-1"]


def test_an_index_with_another_name_is_present(server: Server) -> None:
    server.tasks.create_index([("user", 1), ("status", 1)], name="by_hand")

    report = server.apply(declaring(BY_STATUS))
    assert (report.created, report.present, report.undeclared) == ([], ["tasks.by_hand"], [])


def test_different_options_are_reported_and_unchanged(server: Server) -> None:
    server.tasks.create_index([("user", 1), ("status", 1)])

    report = server.apply(declaring({**BY_STATUS, "unique": True}))
    assert report.differing == ["tasks.user_1_status_1"]
    assert not report.as_declared
    assert server.names() == {"_id_", "user_1_status_1"}


def test_different_keys_with_the_same_name_are_reported_and_unchanged(server: Server) -> None:
    server.tasks.create_index([("status", 1)], name="mine")

    assert server.apply(declaring({**BY_STATUS, "name": "mine"})).differing == ["tasks.mine"]


def test_options_are_created_as_declared(server: Server) -> None:
    expiring = {"keys": {"seenAt": 1}, "expireAfterSeconds": 3600}
    unique = {"keys": {"slug": 1}, "unique": True, "name": "slugs"}

    declared = declaring(unique) if SERVER else declaring(expiring, unique)  # FerretDB knows no expiry
    assert len(server.apply(declared).created) == len(declared.collections["tasks"])
    assert not server.apply(declared).created
    assert next(each for each in server.tasks.list_indexes() if each["name"] == "slugs")["unique"] is True


def test_undeclared_indexes_are_dropped_only_with_the_option(server: Server) -> None:
    server.tasks.create_index([("old", 1)])
    declared = declaring(BY_STATUS)

    assert server.apply(declared).undeclared == ["tasks.old_1"]
    assert "old_1" in server.names()
    planned = server.apply(declared, drop_undeclared=True, dry_run=True)
    assert (planned.dropped, planned.planned) == (["tasks.old_1"], True)
    assert "old_1" in server.names()
    assert server.apply(declared, drop_undeclared=True).dropped == ["tasks.old_1"]
    assert server.names() == {"_id_", "user_1_status_1"}


def test_a_dry_run_changes_nothing(server: Server) -> None:
    assert server.apply(declaring(BY_STATUS), dry_run=True).created == ["tasks.user_1_status_1"]
    assert server.names() <= {"_id_"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version: 2\ncollections: {tasks: [{keys: {a: 1}}]}", "version"),
        ("version: 1\ncollections: {}", "collections"),
        ("version: 1\ncollections: {tasks: [{keys: {a: 2}}]}", r"collections.tasks.0.keys.a"),
        ("version: 1\ncollections: {tasks: [{keys: {}}]}", r"collections.tasks.0.keys"),
        ("version: 1\ncollections: {tasks: [{keys: {$a: 1}}]}", r"does not start with \$"),
        ("version: 1\ncollections: {tasks: [{keys: {a: 1}, uniqe: true}]}", "uniqe"),
        ("version: 1\ncollections: {tasks: [{keys: {a: 1}}, {keys: {a: 1}}]}", r"duplicate index names \(got a_1"),
        ("version: 1\ncollections: {system.users: [{keys: {a: 1}}]}", r"not system\.\*"),
        ("a: [", "not valid YAML"),
        ("", "not a declaration of indexes"),
    ],
)
def test_a_wrong_declaration_is_rejected_with_its_path(text: str, reason: str) -> None:
    with pytest.raises(IndexesError, match=rf"(?s)here\.yaml.*{reason}"):
        parse(text, "here.yaml")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(IndexesError, match=r"--file: cannot be read \(got nowhere\.yaml"):
        read(Path("nowhere.yaml"))


SECRET = "mongodb://app:hidden-word@localhost:1/tasks"  # pragma: allowlist secret


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ServerSelectionTimeoutError(f"no answer from {SECRET}"), "one-off task"),
        (OperationFailure("not authorized", 13, {"errmsg": "not authorized on tasks"}), "needs the role readWrite"),
    ],
)
def test_database_errors_are_reported_without_the_password(fault: Exception, reason: str) -> None:
    class Failing:
        def get_default_database(self) -> None:
            raise fault

        def close(self) -> None:
            pass

    with pytest.raises(IndexesError, match=reason) as raised:
        apply(SECRET, declaring(BY_STATUS), connect=lambda _: cast("MongoClient[dict[str, Any]]", Failing()))
    assert "hidden-word" not in str(raised.value)


@pytest.mark.parametrize("uri", ["mongodb://localhost:1", "http://localhost/tasks"])
def test_a_uri_without_a_database_is_rejected(uri: str) -> None:
    with pytest.raises(IndexesError, match=r"MONGODB_URI: (must name a database|not a connection URI)"):
        apply(uri, declaring(BY_STATUS))


def test_a_task_has_the_declaration_and_no_secret() -> None:
    declared = read(SHIPPED)
    task = one_off_task("registry/operations:1", declared)

    assert task.command == ("tierup", "indexes")
    assert task.secrets == ("MONGODB_URI",)
    assert parse(task.environment["TIERUP_INDEXES"], "the task") == declared
    assert parse(text_of(declaring({**BY_STATUS, "expireAfterSeconds": 5})), "it").collections["tasks"][
        0
    ].options() == {"expireAfterSeconds": 5}


app = Typer()
app.command()(command)


def test_the_command_prints_the_result(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(_: str) -> MongoClient[dict[str, Any]]:
        return server.client

    monkeypatch.setattr(operation, "_connect", connect)
    monkeypatch.setenv("MONGODB_URI", server.uri)
    run = CliRunner().invoke

    made = run(app, ["--file", str(SHIPPED)])
    assert (made.exit_code, made.output.splitlines()[0]) == (0, "tasks.user_1_status_1: created")
    again = run(app, ["--file", str(SHIPPED), "--json"])
    assert '"created": []' in again.output
    monkeypatch.setenv("TIERUP_INDEXES", text_of(declaring({**BY_STATUS, "unique": True})))
    assert run(app, []).exit_code == 1


def test_the_command_requires_a_uri_and_a_declaration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MONGODB_URI", raising=False)

    assert CliRunner().invoke(app, ["--file", str(SHIPPED)]).exit_code == 2
    assert CliRunner().invoke(app, ["--file", str(tmp_path / "none.yaml")]).exit_code == 2


# --- shard keys ---


@dataclass
class Router:
    """What the commands of a sharded cluster (mongos) answer, around mongomock, which has none of them."""

    client: Any
    sharded_keys: dict[str, dict[str, Any]]
    commands: list[tuple[Any, ...]]
    message: str = "isdbgrid"

    @property
    def admin(self) -> Any:
        return self

    def command(self, name: str, target: str = "", **arguments: Any) -> dict[str, Any]:
        self.commands.append((name, target, arguments))
        if name == "shardCollection":
            self.sharded_keys[target] = {"key": arguments["key"], "unique": arguments["unique"]}
        return {"msg": self.message} if name == "hello" else {"ok": 1}

    def __getitem__(self, name: str) -> Any:
        return {"collections": self} if name == "config" else self.client[name]

    def find_one(self, query: dict[str, str]) -> dict[str, Any] | None:
        return self.sharded_keys.get(query["_id"])

    def get_default_database(self) -> Any:
        return self.client.get_default_database()

    def close(self) -> None:
        pass


SHARDED = Indexes.model_validate(
    {
        "version": 1,
        "collections": {"tasks": [BY_STATUS]},
        "shardKeys": {"tasks": {"keys": {"user": "hashed"}}},
    }
)


def router(server: Server, **options: Any) -> Router:
    return Router(server.client, {}, [], **options)


def test_a_shard_key_is_applied_once(server: Server) -> None:
    mongos = router(server)
    first = apply(server.uri, SHARDED, connect=lambda _: cast("Any", mongos))
    second = apply(server.uri, SHARDED, connect=lambda _: cast("Any", mongos), drop_undeclared=True)
    database = server.client.get_default_database().name

    assert (first.sharded, second.sharded, second.shard_keys_present) == (["tasks"], [], ["tasks"])
    assert second.dropped == [], "the index of the shard key stays"
    assert [each for each in mongos.commands if each[0] == "shardCollection"] == [
        ("shardCollection", f"{database}.tasks", {"key": {"user": "hashed"}, "unique": False})
    ]


def test_another_shard_key_stays_and_is_reported(server: Server) -> None:
    mongos = router(server)
    mongos.sharded_keys[f"{server.client.get_default_database().name}.tasks"] = {"key": {"user": 1.0}}
    report = apply(server.uri, SHARDED, connect=lambda _: cast("Any", mongos))

    assert (report.shard_keys_differing, report.sharded, report.as_declared) == (["tasks"], [], False)


def test_a_dry_run_and_a_replica_set_shard_nothing(server: Server) -> None:
    mongos, replica_set = router(server), router(server, message="")
    planned = apply(server.uri, SHARDED, connect=lambda _: cast("Any", mongos), dry_run=True)
    unsharded = apply(server.uri, SHARDED, connect=lambda _: cast("Any", replica_set))

    assert planned.sharded == ["tasks"]
    assert (unsharded.not_sharded, list(unsharded.sharded), unsharded.as_declared) == (["tasks"], [], True)
    assert [each[0] for each in mongos.commands + replica_set.commands] == ["hello", "hello"]


@pytest.mark.parametrize(
    ("key", "index", "message"),
    [
        ({"keys": {"user": "hashed", "day": "hashed"}}, BY_STATUS, "more than one hashed field"),
        ({"keys": {"user": "hashed"}, "unique": True}, BY_STATUS, "a hashed shard key cannot be unique"),
        ({"keys": {"$user": 1}}, BY_STATUS, "not a field's path"),
        ({"keys": {"user": 1}}, {"keys": {"email": 1}, "unique": True}, "does not begin with the shard key"),
    ],
)
def test_impossible_shard_keys_are_rejected(key: dict[str, Any], index: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Indexes.model_validate({"version": 1, "collections": {"tasks": [index]}, "shardKeys": {"tasks": key}})
