"""The errors of a stack's configuration: one value for each setting, and one exception that reports all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigError:
    """What is wrong with one setting, and the command that corrects it."""

    key: str  # with its namespace: "tierup:phase"
    problem: str  # what is wrong, without the value
    expected: str  # a sentence on what is allowed or what to do, without its full stop
    command: str  # "pulumi config set ..."
    got: str | None = None  # the value; None where it is absent, a secret or named in `problem`

    def __str__(self) -> str:
        got = "" if self.got is None else f" (got {self.got})"
        end = "" if self.expected.endswith("?") else "."
        return f"{self.key}: {self.problem}{got}. {self.expected}{end}"


def setting_error(key: str, problem: str, expected: str, command: str, *, got: object = None) -> ConfigError:
    """Return the error of a setting of the namespace `tierup`."""
    return ConfigError(
        key=f"tierup:{key}",
        problem=problem,
        got=None if got is None else str(got),
        expected=expected,
        command=command,
    )


class InvalidConfigError(pulumi.RunError):
    """A stack's configuration cannot be used. The message lists every error; Pulumi prints it without a traceback."""

    def __init__(self, stack: str, errors: Iterable[ConfigError]) -> None:
        self.errors = tuple(errors)
        count = "1 setting is" if len(self.errors) == 1 else f"{len(self.errors)} settings are"
        lines = [f"{count} not valid in stack '{stack}'. Nothing was changed."]
        lines += [f"  {error}\n      {error.command}" for error in self.errors]
        super().__init__("\n".join(lines))
