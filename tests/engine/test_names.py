"""The longest and the shortest names that Pulumi allows for project and stack, and two stacks in one account."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.program import Program

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

LONGEST = 100
"""Maximum characters of a project name, and of a stack name.
https://www.pulumi.com/docs/iac/concepts/projects/project-file/ and .../concepts/stacks/ (from memory)."""


@pytest.mark.parametrize(
    ("project", "stack"), [("p" * LONGEST, "s" * LONGEST), ("p", "s")], ids=["longest", "shortest"]
)
def test_a_stack_of_any_name_deploys(tmp_path: Path, project: str, stack: str) -> None:
    program = Program(tmp_path / "checkout", stack=stack, project=project)
    program.set(phase="enterprise", tier="medium", protect=False)
    try:
        up = program.run("up")
        assert up.code == 0, f"{up.document.get('diagnostics')}\n{up.stderr}"
        assert program.run("preview", "--expect-no-changes").code == 0
    finally:
        program.close()


def test_two_stacks_deploy_in_one_account(tmp_path: Path) -> None:
    program = Program(tmp_path / "checkout")
    program.set(phase="scale", tier="small", cacheAuth="users")
    try:
        assert program.run("up").code == 0
        first = len(program.resources())
        program.stack = "two"
        program.set(domain="two.example.com", protect=False)
        up = program.run("up")
        assert up.code == 0, f"{up.document.get('diagnostics')}\n{up.stderr}"
        assert len(program.resources()) == 2 * first
    finally:
        program.close()
