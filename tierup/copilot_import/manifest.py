"""The files of a Copilot workspace: YAML with line numbers, variables of the manifest, overrides of environments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

Scalar: TypeAlias = str | int | float | bool | None

# Internal names of Copilot: internal/pkg/manifest/interpolate.go of aws/copilot-cli at 4c858e7 (read 2026-11-28).
_VARIABLE: Final = re.compile(r"(\\?)\$\{([_a-zA-Z][_a-zA-Z0-9]*)\}")
_PLAIN_TAGS: Final = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null"))
_MANIFESTS: Final = ("manifest.yml", "manifest.yaml")
# Of two fields only one may be set; an environment that sets one replaces the other.
_EXCLUSIVE: Final = (("build", "location"),)


class WorkspaceError(ValueError):
    """The folder is not a Copilot workspace, or one of its files cannot be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A value of a YAML file, with the place where it is."""

    value: Mapping[str, Node] | Sequence[Node] | Scalar
    file: str
    line: int

    @property
    def fields(self) -> Mapping[str, Node]:
        """The entries of a mapping; none for any other value."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def items(self) -> Sequence[Node]:
        """The items of a list; none for any other value."""
        value = self.value
        return value if isinstance(value, Sequence) and not isinstance(value, str) else ()

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping."""
        return isinstance(self.value, Mapping)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self.value, Sequence) and not isinstance(self.value, str)

    def at(self, *path: str) -> Node | None:
        """Return the value at a path of keys; None if it does not exist or is null."""
        node: Node | None = self
        for key in path:
            node = node.fields.get(key) if node is not None else None
        return None if node is None or node.value is None else node

    def plain(self) -> Any:
        """Return the value without places."""
        if self.is_mapping:
            return {key: node.plain() for key, node in self.fields.items()}
        return [node.plain() for node in self.items] if self.is_list else self.value

    def text(self) -> str:
        """Return a scalar as the text of an environment variable or an argument."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return "" if self.value is None else str(self.value)


def read(path: Path, root: Path) -> Node:
    """Return the content of a YAML file; an empty file is an empty mapping. Raises WorkspaceError if it is not YAML."""
    file = path.relative_to(root).as_posix()
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        try:
            node = loader.get_single_node()
            return Node(value={}, file=file, line=1) if node is None else _node(loader, node, file)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise WorkspaceError(
            f"{file}{line}: not valid YAML ({getattr(error, 'problem', None) or error}). Correct the file."
        ) from error
    except UnicodeDecodeError as error:
        raise WorkspaceError(f"{file}: not UTF-8 text. Convert the file.") from error


def _node(loader: Any, node: Any, file: str) -> Node:
    line = int(node.start_mark.line) + 1
    if isinstance(node, yaml.MappingNode):
        loader.flatten_mapping(node)
        fields = {str(key.value): _node(loader, value, file) for key, value in node.value}
        return Node(value=fields, file=file, line=line)
    if isinstance(node, yaml.SequenceNode):
        return Node(value=[_node(loader, each, file) for each in node.value], file=file, line=line)
    plain = node.tag in _PLAIN_TAGS
    return Node(value=loader.construct_object(node) if plain else str(node.value), file=file, line=line)


def interpolated(node: Node, *, application: str, environment: str) -> Node:
    """Return the manifest with Copilot's own two variables replaced. Those of the user's shell stay."""
    known = {"COPILOT_APPLICATION_NAME": application, "COPILOT_ENVIRONMENT_NAME": environment}

    def replaced(match: re.Match[str]) -> str:
        escape, name = match.groups()
        return match[0][1:] if escape else known.get(name, match[0])

    def visit(each: Node) -> Node:
        if each.is_mapping:
            return replace(each, value={key: visit(value) for key, value in each.fields.items()})
        if each.is_list:
            return replace(each, value=[visit(value) for value in each.items])
        return replace(each, value=_VARIABLE.sub(replaced, each.value)) if isinstance(each.value, str) else each

    return visit(node)


def unknown_variables(node: Node) -> Sequence[str]:
    """Return the variables in a scalar that only the user's shell knows."""
    return [name for _, name in _VARIABLE.findall(node.value)] if isinstance(node.value, str) else []


