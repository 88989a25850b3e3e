"""Small programs as users of AWS, MongoDB Atlas and Cloudflare write them, run on the sandbox without an engine.

Each file of `accepted` is a program that the real clouds accept. Each file of `rejected` contains one mistake; its
first line states a part of the expected error.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..docstrings.examples import run_program

_FOLDER = Path(__file__).parent
ACCEPTED = sorted((_FOLDER / "accepted").glob("*.py"))
REJECTED = sorted((_FOLDER / "rejected").glob("*.py"))
_CASES = [path for path in ACCEPTED if re.match(r"[gr]\d+_", path.name)]


def _name(path: Path) -> str:
    return path.stem


def _rejection(path: Path) -> str:
    result = run_program(path.read_text())
    assert result.runs, result.reason
    return "" if result.accepted else result.reason


@pytest.mark.parametrize("path", _CASES, ids=_name)
def test_program_of_an_outside_case_is_accepted(path: Path) -> None:
    assert _rejection(path) == ""


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", [path for path in ACCEPTED if path not in _CASES], ids=_name)
def test_program_is_accepted(path: Path) -> None:
    assert _rejection(path) == ""


@pytest.mark.parametrize("path", REJECTED, ids=_name)
def test_program_with_a_mistake_is_rejected_with_the_reason(path: Path) -> None:
    heading, _, _ = path.read_text().partition("\n")
    expected = heading.removeprefix("# Rejected: ")
    assert expected != heading
    assert expected in _rejection(path)
