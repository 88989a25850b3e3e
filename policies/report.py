"""The report of a run of the pack: every result, with its findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .rule import Finding, Level, Outcome

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Result:
    """One rule's verdict on one resource. `urn` is empty for the project's files, and for a rule without a subject.

    `exception` is the text of the reviewed exception that covers it; a FAIL then counts as SUPPRESSED.
    """

    rule: str
    urn: str
    type: str
    name: str
    outcome: Outcome
    level: Level
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    exception: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All results on one stack. `basis` says what was evaluated: a "preview", an "update" or a saved "state"."""

    project: str
    stack: str
    basis: str
    results: tuple[Result, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as a JSON document."""
        return {
            "format": FORMAT,
            "project": self.project,
            "stack": self.stack,
            "basis": self.basis,
            "results": [_without_empty(asdict(result)) for result in self.results],
        }

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> Report:
        """Return the report in a document of `to_json`. Raises ValueError for another format."""
        if document.get("format") != FORMAT:
            raise ValueError(
                f"format: not a format that this version reads (got {document.get('format')!r}). Allowed is {FORMAT}."
            )
        return Report(
            document["project"],
            document["stack"],
            document["basis"],
            tuple(_result(j) for j in document["results"]),
        )

    def write(self, path: Path) -> None:
        """Write the report to a file, atomically."""
        half = path.with_name(f"{path.name}.half")
        half.write_text(json.dumps(self.to_json()), encoding="utf-8")
        half.replace(path)

    def failures(self, levels: Iterable[Level] = (Level.MANDATORY, Level.REMEDIATE)) -> tuple[Result, ...]:
        """Return the results that fail at one of these levels."""
        chosen = tuple(levels)
        return tuple(each for each in self.results if each.outcome is Outcome.FAIL and each.level in chosen)


def _result(document: Mapping[str, Any]) -> Result:
    fields: dict[str, Any] = {
        **document,
        "outcome": Outcome(document["outcome"]),
        "level": Level(document["level"]),
        "findings": tuple(Finding(**finding) for finding in document.get("findings", ())),
    }
    return Result(**fields)


def _without_empty(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if value or key in ("urn", "type", "name")}
