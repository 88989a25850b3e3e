"""Declared MongoDB indexes: read from indexes.yaml, created where missing, never dropped unless asked.

No Atlas resource makes plain indexes, so they are a step after the deployment: from a one-off task inside the VPC
(`one_off_task`), or from wherever the database can be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
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

MOST_INDEXES = 64
"""Of one collection. Source: https://www.mongodb.com/docs/manual/reference/limits/, as many
quote it (read 2026-11-24)."""

_WAIT_MILLISECONDS = 10_000  # for a node to be found; the driver's own 30 s look like a hang
_OPTIONS = ("unique", "sparse", "expireAfterSeconds", "partialFilterExpression")
_PRIMARY = "_id_"  # MongoDB's own, of every collection


class IndexesError(Exception):
    """The indexes cannot be read or applied; the message says what to do, and holds no password."""


class Index(BaseModel):
    """One index: keys in their order, and what else it promises."""

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
                raise ValueError(f"a key is {key!r}; give a field's path, which is not empty and starts with no $")
        return keys

    @property
    def actual_name(self) -> str:
        """As given, or as the drivers make it of the keys: user_1_createdAt_-1."""
        return self.name or "_".join(f"{key}_{direction}" for key, direction in self.keys.items())

    def model(self) -> IndexModel:
        """What pymongo creates it from."""
        return IndexModel(list(self.keys.items()), name=self.actual_name, **self.options())

    def options(self) -> Document:
        """By MongoDB's names, without those that say nothing."""
        given = self.model_dump(by_alias=True, exclude={"keys", "name"})
        return {name: value for name, value in given.items() if value not in (None, False)}


class Indexes(BaseModel):
    """All declared indexes, by collection."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1]
    collections: Mapping[str, Sequence[Index]] = Field(min_length=1)

    @field_validator("collections")
    @classmethod
    def _distinct(cls, collections: Mapping[str, Sequence[Index]]) -> Mapping[str, Sequence[Index]]:
        for collection, indexes in collections.items():
            if not collection or collection.startswith("system.") or "$" in collection:
                raise ValueError(f"a collection is {collection!r}; give a name without $, not system.*")
            if len(indexes) >= MOST_INDEXES:
                raise ValueError(
                    f"{collection} has {len(indexes)} indexes; MongoDB allows {MOST_INDEXES - 1} beside _id"
                )
            names = [index.actual_name for index in indexes]
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(
                    f"{collection} has {', '.join(twice)} more than once; name them apart, or take one out"
                )
        return collections


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexReport:
    """What was found and done; each entry is "collection.index"."""

    created: Sequence[str] = ()
    present: Sequence[str] = ()
    differing: Sequence[str] = ()
    """Same name or same keys, but not as declared. Left alone: a rebuild under load is a person's decision."""
    undeclared: Sequence[str] = ()
    """Stand in a declared collection and are not declared. Left alone."""
    dropped: Sequence[str] = ()
    planned: bool = False
    """True: nothing was done, `created` and `dropped` are what would be."""

    @property
    def as_declared(self) -> bool:
        """Whether each declared index stands as declared."""
        return not self.differing


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexTask:
    """A container that applies the indexes from inside the VPC and ends with the exit codes of `tierup indexes`."""

    image: str
    command: Sequence[str]
    environment: Mapping[str, str]
    secrets: Sequence[str] = field(default=(URI,))
    """Names of the secrets it needs, of a user who may create indexes."""


def one_off_task(image: str, declared: Indexes) -> IndexTask:
    """What to run as an ECS task. `image` is any with Python and tierup; it needs no file and writes none."""
    return IndexTask(image=image, command=("tierup", "indexes"), environment={TEXT: text_of(declared)})


def text_of(declared: Indexes) -> str:
    """The declaration as YAML, as short as it gets; `parse` reads it."""
    plain = declared.model_dump(by_alias=True, exclude_defaults=True)
    return yaml.safe_dump({"version": 1, **plain}, sort_keys=False)


