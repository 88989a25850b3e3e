"""Properties as the engine encodes them: which values are unknown, which are secret, and plain values for the rest.

A rule reads properties through `Values` and `Items`, which raise on a value that is not known. So no check can pass
such a value by accident. Secrets read as their plain values, since a rule has to evaluate them.
The secret texts are collected, so that the code that shows a finding can mask them (`masked`).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, overload

from google.protobuf import struct_pb2

# The engine's wire format: the texts that mean "not known yet", by type, and the key that marks a special object.
# https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/resource/plugin/rpc.go and
# .../sdk/go/common/resource/properties.go (read 2026-11-24 in the module's source).
# A copy of tierup/pulumi_protocol.py, because the pack must run without tierup.
UNKNOWN_TEXTS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string; also what a preview's JSON shows
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the engine's mark, not a password
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
# A state file or a preview's JSON shows this text in place of a secret.
CLOSED: Final = "[secret]"
SHORTEST_MASKED: Final = 4  # a shorter text may occur in a message by chance


class UnknownValue(Exception):  # noqa: N818 - an answer, not an error
    """A check reads a value that is not known. `path` is the value's path, `why` the reason that it is not known."""

    def __init__(self, path: str, why: str = "is not known before `up`") -> None:
        super().__init__(f"{path} {why}")
        self.path = path


Loaded = tuple[Mapping[str, Any], frozenset[str]]


class _Unknown:
    """A value that is not known yet, or that the source hides."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown("is not known before `up`")
ENCRYPTED: Final = _Unknown("is a secret, encrypted in this export; `pulumi stack export --show-secrets` decrypts it")
HIDDEN: Final = _Unknown("is a secret that this file hides; `pulumi preview --json --show-secrets` shows it")


class Values(Mapping[str, Any]):
    """An object's properties by name. Reading an unknown one raises UnknownValue; `in` returns whether it exists."""

    __slots__ = ("_known", "_load", "_path", "_secrets")

    def __init__(
        self, known: Mapping[str, Any] | None = None, path: str = "", *, load: Callable[[], Loaded] | None = None
    ) -> None:
        self._known = known
        self._path = path
        self._load = load
        self._secrets: frozenset[str] = frozenset()

    @property
    def secrets(self) -> frozenset[str]:
        """The secret texts anywhere below, which must never be shown. Only a resource's whole properties know them."""
        self._all()
        return self._secrets

    def load(self) -> Loaded:
        """Return the known values, and the secret texts in them."""
        return self._all(), self._secrets

    def _all(self) -> Mapping[str, Any]:
        if self._known is None:
            # Two threads may load at once: both get the same result.
            known, self._secrets = self._load() if self._load else ({}, frozenset())
            self._known = known
            return known
        return self._known

    def __getitem__(self, key: str) -> Any:
        return _read(self._all()[key], f"{self._path}.{key}" if self._path else key)

    def __contains__(self, key: object) -> bool:
        return key in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return f"Values of {', '.join(self._all())}"  # names alone: a value may be a secret


class Items(Sequence[Any]):
    """A list of values. Reading an unknown one raises UnknownValue; the length is known."""

    __slots__ = ("_known", "_path")

    def __init__(self, known: Sequence[Any], path: str = "") -> None:
        self._known = known
        self._path = path

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        return _read(self._known[index], f"{self._path}[{index}]")

    def __len__(self) -> int:
        return len(self._known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and not isinstance(other, str) and list(self) == list(other)

    __hash__ = None  # pyright: ignore[reportAssignmentType] - a list of values is compared, never a key

    def __repr__(self) -> str:
        return f"{len(self)} items"


class _LastRead(threading.local):
    """The path that this thread read last, so that a rule can name the value that it could not use."""

    path: str = ""


_LAST: Final = _LastRead()


def last_path() -> str:
    """Return the path that this thread read last since `reset_path`, or an empty text."""
    return _LAST.path


def reset_path() -> None:
    """Forget the path that this thread read last."""
    _LAST.path = ""


def _read(value: Any, path: str) -> Any:
    _LAST.path = path
    if isinstance(value, _Unknown):
        raise UnknownValue(path, value.why)
    if isinstance(value, Mapping):
        return Values(value, path)
    if isinstance(value, list):
        return Items(value, path)
    return value


def from_wire(properties: struct_pb2.Struct) -> Values:
    """Return the properties in an engine's request, with their secrets noted. They are decoded on the first read."""

    def load() -> Loaded:
        secrets: set[str] = set()
        known = {key: _from_wire(value, secrets) for key, value in properties.fields.items()}
        return known, frozenset(secrets)

    return Values(load=load)


def _from_wire(value: struct_pb2.Value, secrets: set[str]) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return UNKNOWN if text in UNKNOWN_TEXTS else text
        case "number_value":
            return value.number_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_from_wire(each, secrets) for each in value.list_value.values]
        case "struct_value":
            return _marked({k: _from_wire(v, secrets) for k, v in value.struct_value.fields.items()}, secrets)
        case _:
            return None


def from_state(properties: Mapping[str, Any]) -> Values:
    """Return the properties of a resource in a state file or in a preview's JSON."""

    def load() -> Loaded:
        secrets: set[str] = set()
        known = {key: _from_state(value, secrets) for key, value in properties.items()}
        return known, frozenset(secrets)

    return Values(load=load)


def _from_state(value: Any, secrets: set[str]) -> Any:
    if isinstance(value, str):
        return UNKNOWN if value in UNKNOWN_TEXTS else HIDDEN if value == CLOSED else value
    if isinstance(value, Mapping):
        return _marked({str(key): _from_state(each, secrets) for key, each in value.items()}, secrets)
    if isinstance(value, list):
        return [_from_state(each, secrets) for each in value]
    return value


def _marked(known: dict[str, Any], secrets: set[str]) -> Any:
    """Return the value inside an object that the engine marked as secret or output, or the object itself."""
    match known.get(SIGNATURE):
        case str(mark) if mark == SECRET:
            if "value" not in known and "plaintext" not in known:
                return ENCRYPTED
            value = known["value"] if "value" in known else json.loads(known["plaintext"])
            secrets.update(_texts(value))
            return value
        case str(mark) if mark == OUTPUT:
            value = known.get("value", UNKNOWN)
            if known.get("secret"):
                secrets.update(_texts(value))
            return value
        case _:
            return known


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= SHORTEST_MASKED:
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def masked(text: str, secrets: frozenset[str]) -> str:
    """Return `text` with every one of the secrets replaced."""
    for secret in sorted(secrets, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, CLOSED)
    return text
