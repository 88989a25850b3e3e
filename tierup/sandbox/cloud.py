"""The sandbox's store of resources: one SQLite file, separate from Pulumi's state.

Because it is separate, refresh, import, drift and a lost state file work as on a real cloud. The file is the source of
truth: the server and the commands that inspect or change the cloud outside Pulumi open it concurrently. Each process
keeps the rows in memory and reloads them when SQLite reports a write by another connection.

The file contains secret values in plain text, as a real cloud does, so only its owner can read it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

_FORMAT = 1
_KEPT_SECONDS = 31 * 24 * 3600  # the longest time that a cloud reserves a deleted name (30 days), plus one day

_TABLES = """
create table if not exists resources (
    key integer primary key, type text not null, id text not null, urn text not null, region text not null,
    account text not null, inputs text not null, outputs text not null, secrets text not null, created real not null,
    unique (type, id, region, account)
);
create table if not exists tombstones (
    key integer primary key, type text not null, id text not null, urn text not null, region text not null,
    account text not null, inputs text not null, deleted real not null
);
create table if not exists faults (
    key integer primary key, operation text not null, type text not null, name text not null, kind text not null,
    times integer not null, after integer not null, seconds real not null, message text not null
);
create table if not exists settings (name text primary key, value text not null);
create table if not exists quotas (type text not null, what text not null, value integer not null, unique (type, what));
create table if not exists runs (
    id integer primary key, label text not null, began real not null, memory text not null, dependencies text not null
);
create table if not exists operations (
    id integer primary key, run integer not null, operation text not null, before text not null, after text not null
);
create index if not exists operations_of_run on operations (run);
create table if not exists started (service text primary key, facts text not null);
create table if not exists conditions (kind text not null, target text not null, unique (kind, target));
"""
_KEPT_RUNS = 3  # runs whose operations are kept


class CloudError(Exception):
    """The cloud's file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class CloudResource:
    """One resource that exists in the cloud."""

    type: str
    id: str
    urn: str
    region: str  # "" for global services
    account: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]  # inputs, defaults and computed values
    secrets: frozenset[str] = frozenset()  # names of the properties whose values are secret
    created: float = 0.0  # Unix time
    key: int = 0

    @property
    def name(self) -> str:
        """The Pulumi logical name, "" for a resource that no stack created."""
        return self.urn.rpartition("::")[2]

    @property
    def stack(self) -> str:
        """The stack's part of the URN: "urn:pulumi:<stack>::<project>"."""
        return "::".join(self.urn.split("::")[:2])

    def value(self, by: str) -> Any:
        """Return the id if `by` is "id", else the output of that name; a dot leads into an object."""
        if by == "id":
            return self.id
        top, _, field = by.partition(".")
        value = self.outputs.get(top)
        return value.get(field) if field and isinstance(value, Mapping) else None if field else value


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of a resource in the order of the changes: "create", "update" or "delete"."""

    kind: str
    before: CloudResource | None  # None for a create
    after: CloudResource | None  # None for a delete
    id: int = 0

    @property
    def resource(self) -> CloudResource:
        """The resource, as it is after the change if it still exists."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """The operations of one run of an engine, or of the commands between two runs."""

    id: int
    label: str  # "up of stack dev", "" for changes that no command of tierup announced
    began: float  # Unix time
    memory: Mapping[str, Any]  # what running tasks had started with when it began, by the ARN of their service
    dependencies: Mapping[str, list[str]]  # the URNs that each URN depends on, if the command has recorded them


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A deleted resource: some clouds reserve its name for a while (a secret in its recovery window)."""

    resource: CloudResource  # without its outputs
    deleted_at: float  # Unix time


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A fault that the sandbox injects into operations.

    `kind` is "fail" (the operation is not performed and an error is reported), "lost" (it is performed and an error is
    reported), "timeout" (it is performed, but the resource does not become ready), "slow" (it is performed and the
    response takes `seconds`) or "rollback" (an update fails and the cloud restores the old values; the state has the
    new ones, as after a failed ECS deployment). `type` and `name` (logical) are shell patterns. The first `after`
    matching operations pass; the next `times` operations fail. The operation "hook" is a Lambda function's answer to a
    lifecycle hook of ECS: "fail" is the answer FAILED, and `name` that of the function.
    """

    operation: str  # one of OPERATIONS
    kind: str
    type: str = "*"
    name: str = "*"
    times: int = 1
    after: int = 0
    seconds: float = 0.0
    message: str = ""
    key: int = 0

    KINDS = ("fail", "lost", "timeout", "slow", "rollback")
    OPERATIONS = ("create", "update", "delete", "read", "check", "diff", "invoke", "hook", "*")


class Cloud:
    """The resources of the sandbox. Threads can share an object, and processes can share the file."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.path = path
        self._lock = threading.RLock()
        self._version = -1
        try:
            if isinstance(path, Path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            # With WAL a killed process loses no committed data, and readers never block the server.
            self._database.execute("pragma journal_mode=wal")
            self._database.execute("pragma synchronous=normal")
            self._database.executescript(_TABLES)
            self._database.execute("delete from tombstones where deleted < ?", (time.time() - _KEPT_SECONDS,))
            found = self._database.execute("pragma user_version").fetchone()[0]
            if found == 0:
                self._database.execute(f"pragma user_version={_FORMAT}")
            elif found != _FORMAT:
                raise CloudError(
                    f"{path}: unsupported format (got {found}, this tierup writes {_FORMAT})."
                    " Run `tierup sandbox reset`."
                )
        except (OSError, sqlite3.Error) as error:
            raise CloudError(
                f"{path}: cannot store the sandbox's resources (got {error}). Make the folder writable, or move the"
                " file."
            ) from error
        self._load()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def copy(self) -> Cloud:
        """Return a copy in memory, which later changes of this cloud do not reach. The caller closes it."""
        copied = Cloud()
        with self._lock:
            self._database.backup(copied._database)
        copied._load()
        return copied

    # --- reading ---

    def get(self, type: str, id: str, region: str | None = None) -> CloudResource | None:
        """Return the resource of a type by its id, in any region unless `region` is given."""
        with self._fresh():
            for found in self._by_id.get((type, id), ()):
                if region is None or found.region in (region, ""):
                    return found
        return None

    def find(self, type: str | tuple[str, ...], /, **properties: Any) -> Iterator[CloudResource]:
        """Yield the resources of a type whose outputs equal all `properties`; `id` and `region` count as outputs."""
        with self._fresh():
            types = (type,) if isinstance(type, str) else type
            candidates = [found for each in types for found in self._candidates(each, properties)]
        for found in candidates:
            if all(self._property(found, key) == value for key, value in properties.items()):
                yield found

    def _candidates(self, type: str, properties: Mapping[str, Any]) -> list[CloudResource]:
        """Return the candidates for `find`, by an index on the first string property, else all of the type."""
        for name, value in properties.items():
            if isinstance(value, str) and name != "region":
                return list(self._indexed(type, name).get(value, {}).values())
        return list(self._by_type.get(type, {}).values())

    def _indexed(self, type: str, name: str) -> dict[str, dict[int, CloudResource]]:
        """Return the index of a type by one property, created at first use."""
        indexes = self._by_value[type]
        if name not in indexes:
            indexes[name] = defaultdict(dict)
            for resource in self._by_type.get(type, {}).values():
                self._put(indexes[name], name, resource)
        return indexes[name]

    @staticmethod
    def _put(index: dict[str, dict[int, CloudResource]], name: str, resource: CloudResource) -> None:
        value = resource.value(name)
        if isinstance(value, str):
            index[value][resource.key] = resource

    def count(self, type: str) -> int:
        """Return the number of resources of a type, in all regions and accounts."""
        with self._fresh():
            return len(self._by_type.get(type, {}))

    @staticmethod
    def _property(found: CloudResource, key: str) -> Any:
        return found.region if key == "region" and found.region else found.value(key)

    def all(self) -> list[CloudResource]:
        """Return all resources, oldest first."""
        with self._fresh():
            return sorted(self._rows.values(), key=lambda r: r.key)

    def by_urn(self, urn: str) -> list[CloudResource]:
        """Return the resources of a URN: normally one, two during a replacement."""
        with self._fresh():
            return [found for found in self._rows.values() if found.urn == urn]

    def tombstones(self, type: str, /, **properties: Any) -> Iterator[Tombstone]:
        """Yield the deleted resources of a type whose inputs equal all `properties`."""
        with self._lock:
            rows = self._database.execute(
                "select type, id, urn, region, account, inputs, deleted from tombstones where type = ?", (type,)
            ).fetchall()
        for row in rows:
            inputs = json.loads(row[5])
            if all(inputs.get(key) == value for key, value in properties.items()):
                type, id, urn, region, account = row[:5]
                yield Tombstone(CloudResource(type, id, urn, region, account, inputs, {}), row[6])

    # --- changing ---

    @contextmanager
    def alone(self) -> Generator[None]:
        """Run the block as one transaction: no other thread or process writes in between."""
        with self._lock:
            self._database.execute("begin immediate")
            try:
                self._reload_if_stale()
                yield
            except BaseException:
                self._database.execute("rollback")
                self._version = -1
                self._reload_if_stale()
                raise
            self._database.execute("commit")

    def add(self, resource: CloudResource) -> CloudResource:
        """Store a new resource and return it with its key and creation time."""
        with self._lock:
            made = time.time()
            cursor = self._database.execute(
                "insert into resources (type, id, urn, region, account, inputs, outputs, secrets, created)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    resource.type, resource.id, resource.urn, resource.region, resource.account,
                    _json(resource.inputs), _json(resource.outputs), _json(sorted(resource.secrets)), made,
                ),
            )  # fmt: skip
            stored = replace(resource, key=cursor.lastrowid or 0, created=made)
            self._index(stored)
            self._record("create", None, stored)
            return stored

    def change(self, resource: CloudResource) -> None:
        """Overwrite the stored resource that has the same key."""
        with self._lock:
            self._database.execute(
                "update resources set id = ?, urn = ?, inputs = ?, outputs = ?, secrets = ? where key = ?",
                (
                    resource.id, resource.urn, _json(resource.inputs), _json(resource.outputs),
                    _json(sorted(resource.secrets)), resource.key,
                ),
            )  # fmt: skip
            before = self._rows.get(resource.key)
            self._forget(resource.key)
            self._index(resource)
            self._record("update", before, resource)

    def remove(self, resource: CloudResource) -> None:
        """Delete a resource and record a tombstone."""
        with self._lock:
            self._database.execute("delete from resources where key = ?", (resource.key,))
            names = {name: value for name, value in resource.inputs.items() if name not in resource.secrets}
            self._database.execute(
                "insert into tombstones (type, id, urn, region, account, inputs, deleted) values (?, ?, ?, ?, ?, ?, ?)",
                (
                    resource.type, resource.id, resource.urn, resource.region, resource.account, _json(names),
                    time.time(),
                ),
            )  # fmt: skip
            self._forget(resource.key)
            self._record("delete", resource, None)

    def reset(self) -> None:
        """Delete all resources, tombstones, faults, conditions, adjusted quotas, settings and recorded operations."""
        with self.alone():
            for table in (
                *("resources", "tombstones", "faults", "quotas", "settings"),
                *("runs", "operations", "started", "conditions"),
            ):
                self._database.execute(f"delete from {table}")  # noqa: S608 - constant table names
            self._clear()

    # --- recorded operations ---

    def _record(self, kind: str, before: CloudResource | None, after: CloudResource | None) -> None:
        self._database.execute(
            "insert into operations (run, operation, before, after)"
            " values ((select coalesce(max(id), 0) from runs), ?, ?, ?)",
            (kind, _resource_json(before), _resource_json(after)),
        )

    def begin_run(self, label: str) -> int:
        """Begin a run, to which later operations belong, and return its id. The oldest runs are forgotten."""
        with self.alone():
            cursor = self._database.execute(
                "insert into runs (label, began, memory, dependencies) values (?, ?, ?, '{}')",
                (label, time.time(), _json(self.started())),
            )
            self._database.execute("delete from operations where run <= ?", ((cursor.lastrowid or 0) - _KEPT_RUNS,))
            self._database.execute("delete from runs where id <= ?", ((cursor.lastrowid or 0) - _KEPT_RUNS,))
            return cursor.lastrowid or 0

    def set_dependencies(self, run: int, dependencies: Mapping[str, list[str]]) -> None:
        """Record which URNs each URN depends on, as the engine's state has them."""
        with self.alone():
            self._database.execute("update runs set dependencies = ? where id = ?", (_json(dependencies), run))

    def run(self, id: int | None = None) -> Run | None:
        """Return a run; without `id` the newest that has operations, else the newest. None if it does not exist."""
        with self._lock:
            row = self._database.execute(
                "select id, label, began, memory, dependencies from runs where ? is null or id = ?"
                " order by exists (select 1 from operations where run = runs.id) desc, id desc limit 1",
                (id, id),
            ).fetchone()
        if row is None:
            return None
        return Run(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]))

    def operations(self, since_run: int) -> list[tuple[int, Operation]]:
        """Return the operations of a run and of all later runs, oldest first, each with the id of its run."""
        with self._lock:
            rows = self._database.execute(
                "select id, run, operation, before, after from operations where run >= ? order by id", (since_run,)
            ).fetchall()
        return [
            (run, Operation(kind, _resource_of(before), _resource_of(after), id))
            for id, run, kind, before, after in rows
        ]

    def started(self) -> dict[str, Any]:
        """Return what the running tasks of each service started with, by the service's ARN (traffic/memory.py)."""
        with self._lock:
            rows = self._database.execute("select service, facts from started").fetchall()
        return {service: json.loads(facts) for service, facts in rows}

    def set_started(self, service: str, facts: Mapping[str, Any] | None) -> None:
        """Record what the running tasks of a service started with; None if they ended."""
        with self._lock:
            if facts is None:
                self._database.execute("delete from started where service = ?", (service,))
            else:
                self._database.execute(
                    "insert or replace into started (service, facts) values (?, ?)", (service, _json(facts))
                )

    def conditions(self) -> list[tuple[str, str]]:
        """Return the injected conditions as (kind, target) (traffic/conditions.py)."""
        with self._lock:
            return self._database.execute("select kind, target from conditions order by kind, target").fetchall()

    def set_condition(self, kind: str, target: str, *, holds: bool) -> None:
        """Add or clear a condition."""
        with self.alone():
            if holds:
                self._database.execute("insert or ignore into conditions (kind, target) values (?, ?)", (kind, target))
            else:
                self._database.execute("delete from conditions where kind = ? and target = ?", (kind, target))

    # --- faults ---

    def faults(self) -> list[InjectedFault]:
        """Return the faults that are still armed."""
        with self._fresh():
            return list(self._faults)

    def add_fault(self, fault: InjectedFault) -> None:
        """Arm a fault. Raises ValueError for an unknown kind or operation."""
        if fault.kind not in InjectedFault.KINDS:
            raise ValueError(
                f"kind: unknown fault kind (got '{fault.kind}'). Allowed values: {', '.join(InjectedFault.KINDS)}."
            )
        if fault.operation not in InjectedFault.OPERATIONS:
            raise ValueError(
                f"operation: unknown operation (got '{fault.operation}')."
                f" Allowed values: {', '.join(InjectedFault.OPERATIONS)}."
            )
        if fault.kind == "rollback" and fault.operation != "update":
            raise ValueError(f"operation: a rollback is a fault of updates (got '{fault.operation}'). Use update.")
        if fault.operation == "hook" and fault.kind != "fail":
            raise ValueError(f"kind: a hook answers SUCCEEDED or FAILED (got '{fault.kind}'). Use fail.")
        with self.alone():
            self._database.execute(
                "insert into faults (operation, type, name, kind, times, after, seconds, message)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    fault.operation, fault.type, fault.name, fault.kind, fault.times, fault.after, fault.seconds,
                    fault.message,
                ),
            )  # fmt: skip
            self._version = -1

    def clear_faults(self) -> None:
        """Disarm all faults."""
        with self.alone():
            self._database.execute("delete from faults")
            self._version = -1

    def take_fault(self, operation: str, type: str, name: str) -> InjectedFault | None:
        """Return the fault for this operation and count it down; None if none is armed."""
        with self._fresh():
            if not self._faults:
                return None
        with self.alone():
            self._version = -1
            self._reload_if_stale()
            for fault in self._faults:
                if fault.operation not in ("*", operation):
                    continue
                if not (fnmatchcase(type, fault.type) and fnmatchcase(name, fault.name)):
                    continue
                self._version = -1
                if fault.after > 0:
                    self._database.execute("update faults set after = after - 1 where key = ?", (fault.key,))
                    continue
                if fault.times > 1:
                    self._database.execute("update faults set times = times - 1 where key = ?", (fault.key,))
                else:
                    self._database.execute("delete from faults where key = ?", (fault.key,))
                return fault
        return None

    # --- settings of the account ---

    def setting(self, name: str) -> str | None:
        """Return a setting of the account, such as the deployer's policies; None if it is not set."""
        with self._fresh():
            return self._settings.get(name)

    def set_setting(self, name: str, value: str | None) -> None:
        """Set a setting of the account; None removes it."""
        with self.alone():
            self._database.execute("delete from settings where name = ?", (name,))
            if value is not None:
                self._database.execute("insert into settings (name, value) values (?, ?)", (name, value))
            self._version = -1

    # --- quotas ---

    def quotas(self) -> Mapping[tuple[str, str], int]:
        """Return the adjusted quotas by type and description."""
        with self._fresh():
            return dict(self._quotas)

    def set_quota(self, type: str, what: str, limit: int | None) -> None:
        """Adjust a quota; None restores its default."""
        with self.alone():
            self._database.execute("delete from quotas where type = ? and what = ?", (type, what))
            if limit is not None:
                self._database.execute("insert into quotas (type, what, value) values (?, ?, ?)", (type, what, limit))
            self._version = -1

    # --- memory ---

    @contextmanager
    def _fresh(self) -> Generator[None]:
        with self._lock:
            self._reload_if_stale()
            yield

    def _reload_if_stale(self) -> None:
        if self._version != self._database.execute("pragma data_version").fetchone()[0]:
            self._load()

    def _load(self) -> None:
        with self._lock:
            self._version = self._database.execute("pragma data_version").fetchone()[0]
            self._clear()
            for row in self._database.execute(
                "select type, id, urn, region, account, inputs, outputs, secrets, created, key from resources"
            ):
                type, id, urn, region, account, inputs, outputs, secrets, created, key = row
                self._index(
                    CloudResource(
                        type=type, id=id, urn=urn, region=region, account=account, inputs=json.loads(inputs),
                        outputs=json.loads(outputs), secrets=frozenset(json.loads(secrets)), created=created, key=key,
                    )
                )  # fmt: skip
            self._quotas = {
                (type, what): limit
                for type, what, limit in self._database.execute("select type, what, value from quotas")
            }
            self._settings = dict(self._database.execute("select name, value from settings"))
            self._faults = [
                InjectedFault(*row)
                for row in self._database.execute(
                    "select operation, kind, type, name, times, after, seconds, message, key from faults order by key"
                )
            ]

    def _clear(self) -> None:
        self._rows: dict[int, CloudResource] = {}
        self._by_type: dict[str, dict[int, CloudResource]] = defaultdict(dict)
        self._by_id: dict[tuple[str, str], list[CloudResource]] = defaultdict(list)
        self._by_value: dict[str, dict[str, dict[str, dict[int, CloudResource]]]] = defaultdict(dict)
        self._faults: list[InjectedFault] = []
        self._quotas: dict[tuple[str, str], int] = {}
        self._settings: dict[str, str] = {}

    def _index(self, resource: CloudResource) -> None:
        self._rows[resource.key] = resource
        self._by_type[resource.type][resource.key] = resource
        self._by_id[(resource.type, resource.id)].append(resource)
        for name, index in self._by_value[resource.type].items():
            self._put(index, name, resource)

    def _forget(self, key: int) -> None:
        old = self._rows.pop(key, None)
        if old is not None:
            self._by_type[old.type].pop(key, None)
            self._by_id[(old.type, old.id)] = [r for r in self._by_id[(old.type, old.id)] if r.key != key]
            for name, index in self._by_value[old.type].items():
                value = old.value(name)
                if isinstance(value, str):
                    index[value].pop(key, None)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _resource_json(resource: CloudResource | None) -> str:
    if resource is None:
        return ""
    return _json(
        [
            resource.type, resource.id, resource.urn, resource.region, resource.account, resource.inputs,
            resource.outputs, sorted(resource.secrets), resource.created, resource.key,
        ]
    )  # fmt: skip


def _resource_of(text: str) -> CloudResource | None:
    if not text:
        return None
    type, id, urn, region, account, inputs, outputs, secrets, created, key = json.loads(text)
    return CloudResource(type, id, urn, region, account, inputs, outputs, frozenset(secrets), created, key)
