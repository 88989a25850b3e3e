"""Documents are typed as they stand: each command is run, and every line it shows is looked for in what is printed."""

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
INSTEAD: Mapping[str, str] = {
    # The checkout that runs this is set up already.
    "make up": UP,
}
EDITS: Mapping[str, Mapping[str, str]] = {"3. Change to the next phase": {"phase": "optimization"}}
"""What a section tells the reader to change in Pulumi.dev.yaml."""

_SECTION = re.compile(r"^## (?P<title>[^\n]+)$|^```console\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = "--- the next command ---"
# What differs from run to run: times, process numbers, ports, and the random endings of names.
_VARIES = (
    (r" \([\d.]+ s\)", ""),
    (r"\b[\d.]+ s\b", "T s"),
    (r"process \d+", "process N"),
    (r"\b\w?[\da-fA-F]{5,}\b", "#"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One block of commands, and what the document shows below each."""

    section: str
    commands: Sequence[tuple[str, list[str]]]


def steps(document: str) -> Iterator[Step]:
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


def essence(line: str) -> str:
    """A line without what differs from run to run."""
    for pattern, instead in _VARIES:
        line = re.sub(pattern, instead, line)
    return " ".join(line.split())


def missing(shown: list[str], printed: str) -> list[str]:
    """Which of the shown lines were not printed, in whatever order: an engine works on many resources at a time.

    "…" stands for what was left out: lines, or a part of one. Without any nothing more may be printed.
    """
    lines = [essence(line) for line in printed.splitlines() if line.strip()]
    wanted = {line: _pattern(line) for line in shown if line.strip() not in ("", "…")}
    left = [line for line, pattern in wanted.items() if not any(map(pattern.fullmatch, lines))]
    if shown and "…" not in shown:
        unshown = [line for line in lines if not any(pattern.fullmatch(line) for pattern in wanted.values())]
        left += [f"(left out without a sign) {line}" for line in unshown]
    return left


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in essence(line).split("…")))


def test_a_line_that_is_not_printed_is_missed() -> None:
    assert missing(["a 1.5 s", "…"], "b\na 2.0 s\n") == []
    assert missing(["a", "…"], "b\n") == ["a"]
    assert missing(["a…"], "abc\n") == []
    assert missing(["a"], "a\nb\n") == ["(left out without a sign) b"]
    assert missing(["2 created"], "3 created") != []


@pytest.mark.parametrize(
    ("document", "stands"), [("tutorial/first-deployment-in-the-sandbox.md", False), ("how-to/change-sizes.md", True)]
)
def test_all_of_it_is_as_shown(tmp_path: Path, document: str, stands: bool) -> None:
    """`stands`: the reader has the dev stack, and types in the sandbox's shell."""
    typed = list(steps((CHECKOUT / "docs" / document).read_text(encoding="utf-8")))
    assert typed
    program = Program(tmp_path / "checkout")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "TIERUP_"))}
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}", "COLUMNS": "120"}

    def printed(*commands: str) -> list[str]:
        shell = ['eval "$(tierup sandbox env)"'] if stands else []
        ran = subprocess.run(
            ["bash", "-c", f"\necho '{_MARK}'\n".join([*shell, *commands])],
            cwd=program.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        return ran.stdout.split(_MARK)[len(shell) :]

    wrong: list[str] = []
    section = ""
    try:
        if stands:
            printed(UP)
        for step in typed:
            if step.section != section:
                section = step.section
                program.set(**EDITS.get(section, {}))
            commands = [INSTEAD.get(command, command) for command, _ in step.commands]
            for (command, shown), said in zip(step.commands, printed(*commands), strict=True):
                if left := missing(shown, said):
                    wrong.append(f"{section}: $ {command}\n  not printed: {left}\n  but:\n{said}")
    finally:
        program.close()
    assert not wrong, "\n".join(wrong)
