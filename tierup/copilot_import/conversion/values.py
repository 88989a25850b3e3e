"""Values of a manifest: durations, commands, numbers, and the check of settings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from tierup.copilot_import.draft import Result, differs, unmapped
from tierup.copilot_import.manifest import Node

Found = Result | str | None
"""None is the row's own outcome, `SKIPPED` leaves the field to another conversion."""


_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|s|m|h|d)")


_SECONDS: Final[Mapping[str, float]] = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1,
    "m": 60,
    "h": 3_600,
    "d": 86_400,
}


def seconds(node: Node) -> float | None:
    """Return a duration in Go's form (`1m30s`) in seconds; a number is seconds. None if it is neither."""
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = node.text().strip()
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def words(node: Node) -> list[str]:
    """Return a command given as a list or as a line of a shell."""
    return [each.text() for each in node.items] if node.is_list else shlex.split(node.text())


def problem(model: type[BaseModel], values: Mapping[str, Any]) -> str | None:
    """Return why a group of settings rejects values; None if it accepts them. Missing keys are not reported."""
    try:
        model.model_validate(values, strict=False)
    except ValidationError as error:
        details = [each for each in error.errors(include_url=False) if each["type"] != "missing"]
        if not details:
            return None
        cause = details[0].get("ctx", {}).get("error")
        return str(cause) if cause else details[0]["msg"]
    return None


def whole(node: Node) -> int | None:
    """Return a whole number; None for anything else."""
    value: Any = node.value
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value if isinstance(value, int) else None


def invalid(node: Node, what: str) -> Result:
    return unmapped(f"The value is not {what} (got {node.plain()!r}).")


def differs_as(found: Result, note: str) -> Result:
    """Return a result that set a value as one that differs."""
    return Result(outcome=differs("").outcome, setting=found.setting, note=f"{note} {found.note}".strip())
