"""The policy pack for commands: its folder, its rules by id, and a project's exceptions and settings."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from policies.config import NAMESPACE, PolicyConfig, PolicyConfigError, find, from_file, from_stack
from policies.exceptions import ACCOUNTED, Exceptions, ExceptionsError, of_project
from policies.registry import RULES
from policies.rule import AnyRule, Rule
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project, read_yaml
from tierup.program_loader import POLICY_PACK, with_modules

EVALUATED_RULES: tuple[Rule, ...] = (*RULES, ACCOUNTED)
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in EVALUATED_RULES}


def folder(project: Project | None) -> Path:
    """Return the folder of the pack for a project: its own copy of tierup's pack, or the packaged one."""
    if project is not None and project.policy_pack is not None:
        about = read_yaml(project.policy_pack / "PulumiPolicy.yaml")
        if about.get("name") == "tierup":
            return project.policy_pack
    return POLICY_PACK


def rules_named(keys: Iterable[str]) -> tuple[AnyRule, ...]:
    """Return the rules with these ids or names in the checklist's order, or all rules if none is given.

    Raises:
        CommandError: there is no such rule; the message names the nearest.
    """
    ids: set[str] = set()
    for key in keys:
        try:
            ids.add(find(RULES, key).id)
        except PolicyConfigError as error:
            sentence = str(error)
            raise CommandError(
                f"{sentence[:1].upper()}{sentence[1:]}. `tierup explain` lists them all.", ExitCode.SETTINGS
            ) from error
    return tuple(rule for rule in RULES if not ids or rule.id in ids)


def config_of(project: Project | None, stack: str, given: Path | None) -> Path | None:
    """Return the policy config file of a stack: the given one, or the project's own."""
    if given is not None or project is None or project.policy_pack not in (folder(project), None):
        return given
    return project.policy_levels(stack)


def check_config(path: Path) -> None:
    """Reject a wrong policy config file.

    Raises:
        CommandError: the file cannot be read, or names unknown rules or parameters.
    """
    _from_file(path, PolicyConfig())


def settings(project: Project | None, stack: str, given: Path | None) -> PolicyConfig:
    """Return the settings of the rules for a stack, as in the engine: its configuration, then the policy config file.

    Raises:
        CommandError: one of them is wrong.
    """
    base = PolicyConfig()
    if project is not None and project.settings_file(stack).is_file():
        path = project.settings_file(stack)
        config = read_yaml(path).get("config")
        of_rules: dict[str, Any] = {
            key: value
            for key, value in (config if isinstance(config, dict) else {}).items()
            if key.startswith(f"{NAMESPACE}:")
        }
        try:
            # The engine passes strings to a pack, and JSON for other values.
            texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in of_rules.items()}
            base = from_stack(texts, EVALUATED_RULES)
        except PolicyConfigError as error:
            raise CommandError(f"{path}: {error}", ExitCode.SETTINGS) from error
    path = config_of(project, stack, given)
    return base if path is None else _from_file(path, base)


def _from_file(path: Path, base: PolicyConfig) -> PolicyConfig:
    try:
        return from_file(json.loads(path.read_text(encoding="utf-8")), EVALUATED_RULES, base)
    except FileNotFoundError as error:
        raise CommandError(
            f"--config: no such file (got {path}). Give a policy config file.", ExitCode.SETTINGS
        ) from error
    except ValueError as error:  # invalid JSON, or a PolicyConfigError
        raise CommandError(f"{path}: {error}", ExitCode.SETTINGS) from error


def exceptions(project: Project | None) -> Exceptions:
    """Return new exceptions of a project, which record their uses; there are none without a project.

    Raises:
        CommandError: the file is wrong.
    """
    try:
        return of_project(project and project.folder, rules=RULES, today=datetime.now(UTC).date())
    except ExceptionsError as error:
        raise CommandError(str(error), ExitCode.SETTINGS) from error


@contextmanager
def without_policy_modules() -> Generator[None]:
    """Remove the rules' modules while a program runs in this process, which may have its own `policies` module."""
    with with_modules(("policies",), {}):
        yield
