"""How a command ends with an error: one message and an exit code."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of `tierup`, documented in `tierup --help`."""

    OK = 0
    FAILED = 1  # the engine or a cloud reported an error
    SETTINGS = 2  # wrong options, settings, project or stack; nothing was changed
    POLICY = 3  # a mandatory policy is violated
    ENGINE = 4  # no Pulumi CLI, or the sandbox does not start
    CREDENTIALS = 5  # no credentials for a real cloud
    LOCKED = 6  # another run holds the stack
    CHANGES = 7  # --expect-no-changes, and there are changes
    PREFLIGHT = 8  # a preflight check failed; nothing was changed
    INTERRUPTED = 130  # stopped by Ctrl-C or SIGTERM


class CommandError(Exception):
    """The command cannot continue. `message` says what is wrong, where, and what to do."""

    message: str
    code: ExitCode

    def __init__(self, message: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)


def command_error_of(error: OSError) -> CommandError:
    """Return the command error for an error of the operating system."""
    path = error.filename2 or error.filename
    where = f"{path}: " if path else ""
    if error.errno in _NO_SPACE:
        return CommandError(
            f"{where}no space left on the disk. Free some space and run the command again; existing files are intact."
        )
    if error.errno in _NOT_WRITABLE:
        return CommandError(
            f"{where}this user may not write here (got {error.strerror}). Change the permissions, or set TIERUP_HOME "
            "to a writable folder."
        )
    return CommandError(f"{where}{error.strerror or error}.")
