"""Ids: Atlas's own are 24 hex digits; the provider packs several names into one state id."""

from __future__ import annotations

import base64
from collections.abc import Callable

from ..behaviour import Call, Plain


def state_id(**parts: str) -> str:
    """The state id of the provider: base64(name):base64(value) by name, joined by "-".

    As conversion.EncodeStateID of terraform-provider-mongodbatlas does.
    """
    return "-".join(f"{_packed(name)}:{_packed(value)}" for name, value in sorted(parts.items()))


def unpacked(text: Plain, part: str) -> str | None:
    """One part of a state id; the text itself where it is no state id (inputs may hold either)."""
    if not isinstance(text, str):
        return None
    for pair in text.split("-"):
        name, colon, value = pair.partition(":")
        if colon and name == _packed(part):
            return base64.b64decode(value).decode()
    return text


def packed_id(**inputs: str) -> Callable[[Call], str]:
    """The template of a state id: each part is an input, or with a leading "#" 24 hex digits of its own."""

    def make(call: Call) -> str:
        return state_id(
            **{
                part: object_id(call) if source == "#" else str(call.inputs.get(source, ""))
                for part, source in inputs.items()
            }
        )

    return make


def object_id(call: Call) -> str:
    """The 24 hex digits that Atlas gives a new thing."""
    return call.hex(24)


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
