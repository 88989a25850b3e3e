"""What is wrong with a stack's settings, and the error that tells all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigError:
    """What is wrong with one key, and the command that mends it."""

    key: str
    problem: str
    remedy: str


class InvalidConfigError(pulumi.RunError):
    """A stack's configuration cannot be used. Its text lists every fault; Pulumi prints it without a traceback."""

    def __init__(self, stack: str, errors: Iterable[ConfigError]) -> None:
        self.errors = tuple(errors)
        count = "one setting" if len(self.errors) == 1 else f"{len(self.errors)} settings"
        lines = [f"{count} of stack '{stack}' cannot be used, nothing was changed:"]
        lines += [f"  {error.key} {error.problem}\n      {error.remedy}" for error in self.errors]
        super().__init__("\n".join(lines))
