"""Ids: an Atlas id has 24 hex digits; a state id of the provider encodes several values."""

from __future__ import annotations

import base64
from collections.abc import Callable

from ..behaviour import Call, Plain


def state_id(**parts: str) -> str:
    """Return a state id: base64(name):base64(value) sorted by name, joined by "-".

    Source: conversion.EncodeStateID of terraform-provider-mongodbatlas.
    """
    return "-".join(f"{_encoded(name)}:{_encoded(value)}" for name, value in sorted(parts.items()))


def decode_state_id(text: Plain, part: str) -> str | None:
    """Return one part of a state id. A string that is no state id is returned unchanged."""
    if not isinstance(text, str):
        return None
    for pair in text.split("-"):
        name, colon, value = pair.partition(":")
        if colon and name == _encoded(part):
            return base64.b64decode(value).decode()
    return text


def state_id_of(**inputs: str) -> Callable[[Call], str]:
    """Return the template of a state id: each part is an input, or "#" for a new Atlas id."""

    def render(call: Call) -> str:
        return state_id(
            **{
                part: object_id(call) if source == "#" else str(call.inputs.get(source, ""))
                for part, source in inputs.items()
            }
        )

    return render


def object_id(call: Call) -> str:
    """Return the Atlas id of a new object: 24 hex digits."""
    return call.hex(24)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
