"""Runs the checks side by side, each with a time-out, and turns errors into findings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import botocore.exceptions

from tierup.preflight.aws_clients import permission_hint, sentence
from tierup.preflight.check import (
    CheckNotPossibleError,
    PreflightCheck,
    PreflightFinding,
    PreflightResult,
    PreflightStatus,
    skipped,
    unknown,
)
from tierup.preflight.context import PreflightContext

_PROGRESS_SECONDS: Final = 0.1

Progress = Callable[[Sequence[str], int], None]
"""Receives the names of the checks that run, and the number of those that are done."""


def run_checks(
    context: PreflightContext, checks: Sequence[PreflightCheck], progress: Progress = lambda _names, _done: None
) -> Sequence[PreflightResult]:
    """Run the checks, and return their findings in the checks' order.

    The check `aws-credentials` runs first: those that need AWS are skipped if it fails.
    """
    gates = [check for check in checks if check.name == "aws-credentials"]
    found = _side_by_side(context, gates, progress, 0)
    valid = all(finding.status is not PreflightStatus.FAIL for findings in found.values() for finding in findings)
    others = [check for check in checks if check not in gates]
    for check in others if not valid else ():
        if check.needs_aws:
            found[check.name] = [skipped("Needs valid AWS credentials.")]
    found |= _side_by_side(context, [check for check in others if check.name not in found], progress, len(found))
    return [PreflightResult(check=check, finding=finding) for check in checks for finding in found[check.name]]


def _side_by_side(
    context: PreflightContext, checks: Sequence[PreflightCheck], progress: Progress, done_before: int
) -> dict[str, Sequence[PreflightFinding]]:
    found: dict[str, Sequence[PreflightFinding]] = {}
    deadlines: dict[str, float] = {}
    for check in checks:
        deadlines[check.name] = time.monotonic() + check.timeout_seconds
        # A thread whose call hangs cannot be ended; as a daemon it does not keep the process.
        threading.Thread(target=_run_into, args=(found, context, check), daemon=True).start()
    while len(found) < len(checks):
        now = time.monotonic()
        for check in checks:
            if check.name not in found and now > deadlines[check.name]:
                found[check.name] = [unknown(f"The check did not end within {check.timeout_seconds:.0f} s.")]
        progress([check.name for check in checks if check.name not in found], done_before + len(found))
        time.sleep(_PROGRESS_SECONDS)
    return dict(found)


def _run_into(found: dict[str, Sequence[PreflightFinding]], context: PreflightContext, check: PreflightCheck) -> None:
    findings = findings_of(context, check)
    found.setdefault(check.name, findings)  # unless its time has run out


def findings_of(context: PreflightContext, check: PreflightCheck) -> Sequence[PreflightFinding]:
    """Run one check, and return its findings; an error becomes a finding after those before it."""
    findings: list[PreflightFinding] = []
    try:
        for finding in check.run(context):
            findings.append(finding)  # noqa: PERF402 (an error must not lose the findings before it)
    except CheckNotPossibleError as error:
        findings.append(unknown(str(error), error.command))
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        findings.append(unknown(sentence(error), permission_hint(error)))
    except Exception as error:  # one check must not end the others
        findings.append(unknown(f"The check failed (got {type(error).__name__}: {error})."))
    return findings or [skipped("The stack does not need it.")]
