"""The evidence that a run of the pack leaves: every judgement, with what was found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .rule import Finding, Level, Outcome

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule's verdict on one resource. `urn` is empty for the project's files, and for a rule without a subject.

    `exception` is the reviewed exception that covers it, in words: then a FAIL counts as SUPPRESSED.
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
    """All judgements on one stack. `basis` says what was judged: a "preview", an "update" or a saved "state"."""

    project: str
    stack: str
    basis: str
    judgements: tuple[Judgement, ...]

    def to_json(self) -> dict[str, Any]:
        """As written to a file."""
        return {
            "format": FORMAT,
            "project": self.project,
            "stack": self.stack,
            "basis": self.basis,
            "judgements": [_without_empty(asdict(judgement)) for judgement in self.judgements],
        }

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> Report:
        """Reads what `to_json` gave. Raises ValueError when it is of another format."""
        if document.get("format") != FORMAT:
            raise ValueError(f"a report of format {document.get('format')!r}, wanted {FORMAT}")
        return Report(
            document["project"],
            document["stack"],
            document["basis"],
            tuple(_judgement(j) for j in document["judgements"]),
        )

    def write(self, path: Path) -> None:
        """Writes it whole, or not at all."""
        half = path.with_name(f"{path.name}.half")
        half.write_text(json.dumps(self.to_json()), encoding="utf-8")
        half.replace(path)

    def failures(self, levels: Iterable[Level] = (Level.MANDATORY, Level.REMEDIATE)) -> tuple[Judgement, ...]:
        """What fails at one of these levels."""
        chosen = tuple(levels)
        return tuple(each for each in self.judgements if each.outcome is Outcome.FAIL and each.level in chosen)


def _judgement(document: Mapping[str, Any]) -> Judgement:
    fields: dict[str, Any] = {
        **document,
        "outcome": Outcome(document["outcome"]),
        "level": Level(document["level"]),
        "findings": tuple(Finding(**finding) for finding in document.get("findings", ())),
    }
    return Judgement(**fields)


def _without_empty(judgement: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in judgement.items() if value or key in ("urn", "type", "name")}
