"""Every alarm has its runbook, and every runbook its alarm. Found in the source, so that no row is forgotten here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from components.monitoring.burn_rate_alarms import BURN_RATES
from components.monitoring.runbook import runbook_file
from components.monitoring.uptime_check import RUNBOOK as UPTIME

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "runbooks"


def names_of_rows() -> set[str]:
    """Keys of the dictionaries of alarms in stacks/: whatever stands before a call that makes an Alarm."""
    trees = [ast.parse(file.read_text()) for file in sorted((ROOT / "stacks").rglob("*.py"))]
    makers = {"Alarm"} | {
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.returns is not None and ast.unparse(node.returns) == "Alarm"
    }
    return {
        _text(key)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None and isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in makers
    }


def _text(key: ast.expr) -> str:
    """What the key reads at run time, with 1 for a number of a node."""
    if isinstance(key, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in key.values)
    assert isinstance(key, ast.Constant), f"the name of an alarm is {ast.unparse(key)}; write it out"
    return str(key.value)


ALARMS = sorted({*names_of_rows(), *BURN_RATES, UPTIME})


def test_rows_are_found() -> None:
    assert {"no-running-task", "cache-memory-1", "api-blocked-requests", "backup-failed"} <= set(ALARMS)


@pytest.mark.parametrize("alarm", ALARMS)
def test_each_alarm_has_a_runbook_with_the_three_sections(alarm: str) -> None:
    text = (FOLDER / runbook_file(alarm)).read_text()

    assert [line for line in text.splitlines() if line.startswith("#") and not line.startswith("# ")] == [
        "## What it means",
        "## Check",
        "## Fix",
    ]
    assert text.startswith(f"# {runbook_file(alarm).removesuffix('.md')}\n")
    assert len(text.splitlines()) <= 40, "it is read in the middle of the night"


def test_no_runbook_is_left_of_an_alarm_that_is_gone() -> None:
    assert {file.name for file in FOLDER.glob("*.md")} == {"README.md", *map(runbook_file, ALARMS)}


def test_the_list_of_runbooks_is_whole_and_no_link_is_dead() -> None:
    for file in FOLDER.glob("*.md"):
        for target in re.findall(r"\]\(([^)]+)\)", file.read_text()):
            assert (FOLDER / target).is_file(), f"{file.name} links to {target}"
    listed = set(re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", (FOLDER / "README.md").read_text(), re.MULTILINE))
    assert listed == set(map(runbook_file, ALARMS))
