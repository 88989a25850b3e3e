"""Pipeline files: what the project's continuous integration runs, whoever runs it.

They stand at the root of the repository, which may be a folder above the program's. A service's dialect is not known
here: in all of them the commands stand below a handful of keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
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
"""Of a command line, before the word that says what to do: --cwd infra --yes"""
_COMMANDS = ("run", "script", "before_script", "after_script", "command", "commands", "bash", "pwsh", "powershell")
_VARIABLES = ("env", "variables", "environment", "environmentvariables")
_LARGEST = 1_000_000  # bytes; a pipeline is a few thousand
_SCRIPT = re.compile(r"(?:^|\s)(?:\./)?([\w.-]+(?:/[\w.-]+)*)")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One file: its commands, the ready-made steps it uses (owner/name@version), and the values it gives by name, in
    the environment or to such steps. `template` steps come from elsewhere."""

    path: str
    commands: list[str] = field(default_factory=list[str])
    uses: list[str] = field(default_factory=list[str])
    values: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    @property
    def text(self) -> str:
        """All commands and steps, a line each."""
        return "\n".join([*self.commands, *self.uses])


def repository(project: ProjectFiles) -> ProjectFiles:
    """The project's repository: the nearest folder above with a .git in it, else its own."""
    folder = project.folder.resolve()
    for each in (folder, *folder.parents):
        if (each / ".git").exists():
            return ProjectFiles(each, project.stack)
    return ProjectFiles(folder, project.stack)


def pipelines(project: ProjectFiles) -> list[Pipeline]:
    """Those of the repository and of the program's own folder. Raises Indeterminate for one that can't be read."""
    root = repository(project)
    own = [
        f
        for f in ProjectFiles(project.folder.resolve(), project.stack).files(*PATTERNS)
        if f.is_relative_to(root.folder)
    ]
    return [_pipeline(root, file) for file in sorted({*root.files(*PATTERNS), *own})]


def the_pipelines(project: ProjectFiles) -> list[Pipeline]:
    """The same; raises NotApplicable where there are none."""
    if not (found := pipelines(project)):
        raise NotApplicable("the project has no pipeline file")
    return found


def _pipeline(root: ProjectFiles, file: Path) -> Pipeline:
    pipeline = Pipeline(root.named(file))
    if file.stat().st_size > _LARGEST:
        raise Indeterminate(f"{pipeline.path} is larger than {_LARGEST} bytes")
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.name == "Jenkinsfile":
        pipeline.commands.extend(text.splitlines())
    else:
        try:
            for document in yaml.load_all(text, _Loader):  # a SafeLoader that passes over foreign tags
                _collect(document, pipeline, set())
        except (yaml.YAMLError, RecursionError):
            raise Indeterminate(f"{pipeline.path} is not YAML") from None
    pipeline.commands.extend(_scripts(root, pipeline.commands))
    return pipeline


class _Loader(yaml.SafeLoader):
    """Takes tags such as GitLab's !reference for what they stand before."""


def _untagged(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_Loader.add_multi_constructor("!", _untagged)  # pyright: ignore[reportUnknownMemberType] - its stubs are untyped


def _collect(node: Any, pipeline: Pipeline, seen: set[int]) -> None:
    """`seen` are the collections met so far: an alias is walked once, so that nested ones cost nothing."""
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
    """The text of scripts of the repository that commands start, one step deep."""
    for path in dict.fromkeys(path for command in commands for path in _SCRIPT.findall(command)):
        file = (root.folder / path).resolve()
        if "/" in path and file.is_relative_to(root.folder) and file.is_file() and file.stat().st_size <= _LARGEST:
            yield file.read_text(encoding="utf-8", errors="replace")
