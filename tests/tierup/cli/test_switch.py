"""`tierup switch` refuses conflicting and invalid options before it opens the project."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from tierup.cli.app import app


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--resume", "--back"), "--back: not allowed together with --resume."),
        (("--resume", "--dry-run"), "--dry-run: not allowed together with --resume."),
        (("--back", "--until", "2"), "--until: not allowed together with --back (got 2)."),
        (("--back", "--tier", "large"), "--back: not allowed together with other settings (got tierup:tier)."),
        (("--set", "taskCpu"), "--set: not a key and a value (got 'taskCpu')."),
        (
            ("--set", "sentryDsn=x"),
            "--set: the value of a secret must not be given on the command line (got tierup:sentryDsn).",
        ),
    ],
)
def test_conflicting_and_invalid_options_exit_with_2(arguments: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(app, ["switch", "--stack", "dev", "--sandbox", *arguments])
    assert result.exit_code == 2
    assert message in result.stderr
