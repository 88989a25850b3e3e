"""A Pulumi project: Pulumi.yaml and the settings of its stacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from tierup.deployment.errors import CommandError, ExitCode

_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
_SETTINGS_FILE = re.compile(r"Pulumi\.(?P<stack>[A-Za-z0-9_.-]+)\.ya?ml")
_NAME = r"(?!-)(?!\.{1,2}(?:/|$))[A-Za-z0-9_.-]{1,100}"
_STACK_NAME = re.compile(rf"(?:{_NAME}/){{0,2}}{_NAME}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """A folder with a Pulumi.yaml."""

    folder: Path  # absolute
    name: str
    document: Mapping[str, Any]  # the content of Pulumi.yaml

    @property
    def main(self) -> Path:
        """The absolute path of the program's folder or file."""
        return (self.folder / str(self.document.get("main") or ".")).resolve()

    @property
    def policy_pack(self) -> Path | None:
        """The folder of the project's policy pack, or None."""
        pack = self.folder / "policies"
        return pack if (pack / "PulumiPolicy.yaml").is_file() else None

    @property
    def configures_policies(self) -> bool:
        """Whether the project configures tierup's policy pack, and has no pack of its own."""
        folder = self.folder / "policies"
        return self.policy_pack is None and (
            (folder / "environments").is_dir() or (folder / "exceptions.yaml").is_file()
        )

    def policy_levels(self, stack: str) -> Path | None:
        """Return the policy config file of a stack, policies/environments/<stack>.json, or None."""
        name = stack.rpartition("/")[2]
        levels = self.folder / "policies" / "environments" / f"{name}.json"
        return levels if levels.is_file() else None

    @property
    def settings_folder(self) -> Path:
        """The folder of the stacks' settings files."""
        return self.folder / str(self.document.get("stackConfigDir") or self.document.get("config-dir") or ".")

    def settings_file(self, stack: str) -> Path:
        """Return the settings file of a stack. It may not exist."""
        name = stack.rpartition("/")[2]
        path = self.settings_folder / f"Pulumi.{name}.yaml"
        other = path.with_suffix(".yml")
        return other if other.is_file() and not path.is_file() else path

    def stacks_with_settings(self) -> list[str]:
        """Return the names of the stacks that have a settings file."""
        names = (_SETTINGS_FILE.fullmatch(file.name) for file in self.settings_folder.glob("Pulumi.*"))
        return sorted({name["stack"] for name in names if name})

    def settings(self, stack: str) -> Mapping[str, Any]:
        """Return the content of a stack's settings file.

        Raises:
            CommandError: the file does not exist, or is not valid YAML.
        """
        path = self.settings_file(stack)
        if not path.is_file():
            others = self.stacks_with_settings()
            known = f"Stacks with settings: {', '.join(others)}. " if others else ""
            raise CommandError(
                f"--stack: no settings file for this stack (got {stack}). {known}Create {path}, or give another stack.",
                ExitCode.SETTINGS,
            )
        return read_yaml(path)


def find(start: Path) -> Project:
    """Return the project of a folder: its Pulumi.yaml or the nearest one above, as `pulumi` does.

    Raises:
        CommandError: there is no valid Pulumi.yaml.
    """
    start = start.absolute()
    if not start.is_dir():
        raise CommandError(f"--cwd: not a folder (got {start}). Give an existing folder.", ExitCode.SETTINGS)
    for folder in (start, *start.parents):
        for name in _PROJECT_FILES:
            if (folder / name).is_file():
                return _read(folder / name)
    raise CommandError(
        f"--cwd: no Pulumi.yaml in this folder or above it (got {start}). Give a project's folder, or create a project "
        "with `tierup init`.",
        ExitCode.SETTINGS,
    )


def _read(path: Path) -> Project:
    document = read_yaml(path)
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise CommandError(f"{path}: `name` must be set (got nothing). Add the project's name.", ExitCode.SETTINGS)
    return Project(folder=path.parent, name=name, document=document)


def read_yaml(path: Path) -> Mapping[str, Any]:
    """Return the mapping in a YAML file, or an empty one if the file is empty.

    Raises:
        CommandError: the file is not valid YAML, or does not contain a mapping.
    """
    try:
        document: object = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise CommandError(
            f"{path}: not valid YAML{where} (got {error.problem or error}). Correct the file.", ExitCode.SETTINGS
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: not valid YAML (got {error}). Correct the file.", ExitCode.SETTINGS) from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise CommandError(
            f"{path}: must contain a mapping (got {type(document).__name__}). Write keys with values.",
            ExitCode.SETTINGS,
        )
    return cast("dict[str, Any]", document)


def check_stack_name(stack: str) -> None:
    """Reject a name that Pulumi does not allow for a stack.

    Raises:
        CommandError: the name is not allowed.
    """
    if _STACK_NAME.fullmatch(stack) is None:
        raise CommandError(
            f"--stack: not a valid name (got {stack!r}). Allowed: up to 100 letters, digits, '-', '_' and '.'.",
            ExitCode.SETTINGS,
        )


# libyaml's reader is ten times faster; not every build of PyYAML has it.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
