"""Runbook links: one file for all nodes of a kind, and only where somebody can open it."""

from __future__ import annotations

import pytest

from components.monitoring.runbook import check_runbooks, runbook_file, runbook_line


@pytest.mark.parametrize(
    ("alarm", "file"),
    [("cache-memory-12", "cache-memory.md"), ("service-cpu", "service-cpu.md"), ("p95", "p95.md")],
)
def test_a_number_at_the_end_names_a_node_not_a_runbook(alarm: str, file: str) -> None:
    assert runbook_file(alarm) == file


def test_the_line_is_a_link_of_its_own_or_nothing() -> None:
    assert runbook_line("https://host/r", "service-cpu") == "\nRunbook: https://host/r/service-cpu.md"
    assert runbook_line(None, "service-cpu") == ""


@pytest.mark.parametrize("folder", ["docs/runbooks", "http://host/r", "https://host/r/", "https://host/a b"])
def test_folders_that_no_mail_can_link_to_are_refused(folder: str) -> None:
    with pytest.raises(ValueError, match="give the https URL"):
        check_runbooks(folder)
