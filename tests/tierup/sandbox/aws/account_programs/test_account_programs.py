"""Programs that AWS refuses at their last step, and unusual ones that it accepts, each on one line of a JSON file.

A refusal is by a rule of the provider or of the API that looks at several resources, or at one in its account. A step
that is a text is a part of `parts.json`, a list of steps that many programs share. The first element of a wrong program
is a part of the expected error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tierup.sandbox import provider

from .steps import Program, Run

_FOLDER = Path(__file__).parent


def _rows(name: str) -> dict[str, list[Any]]:
    return json.loads((_FOLDER / f"{name}.json").read_text())


_PARTS = _rows("parts")


def _steps(program: list[Any]) -> Iterator[tuple[Any, ...]]:
    for step in program:
        yield from map(tuple, _PARTS[step] if isinstance(step, str) else [step])


_WRONG = [pytest.param(reason, tuple(_steps(steps)), id=name) for name, (reason, *steps) in _rows("wrong").items()]
_RIGHT = [pytest.param(tuple(_steps(steps)), id=name) for name, steps in _rows("right").items()]


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeat no call that the real provider retries: nothing else happens in these accounts."""
    monkeypatch.setattr(provider, "_RETRY_SECONDS", 0.0)


@pytest.mark.parametrize(("reason", "program"), _WRONG)
def test_last_step_of_a_wrong_program_is_refused(reason: str, program: Program) -> None:
    succeeded, error = Run().run(program)
    assert succeeded == len(program) - 1, error
    assert reason in error


@pytest.mark.parametrize("program", _RIGHT)
def test_right_program_is_accepted(program: Program) -> None:
    assert Run().run(program) == (len(program), "")
