"""Declared MongoDB indexes and shard keys: read from indexes.yaml, and created if missing.

Indexes are dropped only with the option for it, and a collection keeps its shard key.

No Atlas resource creates plain indexes, so they are a step after the deployment: in a task inside the VPC, which gets
the declaration by the variable TEXT, or from any machine that can reach the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.alias_generators import to_camel
from pymongo import IndexModel, MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, OperationFailure, PyMongoError

Document: TypeAlias = dict[str, Any]
Connect: TypeAlias = Callable[[str], MongoClient[Document]]

URI = "MONGODB_URI"
"""The environment variable, and the task's secret, that holds the connection URI."""

TEXT = "TIERUP_INDEXES"
"""The environment variable that may hold the declaration itself, so that a task needs no file."""

MAX_INDEXES = 64
"""The largest number of indexes of a collection. Source: https://www.mongodb.com/docs/manual/reference/limits/, as
quoted elsewhere (read 2026-11-24)."""

_WAIT_MILLISECONDS = 10_000  # to find a node; the driver's default of 30 s looks like a hang
_OPTIONS = ("unique", "sparse", "expireAfterSeconds", "partialFilterExpression")
_PRIMARY = "_id_"  # MongoDB creates it for every collection


class IndexesError(Exception):
    """The indexes cannot be read or applied. The message contains no password."""


class Index(BaseModel):
    """One index: its keys in order, and its options."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    keys: Mapping[str, Literal[1, -1, "2dsphere", "hashed"]] = Field(min_length=1, max_length=32)
    name: str | None = Field(default=None, min_length=1, max_length=127)
    unique: bool = False
    sparse: bool = False
    expire_after_seconds: int | None = Field(default=None, ge=0)
    partial_filter_expression: Document | None = None

    @field_validator("keys")
    @classmethod
    def _fields(cls, keys: Mapping[str, object]) -> Mapping[str, object]:
        for key in keys:
            if not key or key.startswith("$"):
                raise ValueError(
                    f"not a field's path (got {key!r}). Allowed: a path that is not empty and does not start with $."
                )
        return keys

    @property
    def actual_name(self) -> str:
        """The given name, or the drivers' default from the keys: user_1_createdAt_-1."""
        return self.name or "_".join(f"{key}_{direction}" for key, direction in self.keys.items())

    def model(self) -> IndexModel:
        """Return the index as pymongo's model."""
        return IndexModel(list(self.keys.items()), name=self.actual_name, **self.options())

    def options(self) -> Document:
        """Return the options by MongoDB's names, without defaults."""
        given = self.model_dump(by_alias=True, exclude={"keys", "name"})
        return {name: value for name, value in given.items() if _is_set(value)}


def _is_set(value: object) -> bool:
    """Return whether an option differs from its default. 0 does (expireAfterSeconds), and 0 == False in Python."""
    return value is not None and value is not False


