"""Turns errors of botocore into errors of a command."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import botocore.exceptions

from tierup.deployment.errors import CommandError, ExitCode
from tierup.preflight.aws_clients import is_invalid, permission_hint, sentence
from tierup.preflight.check import CheckNotPossibleError


def aws_error(error: Exception) -> CommandError:
    """Return the command error for an error of botocore."""
    code = ExitCode.CREDENTIALS if is_invalid(error) else ExitCode.FAILED
    return CommandError(f"AWS: {sentence(error)} {permission_hint(error)}".strip(), code)


@contextmanager
def aws_errors() -> Generator[None]:
    """Raise CommandError instead of an error of botocore."""
    try:
        yield
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        raise aws_error(error) from error
    except CheckNotPossibleError as error:
        raise CommandError(f"AWS: {error}") from error
