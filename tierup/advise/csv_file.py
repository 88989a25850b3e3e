"""Reads metrics from a CSV file: a column `time` in ISO 8601, and a column for each known metric."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tierup.advise.metrics import METRICS, Sample


def read_csv(path: Path) -> Sequence[Sample]:
    """Return the rows of a file. An empty cell is no data. Raises ValueError with the line, and OSError."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        try:
            return list(_samples(path, csv.DictReader(file)))
        except (csv.Error, UnicodeDecodeError) as error:
            raise ValueError(f"{path}: not valid CSV (got {error}). Correct the file.") from error


def _samples(path: Path, rows: csv.DictReader[str]) -> Iterator[Sample]:
    columns = list(rows.fieldnames or ())
    unknown = sorted(set(columns) - {"time", *METRICS})
    if "time" not in columns or unknown or len(columns) < 2:
        got = f"the unknown {', '.join(unknown)}" if unknown else ", ".join(columns) or "no columns"
        raise ValueError(f"{path}: wrong columns (got {got}). Allowed: time and any of {', '.join(METRICS)}.")
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        values = {name: _number(where, name, text) for name in METRICS if (text := (row.get(name) or "").strip())}
        yield Sample(time=_time(where, row["time"] or ""), values=values)


def _number(where: str, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise ValueError(
            f"{where}: {name} is not a number of 0 or more (got {text}). Leave the cell empty without data."
        )
    return value


def _time(where: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"{where}: not a time (got {text}). Write ISO 8601, such as 2026-11-28T09:00:00Z.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