class ShardKey(BaseModel):
    """The shard key of a collection."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: Mapping[str, Literal[1, "hashed"]] = Field(min_length=1, max_length=32)
    unique: bool = False

    @field_validator("keys")
    @classmethod
    def _one_hashed(cls, keys: Mapping[str, object]) -> Mapping[str, object]:
        # https://www.mongodb.com/docs/manual/core/hashed-sharding/ (read 2026-11-28): a compound key has one hashed
        # field at most.
        if list(keys.values()).count("hashed") > 1:
            raise ValueError(f"more than one hashed field (got {', '.join(keys)}). Hash one of them.")
        for key in keys:
            if not key or key.startswith(("$", "_id.")):
                raise ValueError(f"not a field's path (got {key!r}). Allowed: a path that does not start with $.")
        return keys

    @model_validator(mode="after")
    def _unique_is_not_hashed(self) -> Self:
        if self.unique and "hashed" in self.keys.values():
            raise ValueError("a hashed shard key cannot be unique (got unique). Remove unique, or hash no field.")
        return self


class Indexes(BaseModel):
    """All declared indexes and shard keys, by collection."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    version: Literal[1]
    collections: Mapping[str, Sequence[Index]] = Field(min_length=1)
    shard_keys: Mapping[str, ShardKey] = Field(default_factory=dict)
    """Collection → shard key. It has an effect on a sharded cluster only."""

    @model_validator(mode="after")
    def _unique_indexes_begin_with_the_shard_key(self) -> Self:
        # https://www.mongodb.com/docs/manual/core/sharding-shard-key-indexes/ (read 2026-11-28): MongoDB enforces
        # uniqueness across shards only if the index begins with the shard key.
        for collection, key in self.shard_keys.items():
            for index in self.collections.get(collection, ()):
                if index.unique and list(index.keys)[: len(key.keys)] != list(key.keys):
                    raise ValueError(
                        f"{collection}: the unique index {index.actual_name} does not begin with the shard key (got "
                        f"{', '.join(key.keys)}). MongoDB enforces no other unique index across shards."
                    )
        return self

    @field_validator("collections")
    @classmethod
    def _distinct(cls, collections: Mapping[str, Sequence[Index]]) -> Mapping[str, Sequence[Index]]:
        for collection, indexes in collections.items():
            if not collection or collection.startswith("system.") or "$" in collection:
                raise ValueError(
                    f"not a collection's name (got {collection!r}). Allowed: a name without $ that is not system.*."
                )
            if len(indexes) >= MAX_INDEXES:
                raise ValueError(
                    f"{collection}: too many indexes (got {len(indexes)}). MongoDB allows {MAX_INDEXES - 1} beside _id."
                )
            names = [index.actual_name for index in indexes]
            if repeated := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(
                    f"{collection}: duplicate index names (got {', '.join(repeated)}). Give each index its own name."
                )
        return collections


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexReport:
    """The result of applying indexes; each entry is "collection.index"."""

    created: Sequence[str] = ()
    present: Sequence[str] = ()
    differing: Sequence[str] = ()
    """Indexes with the declared name or keys that differ otherwise, unchanged: a rebuild loads the database."""
    undeclared: Sequence[str] = ()
    """Undeclared indexes of declared collections, unchanged."""
    dropped: Sequence[str] = ()
    sharded: Sequence[str] = ()
    """Collections that got their shard key."""
    shard_keys_present: Sequence[str] = ()
    shard_keys_differing: Sequence[str] = ()
    """Collections with another shard key, which stays: a resharding rewrites the collection."""
    not_sharded: Sequence[str] = ()
    """Collections with a declared shard key in a database that is no sharded cluster."""
    planned: bool = False
    """Whether this was a dry run: nothing was changed, and `created` and `dropped` list the changes."""

    @property
    def as_declared(self) -> bool:
        """Whether each declared index exists as declared."""
        return not self.differing and not self.shard_keys_differing


