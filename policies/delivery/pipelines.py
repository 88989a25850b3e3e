"""Parse the pipeline files of continuous integration services.

They are at the root of the repository, which may be a folder above the program's. The parser does not depend on the
service: all of them keep commands below the same few keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..rule import Indeterminate, NotApplicable, ProjectFiles

PATTERNS = (
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    ".gitlab-ci.yml",
    ".gitlab-ci.yaml",
    "azure-pipelines.yml",
    "azure-pipelines.yaml",
    "bitbucket-pipelines.yml",
    ".circleci/config.yml",
    "buildspec.yml",
    "buildspec.yaml",
    "Jenkinsfile",
    "Pulumi.*.deploy.yaml",  # Pulumi Deployments
)
OPTIONS = r"(?:-\S+[ \t]+(?:[^-\s]\S*[ \t]+)?){0,8}"
"""Matches options between a program and its subcommand, such as --cwd infra --yes."""
_COMMANDS = ("run", "script", "before_script", "after_script", "command", "commands", "bash", "pwsh", "powershell")
_VARIABLES = ("env", "variables", "environment", "environmentvariables")
_MAXIMUM_BYTES = 1_000_000  # a pipeline file has a few thousand
_SCRIPT = re.compile(r"(?:^|\s)(?:\./)?([\w.-]+(?:/[\w.-]+)*)")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline file: its commands, the third-party steps that it uses (owner/name@version), and the named values that
    it sets in the environment or passes to such steps."""

    path: str
    commands: list[str] = field(default_factory=list[str])
    uses: list[str] = field(default_factory=list[str])
    values: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    @property
    def text(self) -> str:
        """All commands and steps, one per line."""
        return "\n".join([*self.commands, *self.uses])


def repository(project: ProjectFiles) -> ProjectFiles:
    """Return the project's repository: the nearest folder above that contains .git, or the project's folder."""
    folder = project.folder.resolve()
    for each in (folder, *folder.parents):
        if (each / ".git").exists():
            return ProjectFiles(each, project.stack)
    return ProjectFiles(folder, project.stack)


def pipelines(project: ProjectFiles) -> list[Pipeline]:
    """Return the pipelines of the repository and of the program's folder.

    Raises Indeterminate for a file that is too large or not YAML.
    """
    root = repository(project)
    own = [
        f
        for f in ProjectFiles(project.folder.resolve(), project.stack).files(*PATTERNS)
        if f.is_relative_to(root.folder)
    ]
    return [_pipeline(root, file) for file in sorted({*root.files(*PATTERNS), *own})]


def require_pipelines(project: ProjectFiles) -> list[Pipeline]:
    """Return the pipelines like `pipelines`, but raise NotApplicable when there are none."""
    if not (found := pipelines(project)):
        raise NotApplicable("the project has no pipeline file")
    return found


def _pipeline(root: ProjectFiles, file: Path) -> Pipeline:
    pipeline = Pipeline(root.named(file))
    if file.stat().st_size > _MAXIMUM_BYTES:
        raise Indeterminate(f"{pipeline.path} is larger than {_MAXIMUM_BYTES} bytes")
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.name == "Jenkinsfile":
        pipeline.commands.extend(text.splitlines())
    else:
        try:
            for document in _documents(text):
                _collect(document, pipeline, set())
        except (yaml.YAMLError, RecursionError):
            raise Indeterminate(f"{pipeline.path} is not YAML") from None
    pipeline.commands.extend(_scripts(root, pipeline.commands))
    return pipeline


@lru_cache(maxsize=64)
def _documents(text: str) -> tuple[Any, ...]:
    """Return the documents in a YAML text. Every rule on pipelines reads the same texts, and parsing them is slow.

    PyYAML's faster loader in C is not used: deep nesting ends the process there, and raises RecursionError here.
    """
    return tuple(yaml.load_all(text, _Loader))  # _Loader is a SafeLoader that ignores unknown tags


class _Loader(yaml.SafeLoader):
    """Read a value with an unknown tag, such as GitLab's !reference, as if it had no tag."""


def _untagged(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_Loader.add_multi_constructor("!", _untagged)  # pyright: ignore[reportUnknownMemberType] - its stubs are untyped


def _collect(node: Any, pipeline: Pipeline, seen: set[int]) -> None:
    """Add the commands, steps and values below `node`. `seen` holds the visited collections: an alias is read once."""
    if not isinstance(node, dict | list) or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, list):
        for each in node:
            _collect(each, pipeline, seen)
        return
    for key, value in node.items():
        name = str(key).lower()
        if name in _COMMANDS:
            pipeline.commands.extend(each for each in _listed(value) if isinstance(each, str))
        if name == "uses" and isinstance(value, str):
            pipeline.uses.append(value)
        if name in (*_VARIABLES, "with") and isinstance(value, dict):
            pipeline.values.extend((str(k), str(v)) for k, v in value.items() if isinstance(v, str | int | float))
        _collect(value, pipeline, seen)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _scripts(root: ProjectFiles, commands: list[str]) -> Iterator[str]:
    """Yield the text of the repository's scripts that the commands run; scripts that these run are not read."""
    for path in dict.fromkeys(path for command in commands for path in _SCRIPT.findall(command)):
        file = (root.folder / path).resolve()
        if (
            "/" in path
            and file.is_relative_to(root.folder)
            and file.is_file()
            and file.stat().st_size <= _MAXIMUM_BYTES
        ):
            yield file.read_text(encoding="utf-8", errors="replace")
