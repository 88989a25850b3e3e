"""How commands report errors: one line on stderr, a document on stdout with --json, and an exit code."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from tierup.deployment.errors import CommandError


@contextmanager
def handle_errors(*, as_json: bool) -> Generator[None]:
    """Turn an error of the command into its message and its exit code, without a traceback."""
    from tierup.deployment.errors import CommandError, ExitCode, command_error_of

    try:
        yield
    except CommandError as error:
        _exit_with(error, as_json=as_json)
    except OSError as error:
        _exit_with(command_error_of(error), as_json=as_json)
    except KeyboardInterrupt:
        _exit_with(CommandError("Interrupted.", ExitCode.INTERRUPTED), as_json=as_json)


def _exit_with(error: CommandError, *, as_json: bool) -> NoReturn:
    if as_json:
        document = {"result": error.code.name.lower(), "exit_code": int(error.code), "error": error.message}
        print(json.dumps(document, indent=2))
    typer.echo(error.message, err=True)
    raise typer.Exit(int(error.code))


def usage_error(message: str) -> CommandError:
    """Return the error for a wrong option or setting, whose exit code is 2."""
    from tierup.deployment.errors import CommandError, ExitCode

    return CommandError(message, ExitCode.SETTINGS)
