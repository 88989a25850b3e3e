"""A baseline: the findings that stood on a day, so that a check fails on what is new only.

A finding is known again by its rule, its resource (type::name) and the property's path. Positions in lists are left out
of the path, and the findings of one key are counted: a rule inserted before another makes nothing new, one more of the
same kind does.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.report import Result
from policies.rule import Finding
from tierup.deployment.errors import CommandError, ExitCode

FORMAT = 1
_POSITION = re.compile(r"\[\d+\]")
Key = tuple[str, str, str]
"""Rule, resource, path."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many findings of each key are accepted."""

    accepted: Mapping[Key, int]


def key_of(result: Result, finding: Finding) -> Key:
    """What a finding is known again by."""
    # Without a resource the path says it all: the name is that of a folder, another on each machine.
    resource = f"{result.type}::{result.name}" if result.urn else ""
    return result.rule, resource, _POSITION.sub("[]", finding.path)


def of(stacks: Iterable[Iterable[Key]]) -> Baseline:
    """The baseline of the findings of some stacks: as many of a key as the stack with the most has."""
    accepted: Counter[Key] = Counter()
    for keys in stacks:
        accepted |= Counter(keys)
    return Baseline(accepted)


def read(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        CommandError: it is not there, or is not one.
    """
    wrong = f"{path} is not a baseline; `tierup check --write-baseline {path}` makes one"
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise CommandError(f"{wrong} (its format is {document['format']!r}, wanted {FORMAT}).", ExitCode.SETTINGS)
        return Baseline(
            Counter({(e["rule"], e["resource"], e["path"]): int(e.get("count", 1)) for e in document["accepted"]})
        )
    except FileNotFoundError as error:
        raise CommandError(
            f"There is no baseline {path}: `tierup check --write-baseline {path}` makes it.", ExitCode.SETTINGS
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{wrong}.", ExitCode.SETTINGS) from error


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline, sorted, a finding a line, so that a review shows what was accepted."""
    entries = [
        json.dumps(
            {"rule": rule, "resource": resource, "path": where, **({"count": number} if number > 1 else {})},
            ensure_ascii=False,
        )
        for (rule, resource, where), number in sorted(baseline.accepted.items())
    ]
    lines = ",\n".join(f"    {entry}" for entry in entries)
    accepted = f"[\n{lines}\n  ]" if lines else "[]"
    path.write_text(f'{{\n  "format": {FORMAT},\n  "accepted": {accepted}\n}}\n', encoding="utf-8")
