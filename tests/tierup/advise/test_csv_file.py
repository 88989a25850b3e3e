"""Metrics from a CSV file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tierup.advise.csv_file import read_csv


def write(folder: Path, text: str) -> Path:
    file = folder / "metrics.csv"
    file.write_text(text)
    return file


def test_rows_become_samples_and_empty_cells_no_data(tmp_path: Path) -> None:
    file = write(tmp_path, "time,requests,p95_ms\n2026-11-01T10:00:00+01:00,5,\n2026-11-01 12:00,7,80.5\n")
    first, second = read_csv(file)
    assert first.time.astimezone(UTC) == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert first.values == {"requests": 5}
    assert (second.time, second.values) == (
        datetime(2026, 11, 1, 12, tzinfo=UTC),
        {"requests": 7, "p95_ms": 80.5},
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "wrong columns (got no columns). Allowed: time and any of requests, "),
        ("time\n", "wrong columns (got time)."),
        ("time,latency\n", "wrong columns (got the unknown latency)."),
        ("time,requests\nyesterday,1\n", "line 2: not a time (got yesterday)."),
        ("time,requests\n2026-11-01,many\n", "line 2: requests is not a number of 0 or more (got many)."),
        ("time,requests\n2026-11-01,-1\n", "line 2: requests is not a number of 0 or more (got -1)."),
    ],
)
def test_a_wrong_file_is_rejected_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"metrics\.csv") as raised:
        read_csv(write(tmp_path, text))
    assert message in str(raised.value)
