"""Between the engine's protobuf structs and plain values.

The engine marks what is special with a reserved key: secrets, assets and archives are objects that carry a signature,
values not known yet are reserved texts. Inside the sandbox a value is plain, `UNKNOWN` stands for what isn't known, and
which top-level properties were secret is kept beside the values.

Signatures: Pulumi SDK, `pulumi.runtime.rpc` (special_sig_key and its kind), read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf import struct_pb2

from .behaviour import UNKNOWN

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature, not a secret
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

_UNKNOWN_TEXTS = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


def plain(struct: struct_pb2.Struct) -> tuple[dict[str, Any], frozenset[str]]:
    """The plain values of a struct, and the names of the top-level properties that are or hold secrets.

    Nulls and the engine's own keys ("__defaults") are left out.
    """
    values: dict[str, Any] = {}
    secrets: set[str] = set()
    for name, value in struct.fields.items():
        if name.startswith("__"):
            continue
        inside: list[bool] = []
        opened = _plain(value, inside)
        if opened is not None:
            values[name] = opened
        if inside:
            secrets.add(name)
    return values, frozenset(secrets)


def _plain(value: struct_pb2.Value, secret: list[bool]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if len(text) == 36 and text in _UNKNOWN_TEXTS else text
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
    """A struct of plain values, the properties named in `secrets` marked as such."""
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
        target.string_value = UNKNOWN_TEXT
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
    """Whether a plain value is an asset or an archive as the engine passes it."""
    return isinstance(value, Mapping) and value.get(SIGNATURE) in (ASSET, ARCHIVE)
