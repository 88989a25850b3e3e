"""What is wrong with a stack's settings, and the error that tells all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong with one key, and the command that mends it."""

    key: str
    problem: str
    remedy: str


class SettingsError(pulumi.RunError):
    """A stack's configuration cannot be used. Its text lists every fault; Pulumi prints it without a traceback."""

    def __init__(self, stack: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = "one setting" if len(self.faults) == 1 else f"{len(self.faults)} settings"
        lines = [f"{count} of stack '{stack}' cannot be used, nothing was changed:"]
        lines += [f"  {fault.key} {fault.problem}\n      {fault.remedy}" for fault in self.faults]
        super().__init__("\n".join(lines))
