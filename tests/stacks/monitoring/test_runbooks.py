"""Every alarm has a runbook, and every runbook an alarm. The alarms are found in the source of stacks/."""

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


def alarm_names() -> set[str]:
    """Return the keys in dictionaries of stacks/ whose value is a call of Alarm or of a function that returns one."""
    trees = _parsed("stacks")
    components = _parsed("components")
    factories = {"Alarm"} | {
        node.name
        for tree in (*trees, *components)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.returns is not None and ast.unparse(node.returns) == "Alarm"
    }
    return {
        _text(key)
        for tree in trees
        for node in ast.walk(tree)
        for key, value in _entries(node)
        if key is not None and isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in factories
    }


def _parsed(folder: str) -> list[ast.Module]:
    """Return the files that mention an alarm. Each worker reads them before the first test."""
    texts = (file.read_text() for file in sorted((ROOT / folder).rglob("*.py")))
    return [ast.parse(text) for text in texts if "alarm" in text.lower()]


def _entries(node: ast.AST) -> list[tuple[ast.expr | None, ast.expr]]:
    """Return the keys and values of a dictionary or of its comprehension."""
    if isinstance(node, ast.DictComp):
        return [(node.key, node.value)]
    return list(zip(node.keys, node.values, strict=True)) if isinstance(node, ast.Dict) else []


def _text(key: ast.expr) -> str:
    """Return the text of a key at run time, with 1 as the number of a node."""
    if isinstance(key, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in key.values)
    assert isinstance(key, ast.Constant), f"{ast.unparse(key)}: the name of an alarm must be a literal"
    return str(key.value)


ALARMS = sorted({*alarm_names(), *BURN_RATES, UPTIME})


def test_alarms_are_found_in_the_source() -> None:
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
    assert len(text.splitlines()) <= 40, "a person reads a runbook during an incident"


def test_every_runbook_belongs_to_an_alarm() -> None:
    assert {file.name for file in FOLDER.glob("*.md")} == {"README.md", *map(runbook_file, ALARMS)}


def test_readme_lists_all_runbooks() -> None:
    listed = set(re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", (FOLDER / "README.md").read_text(), re.MULTILINE))
    assert listed == set(map(runbook_file, ALARMS))


def test_links_in_runbooks_lead_to_files() -> None:
    links = {
        (file.name, target) for file in FOLDER.glob("*.md") for target in re.findall(r"\]\(([^)]+)\)", file.read_text())
    }
    assert len(links) >= len(ALARMS)
    assert [link for link in sorted(links) if not (FOLDER / link[1]).is_file()] == []