def read(file: Path) -> Indexes:
    """The declaration in a file. Raises IndexesError with the file, and all that is wrong in it."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as fault:
        raise IndexesError(f"{file} cannot be read ({fault.strerror}); name another with --file") from fault
    return parse(text, str(file))


def parse(text: str, source: str) -> Indexes:
    """The declaration in a text; `source` names it in errors. Raises IndexesError."""
    try:
        return Indexes.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as fault:
        raise IndexesError(f"{source} is not YAML: {fault}") from fault
    except ValidationError as fault:
        faults = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['msg']}" for each in fault.errors())
        raise IndexesError(f"{source} does not declare indexes: {faults}") from fault


def apply(
    uri: str,
    declared: Indexes,
    *,
    drop_undeclared: bool = False,
    dry_run: bool = False,
    connect: Connect | None = None,
) -> IndexReport:
    """Creates each declared index that is missing from the URI's database, and reports the rest.

    All of a collection are built in one pass over it, while it is read and written. Running it again does nothing.
    Raises IndexesError: no database in the URI, nobody answers, or the user may not.
    """
    try:
        client = (connect or _connect)(uri)
    except (PyMongoError, ValueError) as fault:
        raise IndexesError(f"{URI} is no connection URI: {_safe(fault, uri)}") from fault
    try:
        database = client.get_default_database()
        report = _compare(database, declared, drop_undeclared=drop_undeclared, dry_run=dry_run)
        if not dry_run:
            _create(database, declared, report.created)
            _drop(database, report.dropped)
    except ConfigurationError as fault:
        raise IndexesError(f"{URI} names no database; add it behind the host, .../tasks?...") from fault
    except OperationFailure as fault:
        reason = (fault.details or {}).get("errmsg") or str(fault)
        raise IndexesError(f"MongoDB refuses: {reason}; the user needs readWrite on the database") from fault
    except PyMongoError as fault:
        raise IndexesError(
            f"the database does not answer: {_safe(fault, uri)}; it is reached from inside the VPC only: run this as a "
            "one-off task there"
        ) from fault
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
        standing = {str(each["name"]): dict(each) for each in database[collection].list_indexes()}
        spoken_for = {_PRIMARY}
        for index in indexes:
            alike = [name for name, found in standing.items() if _same_keys(found, index)]
            name = next((each for each in (index.actual_name, *alike) if each in standing), None)
            if name is None:
                created.append(f"{collection}.{index.actual_name}")
                continue
            spoken_for.add(name)
            fits = name in alike and _options(standing[name]) == index.options()
            (present if fits else differing).append(f"{collection}.{name}")
        undeclared += [f"{collection}.{name}" for name in standing if name not in spoken_for]
    return IndexReport(
        created=created,
        present=present,
        differing=differing,
        undeclared=[] if drop_undeclared else undeclared,
        dropped=undeclared if drop_undeclared else [],
        planned=dry_run,
    )


def _same_keys(found: Mapping[str, Any], index: Index) -> bool:
    return [(key, _whole(direction)) for key, direction in found["key"].items()] == list(index.keys.items())


def _whole(direction: object) -> object:
    return int(direction) if isinstance(direction, float) else direction


def _options(found: Mapping[str, Any]) -> Document:
    return {name: found[name] for name in _OPTIONS if found.get(name) not in (None, False)}


def _create(database: Database[Document], declared: Indexes, missing: Sequence[str]) -> None:
    for collection, indexes in declared.collections.items():
        models = [index.model() for index in indexes if f"{collection}.{index.actual_name}" in missing]
        if models:
            database[collection].create_indexes(models)


def _drop(database: Database[Document], dropped: Sequence[str]) -> None:
    for collection, name in _parts(database, dropped):
        database[collection].drop_index(name)


def _parts(database: Database[Document], entries: Sequence[str]) -> Iterator[tuple[str, str]]:
    # Both names may hold dots; the collections that stand tell where one ends.
    collections = sorted(database.list_collection_names(), key=len, reverse=True)
    for entry in entries:
        collection = next(each for each in collections if entry.startswith(f"{each}."))
        yield collection, entry.removeprefix(f"{collection}.")


def _safe(fault: Exception, uri: str) -> str:
    """The driver's words, without the URI, which holds the password."""
    credentials = uri.partition("//")[2].rpartition("@")[0]
    text = str(fault).replace(uri, f"({URI})")
    return text.replace(credentials, "***") if credentials else text
