"""The plan of a stack: its configuration as the program gets it, and the resources that the program registers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from tierup.cost.rules import PricedResource
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.deployment.sandbox_backend import is_secure, placeholder_secret
from tierup.preflight.check import CheckNotPossibleError
from tierup.program_settings import NAMESPACE, RejectedSettingsError, Settings, parse_settings

_PROGRAM_SECONDS: Final = 120.0
_NOT_TIERUPS: Final = (
    f"The stack has no {NAMESPACE}: settings, so preflight does not know what its program needs. It checks what every "
    "stack needs."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StackPlan:
    """What a stack will consist of."""

    project: Project
    stack: str
    document: Mapping[str, Any]
    """The content of the stack's settings file."""
    config: Mapping[str, str]
    """The configuration by full key, as text. Secrets are placeholders."""
    secret_keys: frozenset[str]
    settings: Settings | None
    """None if the stack's program is not tierup's."""

    @property
    def region(self) -> str | None:
        """The region of the stack, or None if the file does not set it."""
        return self.config.get("aws:region")

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags that identify the stack's resources (components/tags.py)."""
        return {"Project": self.project.name, "Stack": self.short_name}

    @property
    def short_name(self) -> str:
        """The name of the stack without its organization and project."""
        return self.stack.rpartition("/")[2]


def read_plan(project: Project, stack: str) -> StackPlan:
    """Return the plan of a stack.

    Raises:
        CommandError: the stack has no settings file, or the program rejects its settings.
    """
    return plan_with(project, stack, project.settings(stack))


def plan_with(project: Project, stack: str, document: Mapping[str, Any]) -> StackPlan:
    """Return the plan of a stack with another content of its settings file.

    Raises:
        CommandError: the program rejects the settings.
    """
    config, secret_keys = read_config(project.name, document)
    settings = None
    if any(key.startswith(f"{NAMESPACE}:") for key in config):
        try:
            settings = parse_settings(config, stack.rpartition("/")[2], secret_keys=secret_keys)
        except RejectedSettingsError as error:
            raise CommandError(str(error), ExitCode.SETTINGS) from error
    return StackPlan(
        project=project,
        stack=stack,
        document=document,
        config=config,
        secret_keys=secret_keys,
        settings=settings,
    )


def read_config(project: str, document: Mapping[str, Any]) -> tuple[Mapping[str, str], frozenset[str]]:
    """Return the configuration in a settings file (full key → text, as Pulumi passes it), and the keys of secrets."""
    config: dict[str, str] = {}
    secrets: set[str] = set()
    given = document.get("config")
    for key, value in (cast("dict[str, Any]", given) if isinstance(given, dict) else {}).items():
        full = key.replace(":config:", ":") if ":" in key else f"{project}:{key}"
        plain = _without_secrets(value, full)
        if plain != value:
            secrets.add(full)
        config[full] = plain if isinstance(plain, str) else json.dumps(plain)
    return config, frozenset(secrets)


def _without_secrets(value: Any, key: str) -> Any:
    if is_secure(value):
        return placeholder_secret(key)
    if isinstance(value, dict):
        inside = cast("dict[str, Any]", value)
        return {name: _without_secrets(each, f"{key}.{name}") for name, each in inside.items()}
    if isinstance(value, list):
        return [_without_secrets(each, key) for each in cast("list[Any]", value)]
    return value


def list_planned_resources(plan: StackPlan) -> Sequence[PricedResource]:
    """Return the resources that the stack's program registers, by running it in another process against mocks.

    The mocks stay in Pulumi's runtime, so a run in this process would break a following operation.

    Raises:
        CheckNotPossibleError: the program is not tierup's, or fails.
    """
    if plan.settings is None:
        raise CheckNotPossibleError(_NOT_TIERUPS)
    request = {
        "config": dict(plan.config),
        "secret_keys": sorted(plan.secret_keys),
        "project": plan.project.name,
        "stack": plan.short_name,
    }
    try:
        finished = subprocess.run(
            [sys.executable, "-m", "tierup.preflight.planned_program"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            check=False,
            timeout=_PROGRAM_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise CheckNotPossibleError(
            f"The program did not list its resources within {_PROGRAM_SECONDS:.0f} s."
        ) from error
    if finished.returncode:
        last = finished.stderr.strip().splitlines()[-1:] or ["no message"]
        raise CheckNotPossibleError(f"The program could not list its resources (got {last[0]}).")
    return [PricedResource(**each) for each in json.loads(finished.stdout)]
