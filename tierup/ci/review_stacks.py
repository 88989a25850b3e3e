"""Review stacks: a stack for each pull request, with its own host names, an expiry and a limit of its cost.

The settings are those of a base stack, such as dev, with other host names; they follow from the number of the pull
request, so that nothing needs to be committed. The stack's tag `tierup:expires` contains the end of its life.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, cast

from tierup.deployment.engine_process import run_engine_command
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace

EXPIRES: Final = "tierup:expires"
"""The stack's tag with the time, in ISO 8601, from which `tierup review sweep` destroys it."""

_NAME: Final = re.compile(r"(?:.+/)?pr-(\d+)")
_OF_ONE_STACK: Final = ("tierup:apiDomain", "tierup:certificateArn", "tierup:edgeCertificateArn")
_STANDBY: Final = ("tierup:cdnStandby", "tierup:cloudflare")
"""The beginnings of the settings of a standby CDN, while the base stack changes to Cloudflare."""
_FIRST_PRIORITY, _PRIORITIES = 1000, 20_000  # of listener rules; each stack uses two


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewStack:
    """A review stack that exists."""

    name: str
    pull_request: int
    expires: datetime | None

    def is_expired(self, now: datetime) -> bool:
        """Return whether its life has ended. A stack without an end was left by a killed run, and has ended."""
        return self.expires is None or self.expires <= now


def review_name(pull_request: int) -> str:
    """Return the name of the stack of a pull request."""
    return f"pr-{pull_request}"


def review_settings(base: Mapping[str, Any], pull_request: int) -> dict[str, Any]:
    """Return the content of the settings file of a review stack, from that of its base stack.

    Encrypted values stay as they are, with the key of the base stack that decrypts them.

    Raises:
        CommandError: the base stack cannot have review stacks.
    """
    document = copy.deepcopy(dict(base))
    config = cast("dict[str, Any]", document.get("config") or {})
    domain = config.get("tierup:domain")
    if not isinstance(domain, str):
        raise CommandError(
            "--from: the stack has no tierup:domain (got a stack of another program). Give a stack of tierup's "
            "program.",
            ExitCode.SETTINGS,
        )
    if config.get("tierup:cdn") == "cloudflare":
        raise CommandError(
            "--from: stacks with tierup:cdn cloudflare share no zone with another stack (got cloudflare). Give a stack "
            "with CloudFront.",
            ExitCode.SETTINGS,
        )
    for key in [each for each in config if each in _OF_ONE_STACK or each.startswith(_STANDBY)]:
        del config[key]
    zone = domain.partition(".")[2] if domain.count(".") > 1 else domain
    config["tierup:domain"] = f"{review_name(pull_request)}.{zone}"
    config["tierup:apiDomain"] = f"api-{review_name(pull_request)}.{zone}"
    config["tierup:protect"] = False
    balancer = config.get("tierup:existingLoadBalancer")
    if isinstance(balancer, dict):
        balancer["priority"] = _FIRST_PRIORITY + 2 * (pull_request % _PRIORITIES)
    document["config"] = config
    return document


def check_cost(project: Project, stack: str, limit_usd: Decimal) -> Decimal:
    """Return the fixed monthly cost of a stack. Raises CommandError if it is above the limit."""
    from tierup.cost.estimate import estimate
    from tierup.cost.prices import REGIONS
    from tierup.preflight.check import CheckNotPossibleError
    from tierup.preflight.stack_plan import list_planned_resources, read_plan

    plan = read_plan(project, stack)
    try:
        resources = list_planned_resources(plan)
    except CheckNotPossibleError as error:
        raise CommandError(f"--max-usd: the cost of stack {stack} is not known. {error}", ExitCode.SETTINGS) from error
    region = plan.region if plan.region in REGIONS else REGIONS[0]
    usd = estimate(resources, region).usd()
    if usd > limit_usd:
        raise CommandError(
            f"--max-usd: the fixed monthly cost of stack {stack} is above the limit (got {usd:,.2f} USD, allowed "
            f"{limit_usd:,.2f} USD). Choose a smaller tier in the base stack, or raise the limit.",
            ExitCode.SETTINGS,
        )
    return usd


def create_if_missing(workspace: Workspace, settings: Mapping[str, Any]) -> None:
    """Create the state of a review stack on real accounts. In the sandbox, opening the workspace has created it."""
    if workspace.in_sandbox or any(each.name.endswith(workspace.stack) for each in review_stacks(workspace)):
        return
    provider = settings.get("secretsprovider")
    flags = ["--secrets-provider", str(provider)] if provider else []
    run_engine_command(workspace, ["stack", "init", workspace.stack, *flags])


def set_expiry(workspace: Workspace, expires: datetime) -> None:
    """Write the end of the stack's life into its tags."""
    value = expires.astimezone(UTC).isoformat(timespec="seconds")
    run_engine_command(workspace, ["stack", "tag", "set", EXPIRES, value, "--stack", workspace.stack])


def review_stacks(workspace: Workspace) -> Sequence[ReviewStack]:
    """Return the review stacks of the workspace's project, by number of the pull request."""
    listed: list[Mapping[str, Any]] = json.loads(run_engine_command(workspace, ["stack", "ls", "--json"]))
    found: list[ReviewStack] = []
    for each in listed:
        if name := _NAME.fullmatch(str(each["name"])):
            tags = json.loads(run_engine_command(workspace, ["stack", "tag", "ls", "--json", "--stack", name[0]]))
            found.append(ReviewStack(name=name[0], pull_request=int(name[1]), expires=_time(tags.get(EXPIRES))))
    return sorted(found, key=lambda each: each.pull_request)


def remove(workspace: Workspace) -> None:
    """Remove the state of a stack without resources."""
    run_engine_command(workspace, ["stack", "rm", workspace.stack, "--yes", "--preserve-config"])


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
