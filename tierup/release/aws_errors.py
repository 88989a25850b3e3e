"""Turns errors of botocore into errors of a command."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import botocore.exceptions

from tierup.deployment.errors import CommandError
from tierup.preflight.aws_clients import aws_error
from tierup.preflight.check import CheckNotPossibleError


@contextmanager
def aws_errors() -> Generator[None]:
    """Raise CommandError instead of an error of botocore."""
    try:
        yield
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        raise aws_error("AWS", error) from error
    except CheckNotPossibleError as error:
        raise CommandError(f"AWS: {error}") from error
