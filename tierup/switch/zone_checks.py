"""The preflight checks of the DNS zones and their certificates, before a step of a change of the CDN."""

from __future__ import annotations

from typing import Final

from rich.console import Console

from tierup.counting import counted
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.preflight import aws_account, cloudflare_zone, domain, names, report
from tierup.preflight.check import PreflightCheck
from tierup.preflight.context import PreflightContext
from tierup.preflight.runner import run_checks
from tierup.preflight.stack_plan import plan_with
from tierup.switch.config_values import Config

CHECKS: Final[tuple[PreflightCheck, ...]] = (
    *(each for each in aws_account.CHECKS if each.name == "aws-credentials"),
    *domain.CHECKS,
    *(each for each in names.CHECKS if each.name in ("records", "aliases")),
    *cloudflare_zone.CHECKS,
)
"""The checks of what a change of the CDN needs, in the order of the report."""


def check_zones(project: Project, stack: str, config: Config, console: Console) -> None:
    """Make the checks with the settings after a step, and print what needs attention.

    Raises:
        CommandError: a check failed, or the program rejects the settings.
    """
    plan = plan_with(project, stack, {**project.settings(stack), "config": config})
    console.print("Checking the DNS zones.", highlight=False)
    failures = report.print_problems(console, run_checks(PreflightContext(plan), CHECKS))
    if failures:
        raise CommandError(
            f"Preflight: {counted(failures, 'check')} of the DNS zones failed; the step was not begun. Correct the "
            "accounts.",
            ExitCode.PREFLIGHT,
        )
