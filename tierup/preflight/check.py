"""The types of preflight checks: status, finding, check and result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tierup.preflight.context import PreflightContext


class PreflightStatus(StrEnum):
    """What a check found."""

    PASS = "pass"  # noqa: S105 (not a password)
    WARN = "warn"  # `up` succeeds, but something should be changed
    FAIL = "fail"  # `up` fails, or the stack does not work
    UNKNOWN = "unknown"  # not determined: access denied, time-out, no network
    SKIPPED = "skipped"  # the stack does not need it


@dataclass(frozen=True, kw_only=True, slots=True)
class PreflightFinding:
    """One finding of a check, in one sentence."""

    status: PreflightStatus
    finding: str
    command: str = ""
    """The command or the step that corrects it."""


class CheckNotPossibleError(Exception):
    """The check cannot be made. The text is a sentence with the reason; `command` makes it possible."""

    def __init__(self, reason: str, command: str = "") -> None:
        super().__init__(reason)
        self.command = command


@dataclass(frozen=True, kw_only=True, slots=True)
class PreflightCheck:
    """One check."""

    name: str
    """Its name in reports and in the reference, such as `quotas`."""
    area: str
    """What it checks: AWS, Cloudflare, MongoDB Atlas, DNS or Pulumi."""
    description: str
    """What must hold, as one sentence for the reference."""
    run: Callable[[PreflightContext], Iterable[PreflightFinding]]
    needs_aws: bool = False
    """Whether it calls AWS, and so is skipped where the credentials are not valid."""
    timeout_seconds: float = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PreflightResult:
    """A finding with its check."""

    check: PreflightCheck
    finding: PreflightFinding

    @property
    def status(self) -> PreflightStatus:
        """The status of the finding."""
        return self.finding.status


def passed(finding: str) -> PreflightFinding:
    """Return a finding with the status pass."""
    return PreflightFinding(status=PreflightStatus.PASS, finding=finding)


def warned(finding: str, command: str) -> PreflightFinding:
    """Return a finding with the status warn."""
    return PreflightFinding(status=PreflightStatus.WARN, finding=finding, command=command)


def failed(finding: str, command: str) -> PreflightFinding:
    """Return a finding with the status fail."""
    return PreflightFinding(status=PreflightStatus.FAIL, finding=finding, command=command)


def unknown(finding: str, command: str = "") -> PreflightFinding:
    """Return a finding with the status unknown."""
    return PreflightFinding(status=PreflightStatus.UNKNOWN, finding=finding, command=command)


def skipped(finding: str) -> PreflightFinding:
    """Return a finding with the status skipped."""
    return PreflightFinding(status=PreflightStatus.SKIPPED, finding=finding)
