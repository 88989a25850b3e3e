"""Runbook links: file names, the description's line and the folder's URL."""

from __future__ import annotations

import pytest

from components.monitoring.runbook import check_runbooks, runbook_file, runbook_line


@pytest.mark.parametrize(
    ("alarm", "file"),
    [("cache-memory-12", "cache-memory.md"), ("service-cpu", "service-cpu.md"), ("p95", "p95.md")],
)
def test_runbook_file_omits_the_final_number(alarm: str, file: str) -> None:
    assert runbook_file(alarm) == file


def test_runbook_line_is_empty_without_a_folder() -> None:
    assert runbook_line("https://host/r", "service-cpu") == "\nRunbook: https://host/r/service-cpu.md"
    assert runbook_line(None, "service-cpu") == ""


@pytest.mark.parametrize("folder", ["docs/runbooks", "http://host/r", "https://host/r/", "https://host/a b"])
def test_invalid_folder_is_rejected(folder: str) -> None:
    with pytest.raises(ValueError, match=r"^runbooks: .*Give an https URL"):
        check_runbooks(folder)