def for_environment(manifest: Node, environment: str) -> Node:
    """Return a manifest with the overrides of `environments.<environment>`, without the key `environments`."""
    own = {key: node for key, node in manifest.fields.items() if key != "environments"}
    base = replace(manifest, value=own)
    override = manifest.at("environments", environment)
    return _overridden(base, override) if override is not None else base


def _overridden(base: Node, override: Node) -> Node:
    if override.value is None:
        return base
    if not (base.is_mapping and override.is_mapping):
        return override
    fields = dict(base.fields)
    for group in _EXCLUSIVE:
        given = [key for key in group if key in override.fields]
        if given:
            fields = {key: node for key, node in fields.items() if key not in group or key in given}
    for key, node in override.fields.items():
        fields[key] = _overridden(fields[key], node) if key in fields else node
    return replace(base, value=fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """A Copilot workspace, as its files say."""

    root: Path
    """The folder that contains `copilot/`."""
    application: str
    workloads: Mapping[str, Node]
    """The manifest of each service and job, by the name of its folder."""
    environments: Mapping[str, Node | None]
    """The manifest of each environment; None if only services name the environment."""
    pipelines: Mapping[str, Node]
    addons: Sequence[Node]
    """The CloudFormation templates below `addons/`."""
    overrides: Sequence[str]
    """The folders `overrides/`, from the root."""


def load(folder: Path) -> Workspace:
    """Read the workspace in `folder`, which contains `copilot/` or is that folder.

    Raises:
        WorkspaceError: there is no workspace, or one of its files cannot be read.
    """
    folder = folder.absolute()
    copilot = folder if (folder / ".workspace").is_file() else folder / "copilot"
    if not copilot.is_dir():
        raise WorkspaceError(
            f"DIR: not a Copilot workspace (got {folder}). Give the folder that contains copilot/ with .workspace."
        )
    root = copilot.parent
    workloads = {
        path.parent.name: read(path, root)
        for path in sorted(copilot.glob("*/manifest.y*ml"))
        if path.name in _MANIFESTS and path.parent.name not in ("environments", "pipelines")
    }
    if not workloads:
        raise WorkspaceError(
            f"DIR: no manifest of a service or job (got {folder}). Each is in copilot/<name>/manifest.yml."
        )
    workspace = copilot / ".workspace"
    application = read(workspace, root).at("application") if workspace.is_file() else None
    named = {name for manifest in workloads.values() for name in _named_environments(manifest)}
    environments: dict[str, Node | None] = dict.fromkeys(sorted(named))
    environments |= {
        path.parent.name: read(path, root)
        for path in sorted(copilot.glob("environments/*/manifest.y*ml"))
        if path.name in _MANIFESTS
    }
    templates = [*copilot.glob("*/addons/*.y*ml"), *copilot.glob("environments/addons/*.y*ml")]
    return Workspace(
        root=root,
        application=application.text() if application is not None else root.name,
        workloads=workloads,
        environments=environments,
        pipelines={
            path.parent.name: read(path, root)
            for path in sorted([*copilot.glob("pipelines/*/manifest.y*ml"), *copilot.glob("pipeline.yml")])
        },
        addons=[read(path, root) for path in sorted(set(templates)) if "parameters" not in path.name],
        overrides=[
            path.relative_to(root).as_posix()
            for path in sorted([*copilot.glob("*/overrides"), *copilot.glob("pipelines/*/overrides")])
            if path.is_dir()
        ],
    )


def _named_environments(manifest: Node) -> Iterator[str]:
    overrides = manifest.at("environments")
    if overrides is not None:
        yield from overrides.fields


def environment_file(root: Path, name: str) -> Mapping[str, str]:
    """Return the variables of an ECS environment file: NAME=VALUE lines; empty lines and those with # are comments.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html (read 2026-11-28)

    Raises:
        OSError: the file cannot be read.
        WorkspaceError: the file is outside the workspace.
    """
    if not (root / name).resolve().is_relative_to(root.resolve()):
        raise WorkspaceError(f"env_file: a file outside the workspace (got {name}). Move it into the workspace.")
    lines = (root / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {key.strip(): value for key, _, value in pairs}
