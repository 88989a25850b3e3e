"""The table of docs/reference/copilot-fields.md: what becomes of each field of a Copilot manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tierup.copilot_import.draft import Kind
from tierup.copilot_import.fields import ENVIRONMENT_FIELDS, FIELDS, PIPELINE_FIELDS, ManifestField

from .markdown import table


def fields() -> str:
    """Return one table for each file, in which a service's type has only the rows that no earlier type has."""
    sections: Mapping[str, Sequence[ManifestField]] = {
        **{kind.value: FIELDS[kind] for kind in Kind},
        "Environment": ENVIRONMENT_FIELDS,
        "Pipeline": PIPELINE_FIELDS,
    }
    known: set[ManifestField] = set()
    parts: list[str] = []
    for title, rows in sections.items():
        own = [row for row in rows if row not in known]
        shared = len(own) < len(rows) and title not in ("Environment", "Pipeline")
        known |= {row for row in rows if title not in ("Environment", "Pipeline")}
        before = "The other fields are those of the types above.\n\n" if shared else ""
        cells = [(f"`{row.path}`", row.outcome.value, _setting(row), _note(row)) for row in own]
        body = table(("field", "result", "setting", "note"), cells) if cells else ""
        parts.append(f"## {title}\n\n{before}{body}".rstrip())
    return "\n\n".join(parts)


def _setting(row: ManifestField) -> str:
    if not row.setting:
        return ""
    return f"`{row.setting}`" if row.setting.startswith("<") else f"`tierup:{row.setting}`"


def _note(row: ManifestField) -> str:
    return row.note.replace("<container>.", "*container*.")
