"""A baseline: accepted findings, so that a check fails on new findings only.

A finding is identified by its rule, its resource (type::name) and the property's path. Positions in lists are not part
of the path, and the findings of a key are counted: inserting a list element before another is no new finding, but one
more finding of the same key is.
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
    """The number of accepted findings of each key."""

    accepted: Mapping[Key, int]


def key_of(result: Result, finding: Finding) -> Key:
    """Return the key of a finding."""
    # Without a resource the path is enough: the name is that of a folder, which differs between machines.
    resource = f"{result.type}::{result.name}" if result.urn else ""
    return result.rule, resource, _POSITION.sub("[]", finding.path)


def of(stacks: Iterable[Iterable[Key]]) -> Baseline:
    """Return the baseline of some stacks' findings: for each key the largest number of one stack."""
    accepted: Counter[Key] = Counter()
    for keys in stacks:
        accepted |= Counter(keys)
    return Baseline(accepted)


def read(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        CommandError: the file does not exist, or is not a baseline.
    """
    remedy = f"Create one with `tierup check --write-baseline {path}`."
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise CommandError(
                f"--baseline: unsupported format (got {document['format']!r} in {path}, allowed {FORMAT}). {remedy}",
                ExitCode.SETTINGS,
            )
        return Baseline(
            Counter({(e["rule"], e["resource"], e["path"]): int(e.get("count", 1)) for e in document["accepted"]})
        )
    except FileNotFoundError as error:
        raise CommandError(f"--baseline: no such file (got {path}). {remedy}", ExitCode.SETTINGS) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"--baseline: not a baseline (got {path}). {remedy}", ExitCode.SETTINGS) from error


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline, sorted and one line for each key, so that a review shows the accepted findings."""
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
