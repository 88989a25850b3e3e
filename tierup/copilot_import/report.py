"""What became of each field of a workspace: it maps, it differs, or it does not map."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class Outcome(enum.StrEnum):
    """What became of a field."""

    MAPPED = "maps"  # a setting or a default of the stack has the same effect
    DIFFERS = "differs"  # the stack does something similar; the note says what differs
    UNMAPPED = "does not map"  # nothing has its effect; the note says why, or what to do


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What became of one field of one file."""

    file: str
    """The path from the workspace's root."""
    line: int
    """The line, from 1."""
    field: str
    """The field's path in the manifest, such as `http.healthcheck.path`."""
    outcome: Outcome
    setting: str = ""
    """The setting that was written; empty if there is none."""
    note: str = ""

    def document(self) -> Mapping[str, Any]:
        """Return the finding for JSON."""
        return {
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "outcome": self.outcome.value,
            "setting": self.setting or None,
            "note": self.note or None,
        }

    def __str__(self) -> str:
        target = f" -> {self.setting}" if self.setting else ""
        note = f": {self.note}" if self.note else ""
        return f"{self.file}:{self.line} {self.field}{target}{note}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Placeholder:
    """A required setting that the workspace does not contain, and the value that was written instead."""

    setting: str
    value: str
    option: str
    """The option of the command that sets it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedStack:
    """The settings of one environment, and what became of its fields."""

    name: str
    config: Mapping[str, Any]
    """The settings by full key, as in Pulumi.<stack>.yaml."""
    findings: Sequence[Finding]
    placeholders: Sequence[Placeholder]

    def count(self, outcome: Outcome) -> int:
        """Return the number of findings with this outcome."""
        return sum(finding.outcome is outcome for finding in self.findings)


def merged(stacks: Iterable[ImportedStack]) -> Sequence[tuple[Finding, Sequence[str]]]:
    """Return each finding once, with the names of its stacks, by file and line."""
    names: dict[Finding, list[str]] = {}
    for stack in stacks:
        for finding in dict.fromkeys(stack.findings):
            names.setdefault(finding, []).append(stack.name)
    return sorted(names.items(), key=lambda item: (item[0].file, item[0].line, item[0].field))
