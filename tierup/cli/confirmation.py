"""The confirmation of commands that change real accounts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tierup.cli.errors import usage_error

if TYPE_CHECKING:
    from tierup.deployment.errors import CommandError


def check_terminal(command: str, *, alternative: str = "--sandbox to run in the sandbox") -> None:
    """Raise CommandError if there is no terminal on which the user could confirm a command on real accounts.

    `alternative` is what the user can add instead of --yes.
    """
    if not sys.stdin.isatty():
        raise usage_error(
            f"--yes: must be set for `tierup {command}` on real accounts (got no terminal for the confirmation). Add "
            f"--yes, or {alternative}."
        )


def cancelled() -> CommandError:
    """Return the error for a command that the user did not confirm."""
    from tierup.deployment.errors import CommandError, ExitCode

    return CommandError("Cancelled; nothing was changed.", ExitCode.INTERRUPTED)
