"""The rehearsal cloud's own memory: one SQLite file, apart from Pulumi's state.

Since it is apart, refresh, import, drift and a lost state file are real events here. The file is the truth: the server
and the commands that look into the cloud (or change it behind Pulumi's back) open it side by side. Each keeps the rows
in memory and reads them anew when SQLite says that another connection has written.

Values of secrets stand in it as they would in a real cloud, so the file is readable by its owner alone.
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
_KEPT_SECONDS = 31 * 24 * 3600  # the longest that a cloud keeps a deleted name, and a day

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
"""


class CloudError(Exception):
    """The cloud's file can't be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class CloudResource:
    """One thing that stands in the cloud."""

    type: str
    id: str
    urn: str
    region: str  # "" for global services
    account: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]  # inputs, defaults and computed values together
    secrets: frozenset[str] = frozenset()  # names of the properties whose values are secret
    created: float = 0.0  # Unix time
    key: int = 0

    @property
    def name(self) -> str:
        """The Pulumi logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def stack(self) -> str:
        """The URN's first part, "urn:pulumi:<stack>::<project>"."""
        return "::".join(self.urn.split("::")[:2])

    def value(self, by: str) -> Any:
        """The id, or an output by its name."""
        return self.id if by == "id" else self.outputs.get(by)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What was deleted: some clouds keep its name taken for a while (a secret in its recovery window)."""

    resource: CloudResource  # without its outputs
    deleted_at: float  # Unix time


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """An accident to rehearse.

    `kind`: "fail" (nothing happens, an error is reported), "lost" (it happens, an error is reported), "timeout" (it
    happens, but does not become ready), "slow" (it happens, the answer comes after `seconds`). `type` and `name`
    (logical) are shell patterns. The first `after` matching operations pass, then `times` are hit.
    """

    operation: str  # "create", "update", "delete", "read", "check", "diff", "invoke" or "*"
    kind: str
    type: str = "*"
    name: str = "*"
    times: int = 1
    after: int = 0
    seconds: float = 0.0
    message: str = ""
    key: int = 0

    KINDS = ("fail", "lost", "timeout", "slow")
    OPERATIONS = ("create", "update", "delete", "read", "check", "diff", "invoke", "*")


class Cloud:
    """All that stands in the rehearsal cloud. Safe to share between threads and, by the file, between processes."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.path = path
        self._lock = threading.RLock()
        self._version = -1
        try:
            if isinstance(path, Path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            # WAL: a killed process loses nothing that was committed, and readers never block the server.
            self._database.execute("pragma journal_mode=wal")
            self._database.execute("pragma synchronous=normal")
            self._database.executescript(_TABLES)
            self._database.execute("delete from tombstones where deleted < ?", (time.time() - _KEPT_SECONDS,))
            found = self._database.execute("pragma user_version").fetchone()[0]
            if found == 0:
                self._database.execute(f"pragma user_version={_FORMAT}")
            elif found != _FORMAT:
                raise CloudError(
                    f"{path} is of format {found}, this tierup writes {_FORMAT}: `tierup sandbox reset` starts anew"
                )
        except (OSError, sqlite3.Error) as error:
            raise CloudError(f"the rehearsal cloud can't be kept in {path}: {error}") from error
        self._load()

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()

    # --- reading ---

    def get(self, type: str, id: str, region: str | None = None) -> CloudResource | None:
        """The resource of a type by its id; in any region unless one is named."""
        with self._fresh():
            for found in self._by_id.get((type, id), ()):
                if region is None or found.region in (region, ""):
                    return found
        return None

    def find(self, type: str | tuple[str, ...], /, **properties: Any) -> Iterator[CloudResource]:
        """Resources of a type whose outputs equal all of `properties` (`id` and `region` count as ones)."""
        with self._fresh():
            types = (type,) if isinstance(type, str) else type
            candidates = [found for each in types for found in self._candidates(each, properties)]
        for found in candidates:
            if all(self._property(found, key) == value for key, value in properties.items()):
                yield found

    def _candidates(self, type: str, properties: Mapping[str, Any]) -> list[CloudResource]:
        """Resources of a type that may have the properties: by an index on the first text among them, else all."""
        for name, value in properties.items():
            if isinstance(value, str) and name != "region":
                return list(self._indexed(type, name).get(value, {}).values())
        return list(self._by_type.get(type, {}).values())

    def _indexed(self, type: str, name: str) -> dict[str, dict[int, CloudResource]]:
        """Resources of a type by the text of one of their properties; made when it is first asked for."""
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
        """How many of a type stand, wherever."""
        with self._fresh():
            return len(self._by_type.get(type, {}))

    @staticmethod
    def _property(found: CloudResource, key: str) -> Any:
        return found.region if key == "region" and found.region else found.value(key)

    def all(self) -> list[CloudResource]:
        """Everything, oldest first."""
        with self._fresh():
            return sorted(self._rows.values(), key=lambda r: r.key)

    def by_urn(self, urn: str) -> list[CloudResource]:
        """What was made for a URN: one as a rule, two in the midst of a replacement."""
        with self._fresh():
            return [found for found in self._rows.values() if found.urn == urn]

    def tombstones(self, type: str, /, **properties: Any) -> Iterator[Tombstone]:
        """Deleted resources of a type whose inputs equal all of `properties`."""
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
        """What is checked and done within happens as one: no other thread or process writes in between."""
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
        """Puts a new resource into the cloud; its key and time are set here."""
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
            return stored

    def change(self, resource: CloudResource) -> None:
        """Replaces what stands under the resource's key."""
        with self._lock:
            self._database.execute(
                "update resources set id = ?, urn = ?, inputs = ?, outputs = ?, secrets = ? where key = ?",
                (
                    resource.id, resource.urn, _json(resource.inputs), _json(resource.outputs),
                    _json(sorted(resource.secrets)), resource.key,
                ),
            )  # fmt: skip
            self._forget(resource.key)
            self._index(resource)

    def remove(self, resource: CloudResource) -> None:
        """Takes a resource out of the cloud and leaves a tombstone."""
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

    def reset(self) -> None:
        """Empties the cloud: resources, tombstones and faults."""
        with self.alone():
            for table in ("resources", "tombstones", "faults"):
                self._database.execute(f"delete from {table}")  # noqa: S608 - our own table names
            self._clear()

    # --- faults ---

    def faults(self) -> list[InjectedFault]:
        """The accidents still to come."""
        with self._fresh():
            return list(self._faults)

    def add_fault(self, fault: InjectedFault) -> None:
        """Arms an accident; raises ValueError for a kind or an operation there is not."""
        if fault.kind not in InjectedFault.KINDS:
            raise ValueError(f"fault kind '{fault.kind}': allowed are {', '.join(InjectedFault.KINDS)}")
        if fault.operation not in InjectedFault.OPERATIONS:
            raise ValueError(f"fault operation '{fault.operation}': allowed are {', '.join(InjectedFault.OPERATIONS)}")
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
        """Disarms all accidents."""
        with self.alone():
            self._database.execute("delete from faults")
            self._version = -1

    def take_fault(self, operation: str, type: str, name: str) -> InjectedFault | None:
        """The accident that hits this operation, counted down; None when all is well."""
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
