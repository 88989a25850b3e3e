"""The policy pack as a command finds it: its folder, its rules by id, a project's exceptions and settings."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from policies.config import NAMESPACE, PolicyConfig, PolicyConfigError, find, from_file, from_stack
from policies.exceptions import ACCOUNTED, Exceptions, ExceptionsError, of_project
from policies.registry import RULES
from policies.rule import AnyRule, Rule
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project, read_yaml
from tierup.program_loader import POLICY_PACK

EVALUATED_RULES: tuple[Rule, ...] = (*RULES, ACCOUNTED)
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in EVALUATED_RULES}


def folder(project: Project | None) -> Path:
    """The folder of the pack for a project: its own copy of tierup's, where it has one."""
    if project is not None and project.policy_pack is not None:
        about = read_yaml(project.policy_pack / "PulumiPolicy.yaml")
        if about.get("name") == "tierup":
            return project.policy_pack
    return POLICY_PACK


def rules_named(keys: Iterable[str]) -> tuple[AnyRule, ...]:
    """The rules of these ids or names, in the checklist's order; all of them for none.

    Raises:
        CommandError: there is no such rule; the sentence names the nearest.
    """
    ids: set[str] = set()
    for key in keys:
        try:
            ids.add(find(RULES, key).id)
        except PolicyConfigError as fault:
            sentence = str(fault)
            raise CommandError(
                f"{sentence[:1].upper()}{sentence[1:]}. `tierup explain` lists them all.", ExitCode.SETTINGS
            ) from fault
    return tuple(rule for rule in RULES if not ids or rule.id in ids)


def config_of(project: Project | None, stack: str, given: Path | None) -> Path | None:
    """The policy config file that holds for a stack: the one given, else the one that the project's pack has for it."""
    if given is not None or project is None or project.policy_pack not in (folder(project), None):
        return given
    return project.policy_levels(stack)


def check_config(path: Path) -> None:
    """Refuse a policy config file that is not right.

    Raises:
        CommandError: it can't be read, or names what does not exist.
    """
    _from_file(path, PolicyConfig())


def settings(project: Project | None, stack: str, given: Path | None) -> PolicyConfig:
    """How the rules are set for a stack, as the engine would have it: its configuration, then the policy config file.

    Raises:
        CommandError: one of them is not right.
    """
    beneath = PolicyConfig()
    if project is not None and project.settings_file(stack).is_file():
        path = project.settings_file(stack)
        config = read_yaml(path).get("config")
        ours: dict[str, Any] = {
            key: value
            for key, value in (config if isinstance(config, dict) else {}).items()
            if key.startswith(f"{NAMESPACE}:")
        }
        try:
            # The engine gives a pack texts: JSON of whatever is no text.
            texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in ours.items()}
            beneath = from_stack(texts, EVALUATED_RULES)
        except PolicyConfigError as fault:
            raise CommandError(f"{path}: {fault}", ExitCode.SETTINGS) from fault
    path = config_of(project, stack, given)
    return beneath if path is None else _from_file(path, beneath)


def _from_file(path: Path, beneath: PolicyConfig) -> PolicyConfig:
    try:
        return from_file(json.loads(path.read_text(encoding="utf-8")), EVALUATED_RULES, beneath)
    except FileNotFoundError as error:
        raise CommandError(f"{path} does not exist: --config names a policy config file.", ExitCode.SETTINGS) from error
    except ValueError as fault:  # no JSON, or a PolicyConfigError
        raise CommandError(f"{path}: {fault}", ExitCode.SETTINGS) from fault


def exceptions(project: Project | None) -> Exceptions:
    """A project's reviewed exceptions, anew: they note what needs them. None without a project.

    Raises:
        CommandError: the file is not right.
    """
    try:
        return of_project(project and project.folder, rules=RULES, today=datetime.now(UTC).date())
    except ExceptionsError as fault:
        raise CommandError(str(fault), ExitCode.SETTINGS) from fault


@contextmanager
def without_policy_modules() -> Generator[None]:
    """Hide the rules' modules while a program runs in this process: it may have a module `policies` of its own."""
    hidden: dict[str, ModuleType] = {
        name: module for name, module in sys.modules.items() if name.partition(".")[0] == "policies"
    }
    for name in hidden:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "policies"]:
            del sys.modules[name]
        sys.modules.update(hidden)
