"""How a command ends when it does not end well: one sentence and an exit code."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell gets. Documented in `tierup --help`."""

    OK = 0
    FAILED = 1  # the engine or a cloud refused something
    SETTINGS = 2  # wrong options, settings, project or stack: nothing was touched
    POLICY = 3  # a mandatory policy is violated
    ENGINE = 4  # no Pulumi CLI, or the sandbox does not start
    CREDENTIALS = 5  # no credentials for a real cloud
    LOCKED = 6  # another run works on the stack
    CHANGES = 7  # --expect-no-changes, and there are changes
    INTERRUPTED = 130  # stopped by Ctrl-C or SIGTERM


class Failure(Exception):  # noqa: N818 (how a command ends; mostly no error of ours)
    """The command can't go on. `sentence` says what is wrong, where, and what to do."""

    sentence: str
    code: ExitCode

    def __init__(self, sentence: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)


def failure_of(error: OSError) -> Failure:
    """The sentence for what the operating system refused."""
    place = error.filename2 or error.filename
    where = f" in {place}" if place else ""
    if error.errno in _NO_SPACE:
        return Failure(
            f"There is no space left on the disk{where}: free some and run this again; what was there is intact."
        )
    if error.errno in _NOT_WRITABLE:
        return Failure(
            f"This user may not write{where} ({error.strerror}): change its permissions, or set TIERUP_HOME to a "
            "folder that can be written."
        )
    return Failure(f"{error.strerror or error}{': ' + str(place) if place else ''}.")