def read(file: Path) -> Indexes:
    """Return the declaration in a file. Raises IndexesError with the file and all its errors."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise IndexesError(f"--file: cannot be read (got {file}: {error.strerror}). Give another file.") from error
    return parse(text, str(file))


def parse(text: str, source: str) -> Indexes:
    """Return the declaration in a text; `source` is its name in errors. Raises IndexesError."""
    try:
        return Indexes.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise IndexesError(f"{source}: not valid YAML (got {error}). Correct the file.") from error
    except ValidationError as error:
        errors = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'document'}: {each['msg']}" for each in error.errors())
        raise IndexesError(f"{source}: not a declaration of indexes (got {errors}). Correct the file.") from error


def apply(
    uri: str,
    declared: Indexes,
    *,
    drop_undeclared: bool = False,
    dry_run: bool = False,
    connect: Connect | None = None,
) -> IndexReport:
    """Create the declared indexes that are missing from the URI's database, and return a report.

    The indexes of a collection are built in one pass, while it is read and written. A second run changes nothing.
    Raises IndexesError: the URI names no database, or the database does not respond or denies access.
    """
    try:
        client = (connect or _connect)(uri)
    except (PyMongoError, ValueError) as error:
        raise IndexesError(f"{URI}: not a connection URI (got {_safe(error, uri)}). Correct it.") from error
    try:
        database = client.get_default_database()
        report = _compare(database, declared, drop_undeclared=drop_undeclared, dry_run=dry_run)
        if declared.shard_keys:
            report = _compare_shard_keys(client, database, declared, report)
        if not dry_run:
            _create(database, declared, report.created)
            _drop(database, report.dropped)
            _shard(client, database, declared, report.sharded)
    except ConfigurationError as error:
        raise IndexesError(
            f"{URI}: must name a database (got none). Add its name after the host, as in .../tasks?..."
        ) from error
    except OperationFailure as error:
        reason = (error.details or {}).get("errmsg") or str(error)
        raise IndexesError(
            f"MongoDB reported an error: {reason}. The user needs the role readWrite on the database, and for shard "
            "keys atlasAdmin (tierup connect database --user admin)."
        ) from error
    except PyMongoError as error:
        raise IndexesError(
            f"The database does not respond: {_safe(error, uri)}. It can be reached only from the VPC: run this as a "
            "one-off task there."
        ) from error
    finally:
        client.close()
    return report


def _connect(uri: str) -> MongoClient[Document]:
    return MongoClient(uri, serverSelectionTimeoutMS=_WAIT_MILLISECONDS, appname="tierup indexes")


def _compare(database: Database[Document], declared: Indexes, *, drop_undeclared: bool, dry_run: bool) -> IndexReport:
    created: list[str] = []
    present: list[str] = []
    differing: list[str] = []
    undeclared: list[str] = []
    for collection, indexes in declared.collections.items():
        existing = {str(each["name"]): dict(each) for each in database[collection].list_indexes()}
        matched = {_PRIMARY}
        for index in indexes:
            same_keys = [name for name, found in existing.items() if _same_keys(found, index)]
            name = next((each for each in (index.actual_name, *same_keys) if each in existing), None)
            if name is None:
                created.append(f"{collection}.{index.actual_name}")
                continue
            matched.add(name)
            fits = name in same_keys and _options(existing[name]) == index.options()
            (present if fits else differing).append(f"{collection}.{name}")
        undeclared += [f"{collection}.{name}" for name in existing if name not in matched]
    return IndexReport(
        created=created,
        present=present,
        differing=differing,
        undeclared=[] if drop_undeclared else undeclared,
        dropped=undeclared if drop_undeclared else [],
        planned=dry_run,
    )


def _compare_shard_keys(
    client: MongoClient[Document], database: Database[Document], declared: Indexes, report: IndexReport
) -> IndexReport:
    # A router (mongos) answers `hello` with this text.
    # https://www.mongodb.com/docs/manual/reference/command/isdbgrid/ (read 2026-11-28)
    if client.admin.command("hello").get("msg") != "isdbgrid":
        return replace(report, not_sharded=sorted(declared.shard_keys))
    sharded: list[str] = []
    present: list[str] = []
    differing: list[str] = []
    undeclared = list(report.undeclared)
    dropped = list(report.dropped)
    for collection, key in declared.shard_keys.items():
        found = client["config"]["collections"].find_one({"_id": f"{database.name}.{collection}"})
        if found is None or found.get("dropped"):
            sharded.append(collection)
        else:
            same = [(name, _whole(kind)) for name, kind in found["key"].items()] == list(key.keys.items())
            (present if same and bool(found.get("unique")) == key.unique else differing).append(collection)
        # MongoDB refuses to drop the index of a shard key, which the declaration need not name.
        own = f"{collection}.{'_'.join(f'{name}_{kind}' for name, kind in key.keys.items())}"
        undeclared = [each for each in undeclared if each != own]
        dropped = [each for each in dropped if each != own]
    return replace(
        report,
        sharded=sharded,
        shard_keys_present=present,
        shard_keys_differing=differing,
        undeclared=undeclared,
        dropped=dropped,
    )


def _shard(
    client: MongoClient[Document], database: Database[Document], declared: Indexes, collections: Sequence[str]
) -> None:
    """Shard collections. One with documents needs an index of the key, which MongoDB creates for an empty one only.

    https://www.mongodb.com/docs/manual/core/sharding-shard-key-indexes/ (read 2026-11-28)
    """
    for collection in collections:
        key = declared.shard_keys[collection]
        database[collection].create_indexes([IndexModel(list(key.keys.items()), unique=key.unique)])
        client.admin.command("shardCollection", f"{database.name}.{collection}", key=dict(key.keys), unique=key.unique)


def _same_keys(found: Mapping[str, Any], index: Index) -> bool:
    return [(key, _whole(direction)) for key, direction in found["key"].items()] == list(index.keys.items())


def _whole(direction: object) -> object:
    return int(direction) if isinstance(direction, float) else direction


def _options(found: Mapping[str, Any]) -> Document:
    return {name: found[name] for name in _OPTIONS if _is_set(found.get(name))}


def _create(database: Database[Document], declared: Indexes, missing: Sequence[str]) -> None:
    for collection, indexes in declared.collections.items():
        models = [index.model() for index in indexes if f"{collection}.{index.actual_name}" in missing]
        if models:
            database[collection].create_indexes(models)


def _drop(database: Database[Document], dropped: Sequence[str]) -> None:
    for collection, name in _parts(database, dropped):
        database[collection].drop_index(name)


def _parts(database: Database[Document], entries: Sequence[str]) -> Iterator[tuple[str, str]]:
    # Both names may contain dots; the existing collections show where one ends.
    collections = sorted(database.list_collection_names(), key=len, reverse=True)
    for entry in entries:
        collection = next(each for each in collections if entry.startswith(f"{each}."))
        yield collection, entry.removeprefix(f"{collection}.")


def _safe(error: Exception, uri: str) -> str:
    """Return the driver's message without the URI, which contains the password."""
    credentials = uri.partition("//")[2].rpartition("@")[0]
    text = str(error).replace(uri, f"({URI})")
    return text.replace(credentials, "***") if credentials else text
