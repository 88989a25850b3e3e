"""The Pulumi project that a command works on: Pulumi.yaml and the settings of its stacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from tierup.deployment.failure import ExitCode, Failure

_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
_SETTINGS_FILE = re.compile(r"Pulumi\.(?P<stack>[A-Za-z0-9_.-]+)\.ya?ml")
_NAME = r"(?!-)(?!\.{1,2}(?:/|$))[A-Za-z0-9_.-]{1,100}"
_STACK_NAME = re.compile(rf"(?:{_NAME}/){{0,2}}{_NAME}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """One Pulumi.yaml."""

    folder: Path  # absolute
    name: str
    document: Mapping[str, Any]  # Pulumi.yaml as it stands

    @property
    def main(self) -> Path:
        """The program's folder or file, absolute."""
        return (self.folder / str(self.document.get("main") or ".")).resolve()

    @property
    def policy_pack(self) -> Path | None:
        """The project's own policy pack, where it has one."""
        pack = self.folder / "policies"
        return pack if (pack / "PulumiPolicy.yaml").is_file() else None

    def policy_levels(self, stack: str) -> Path | None:
        """How strictly the pack judges a stack, where the pack says so: policies/environments/<stack>.json."""
        name = stack.rpartition("/")[2]
        levels = self.folder / "policies" / "environments" / f"{name}.json"
        return levels if levels.is_file() else None

    @property
    def settings_folder(self) -> Path:
        """Where the stacks' settings lie."""
        return self.folder / str(self.document.get("stackConfigDir") or self.document.get("config-dir") or ".")

    def settings_file(self, stack: str) -> Path:
        """Where the settings of a stack are, or would be."""
        name = stack.rpartition("/")[2]
        path = self.settings_folder / f"Pulumi.{name}.yaml"
        other = path.with_suffix(".yml")
        return other if other.is_file() and not path.is_file() else path

    def stacks_with_settings(self) -> list[str]:
        """The stacks that have a settings file, by name."""
        names = (_SETTINGS_FILE.fullmatch(file.name) for file in self.settings_folder.glob("Pulumi.*"))
        return sorted({name["stack"] for name in names if name})

    def settings(self, stack: str) -> Mapping[str, Any]:
        """The settings file of a stack as it stands.

        Raises:
            Failure: there is no such file, or it is not YAML.
        """
        path = self.settings_file(stack)
        if not path.is_file():
            others = self.stacks_with_settings()
            known = f"stacks with settings are: {', '.join(others)}" if others else "no stack has settings yet"
            raise Failure(
                f"There is no stack '{stack}': {path} does not exist ({known}). Create the file, or name another stack "
                "with --stack.",
                ExitCode.SETTINGS,
            )
        return read_yaml(path)


def find(start: Path) -> Project:
    """The project of a folder: its own Pulumi.yaml or the nearest one above, as Pulumi itself looks for it.

    Raises:
        Failure: there is none, or it is not one.
    """
    start = start.absolute()
    if not start.is_dir():
        raise Failure(f"{start} is not a folder.", ExitCode.SETTINGS)
    for folder in (start, *start.parents):
        for name in _PROJECT_FILES:
            if (folder / name).is_file():
                return _read(folder / name)
    raise Failure(
        f"There is no Pulumi.yaml in {start} or above it: run this in a checkout of it, or name one with --cwd.",
        ExitCode.SETTINGS,
    )


def _read(path: Path) -> Project:
    document = read_yaml(path)
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise Failure(f"{path} has no `name`: a Pulumi project needs one.", ExitCode.SETTINGS)
    return Project(folder=path.parent, name=name, document=document)


def read_yaml(path: Path) -> Mapping[str, Any]:
    """A YAML file whose top is a mapping; an empty file is an empty one.

    Raises:
        Failure: it can't be read, or is not that.
    """
    try:
        document: object = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise Failure(f"{path} is not valid YAML{where}: {error.problem or error}.", ExitCode.SETTINGS) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Failure(f"{path} is not valid YAML: {error}.", ExitCode.SETTINGS) from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise Failure(f"{path} is not valid: its top must be a mapping of keys to values.", ExitCode.SETTINGS)
    return cast("dict[str, Any]", document)


def check_stack_name(stack: str) -> None:
    """Refuse what no stack can be called.

    Raises:
        Failure: the name has a character that Pulumi does not allow.
    """
    if _STACK_NAME.fullmatch(stack) is None:
        raise Failure(
            f"'{stack}' can't be the name of a stack: up to 100 letters, digits, '-', '_' and '.' are allowed.",
            ExitCode.SETTINGS,
        )


# libyaml's reader is ten times faster, where PyYAML was built with it.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
