"""Run every command of the documents, and compare its output with what the document shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.program import CHECKOUT, Program

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

UP = "tierup up --stack dev --sandbox --wait 600"
SUBSTITUTES: Mapping[str, str] = {
    # `make up` sets up the checkout first, which the checkout of this test does not need.
    "make up": UP,
}
EDITS: Mapping[str, Mapping[str, str]] = {"3. Change to the next phase": {"phase": "optimization"}}
"""The changes of Pulumi.dev.yaml that a section of the document requires."""

_SECTION = re.compile(r"^## (?P<title>[^\n]+)$|^```console\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = "--- the next command ---"
# Patterns of text that differs between runs: times, process ids, ports and random suffixes of names.
_VARIABLE_TEXT = (
    (r" \([\d.]+ s\)", ""),
    (r"\b[\d.]+ s\b", "T s"),
    (r"process \d+", "process N"),
    (r"\b\w?[\da-fA-F]{5,}\b", "#"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One block of commands, with the output that the document shows below each."""

    section: str
    commands: Sequence[tuple[str, list[str]]]


def steps(document: str) -> Iterator[Step]:
    """Return the blocks of commands in a document, in order."""
    section = ""
    for found in _SECTION.finditer(document):
        section = found["title"] or section
        if not found["block"]:
            continue
        commands: list[tuple[str, list[str]]] = []
        for line in found["block"].splitlines():
            if line.startswith("$ "):
                commands.append((line.removeprefix("$ "), []))
            else:
                commands[-1][1].append(line)
        yield Step(section, commands)


def normalized(line: str) -> str:
    """Return a line without the text that differs between runs."""
    for pattern, substitute in _VARIABLE_TEXT:
        line = re.sub(pattern, substitute, line)
    return " ".join(line.split())


def differences(shown: list[str], printed: str) -> list[str]:
    """Return the shown lines that were not printed, in any order, as the engine works on resources in parallel.

    "…" marks an omission: of lines, or within a line. If no line of `shown` is "…", printed lines that the document
    does not show are differences, too.
    """
    lines = [normalized(line) for line in printed.splitlines() if line.strip()]
    expected = {line: _pattern(line) for line in shown if line.strip() not in ("", "…")}
    different = [line for line, pattern in expected.items() if not any(map(pattern.fullmatch, lines))]
    if shown and "…" not in shown:
        unshown = [line for line in lines if not any(pattern.fullmatch(line) for pattern in expected.values())]
        different += [f"(not shown in the document) {line}" for line in unshown]
    return different


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in normalized(line).split("…")))


def test_differences_finds_lines_that_are_missing_or_not_shown() -> None:
    assert differences(["a 1.5 s", "…"], "b\na 2.0 s\n") == []
    assert differences(["a", "…"], "b\n") == ["a"]
    assert differences(["a…"], "abc\n") == []
    assert differences(["a"], "a\nb\n") == ["(not shown in the document) b"]
    assert differences(["2 created"], "3 created") != []


@pytest.mark.parametrize(
    ("document", "deployed"),
    [
        ("tutorial/first-deployment-in-the-sandbox.md", False),
        ("tutorial/from-small-to-large.md", False),
        ("tutorial/release-an-application.md", False),
        ("how-to/change-sizes.md", True),
    ],
)
def test_commands_print_what_the_document_shows(tmp_path: Path, document: str, deployed: bool) -> None:
    """With `deployed`, the dev stack exists before the first command, and the shell has the sandbox's environment."""
    blocks = list(steps((CHECKOUT / "docs" / document).read_text(encoding="utf-8")))
    assert blocks
    program = Program(tmp_path / "checkout", fargate_vcpus=None)  # the quotas of a reader's sandbox
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "TIERUP_"))}
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}", "COLUMNS": "120"}

    def printed(*commands: str) -> list[str]:
        shell = ['eval "$(tierup sandbox env)"'] if deployed else []
        result = subprocess.run(
            ["bash", "-c", f"\necho '{_MARK}'\n".join([*shell, *commands])],
            cwd=program.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        return result.stdout.split(_MARK)[len(shell) :]

    failures: list[str] = []
    section = ""
    try:
        if deployed:
            printed(UP)
        for step in blocks:
            if step.section != section:
                section = step.section
                # `tierup switch` writes the settings file, so it is written here for an edit only.
                if section in EDITS:
                    program.set(**EDITS[section])
            commands = [SUBSTITUTES.get(command, command) for command, _ in step.commands]
            for (command, shown), output in zip(step.commands, printed(*commands), strict=True):
                if different := differences(shown, output):
                    failures.append(f"{section}: $ {command}\n  differences: {different}\n  output:\n{output}")
    finally:
        program.close()
    assert not failures, "\n".join(failures)
