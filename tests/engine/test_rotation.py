"""`tierup rotate` on the real engine: no flow is interrupted, and the old credential is rejected afterwards."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.engine.program import Program

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]


@pytest.fixture
def program(tmp_path: Path) -> Generator[Program]:
    made = Program(tmp_path / "checkout")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("credential", "settings"),
    [
        ("database", {}),
        ("cache", {}),
        ("cache", {"cacheAuth": "users"}),
        ("origin-key", {}),
    ],
)
def test_a_rotation_interrupts_no_flow(program: Program, credential: str, settings: dict[str, str]) -> None:
    program.set(phase="scale", tier="small", **settings)
    assert program.run("up").code == 0
    before = program.kept()
    rotated = program.run("rotate", credential)
    assert rotated.code == 0, rotated.stderr
    assert [each["number"] for each in rotated.document["ran"]] == [1, 2, 3]
    for step in rotated.document["ran"]:
        assert step["traffic"]["interruptions"] == [], json.dumps(step["traffic"]["interruptions"], indent=1)
    assert before
    after = program.kept()
    assert {urn: after[urn].id for urn in before if urn in after} == {urn: each.id for urn, each in before.items()}
    assert program.run("preview", "--expect-no-changes").code == 0
