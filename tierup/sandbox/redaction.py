"""Removes secret values from messages."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

HIDDEN = "[secret]"
_SHORT = 4  # a shorter value is replaced only as a whole word, since it may be part of any word
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_GOT = re.compile(r"\(got .*?\)(?=[.;]|$)|\bgot [^.;)]*")


def redact(message: str, path: str, values: Mapping[str, Any], secrets: Collection[str]) -> str:
    """Return a message about the input at `path` without any value of the properties in `secrets`.

    A message about a secret property also loses every quoted text and every `got` part, because a rule may print a part
    of a value, such as a field of a JSON document.
    """
    leaves = {leaf for name in secrets for leaf in _leaves(values.get(name))}
    for leaf in sorted(leaves, key=len, reverse=True):
        message = _without(message, leaf)
    if re.split(r"[.\[]", path, maxsplit=1)[0] in secrets:
        message = _GOT.sub(f"(got {HIDDEN})", message)
        message = _QUOTED.sub(HIDDEN, message)
    return message


def _without(message: str, leaf: str) -> str:
    for form in (leaf, repr(leaf)[1:-1], json.dumps(leaf)[1:-1]):
        if len(form) >= _SHORT:
            message = message.replace(form, HIDDEN)
        elif form:
            message = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", HIDDEN, message)
    return message


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield value
        if value[:1] in ("{", "["):
            try:
                yield from _leaves(json.loads(value))
            except ValueError:
                return
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value)
