"""The check for a terminal, on which a user confirms what a command changes on real accounts."""

from __future__ import annotations

import sys

from tierup.cli.errors import usage_error


def check_terminal(command: str, *, alternative: str = "--sandbox to run in the sandbox") -> None:
    """Raise CommandError if there is no terminal on which the user could confirm a command on real accounts.

    `alternative` is what the user can add instead of --yes.
    """
    if not sys.stdin.isatty():
        raise usage_error(
            f"--yes: must be set for `tierup {command}` on real accounts (got no terminal for the confirmation). Add "
            f"--yes, or {alternative}."
        )
