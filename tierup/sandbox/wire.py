"""Converts between the engine's protobuf structs and plain values.

In the sandbox values are plain, and `UNKNOWN` replaces a value that is not known yet. The names of the top-level
properties that are secret are kept separately. `tierup/pulumi_protocol.py` has the signatures of the wire format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf import struct_pb2

from tierup.pulumi_protocol import ARCHIVE, ASSET, OUTPUT, SECRET, SIGNATURE, UNKNOWN_STRING, UNKNOWN_STRINGS

from .behaviour import UNKNOWN


def plain(struct: struct_pb2.Struct) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the plain values of a struct, and the names of the top-level properties that are or contain secrets.

    Nulls and the engine's own keys ("__defaults") are omitted.
    """
    values: dict[str, Any] = {}
    secrets: set[str] = set()
    for name, value in struct.fields.items():
        if name.startswith("__"):
            continue
        found: list[bool] = []
        opened = _plain(value, found)
        if opened is not None:
            values[name] = opened
        if found:
            secrets.add(name)
    return values, frozenset(secrets)


def _plain(value: struct_pb2.Value, secret: list[bool]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        # A JSON document may contain an unknown string (see getPolicyDocument).
        return UNKNOWN if UNKNOWN_STRING in text or (len(text) == 36 and text in UNKNOWN_STRINGS) else text
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields:
            signature = fields[SIGNATURE].string_value
            if signature == SECRET:
                secret.append(True)
                return _plain(fields["value"], secret)
            if signature == OUTPUT:
                if "secret" in fields and fields["secret"].bool_value:
                    secret.append(True)
                return _plain(fields["value"], secret) if "value" in fields else UNKNOWN
        opened = {key: _plain(inner, secret) for key, inner in fields.items() if not key.startswith("__")}
        return {key: inner for key, inner in opened.items() if inner is not None}
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "list_value":
        return [_plain(inner, secret) for inner in value.list_value.values]
    return None


def struct(values: Mapping[str, Any], secrets: Iterable[str] = ()) -> struct_pb2.Struct:
    """Return a struct of plain values in which the properties named in `secrets` are marked as secret."""
    marked = frozenset(secrets)
    made = struct_pb2.Struct()
    for name, value in values.items():
        if value is None:
            continue
        if name in marked:
            wrapped = made.fields[name].struct_value
            wrapped.fields[SIGNATURE].string_value = SECRET
            _fill(wrapped.fields["value"], value)
        else:
            _fill(made.fields[name], value)
    return made


def _fill(target: struct_pb2.Value, value: Any) -> None:
    if value is UNKNOWN:
        target.string_value = UNKNOWN_STRING
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        for key, inner in value.items():
            if inner is not None:
                _fill(target.struct_value.fields[key], inner)
    elif isinstance(value, (list, tuple)):
        target.list_value.SetInParent()
        for inner in value:
            _fill(target.list_value.values.add(), inner)
    else:
        target.null_value = struct_pb2.NULL_VALUE


def is_asset(value: Any) -> bool:
    """Return whether a plain value is an asset or an archive."""
    return isinstance(value, Mapping) and value.get(SIGNATURE) in (ASSET, ARCHIVE)
