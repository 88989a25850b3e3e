"""The runner: time-outs, errors of a check, and the gate of the credentials."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, cast

from tierup.preflight.check import (
    CheckNotPossibleError,
    PreflightCheck,
    PreflightFinding,
    PreflightStatus,
    failed,
    passed,
)
from tierup.preflight.context import PreflightContext
from tierup.preflight.runner import run_checks

CONTEXT = cast("PreflightContext", None)


def check(name: str, run: Any, **options: Any) -> PreflightCheck:
    """Return a check of this function."""
    return PreflightCheck(name=name, area="AWS", description="", run=run, **options)


def passing(_context: PreflightContext) -> Iterator[PreflightFinding]:
    yield passed("It is right.")


def test_a_check_that_hangs_is_unknown_and_does_not_stop_the_others() -> None:
    release = threading.Event()

    def hanging(_context: PreflightContext) -> Iterator[PreflightFinding]:
        release.wait(30)
        yield passed("Too late.")

    slow, quick = run_checks(CONTEXT, [check("slow", hanging, timeout_seconds=0.3), check("quick", passing)])
    release.set()
    assert slow.status is PreflightStatus.UNKNOWN
    assert slow.finding.finding == "The check did not end within 0 s."
    assert quick.status is PreflightStatus.PASS


def test_an_error_keeps_the_findings_before_it() -> None:
    def breaking(_context: PreflightContext) -> Iterator[PreflightFinding]:
        yield failed("One.", "correct it")
        raise CheckNotPossibleError("The rest could not be checked.", "log in")

    first, second = run_checks(CONTEXT, [check("breaking", breaking)])
    assert (first.status, second.status) == (PreflightStatus.FAIL, PreflightStatus.UNKNOWN)
    assert second.finding.command == "log in"


def test_an_unexpected_error_is_unknown() -> None:
    def breaking(_context: PreflightContext) -> Iterator[PreflightFinding]:
        raise KeyError("Zone")
        yield

    (result,) = run_checks(CONTEXT, [check("breaking", breaking)])
    assert result.finding.finding == "The check failed (got KeyError: 'Zone')."


def test_checks_of_aws_are_skipped_without_valid_credentials() -> None:
    def rejected(_context: PreflightContext) -> Iterator[PreflightFinding]:
        yield failed("The credentials are not valid.", "aws sso login")

    checks = [check("aws-credentials", rejected), check("zones", passing, needs_aws=True), check("backend", passing)]
    assert [result.status for result in run_checks(CONTEXT, checks)] == [
        PreflightStatus.FAIL,
        PreflightStatus.SKIPPED,
        PreflightStatus.PASS,
    ]
