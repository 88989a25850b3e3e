"""Reports what the sandbox knows about a program's resource types and functions, from its source, before it is run.

A Python program is read, not run: names that it imports from a provider's SDK are followed through its source. What a
program builds at run time (`getattr(aws, name)`) is not found. Pulumi YAML programs are read, too.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .lookup import resource_type
from .registry import registry
from .schema import PACKAGES, UnknownTypeError, canonical, function_schema, schema, sdk

_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"})
_SDK_PACKAGES: Mapping[str, str] = {distribution: package for package, distribution in PACKAGES.items()}
_UNSERVED = re.compile(r"pulumi_(?!policy$|esc)\w+")


class ProgramError(ValueError):
    """A path contains no program that can be read; the message says what to give."""


@dataclass(frozen=True, slots=True)
class UsedFunction:
    """A provider function that a program calls."""

    token: str
    answered_by: str  # "function", "lookup" (of a resource type), "schema" (plausible values), "" if nothing does
    uses: int

    @property
    def answered(self) -> bool:
        """Whether the sandbox answers the function from what it contains, and not by its schema alone."""
        return self.answered_by in ("function", "lookup")


@dataclass(slots=True)
class Uses:
    """What a program uses, each with the number of places in its source."""

    types: Counter[str] = field(default_factory=Counter[str])
    functions: Counter[str] = field(default_factory=Counter[str])
    packages: Counter[str] = field(default_factory=Counter[str])
    """SDKs of providers that the sandbox does not serve: the engine uses the real provider."""

    def answers(self) -> list[UsedFunction]:
        """Return the functions, sorted by token, each with what answers it."""
        return [UsedFunction(token, answered_by(token), self.functions[token]) for token in sorted(self.functions)]


def answered_by(function: str) -> str:
    """Return what answers a function: "function" (implemented), "lookup", "schema", or "" if nothing does."""
    token = canonical(function)
    if token in registry().invokes:
        return "function"
    if resource_type(token) is not None:
        return "lookup"
    try:
        function_schema(token)
    except UnknownTypeError:
        return ""
    return "schema"


def uses_of(path: Path) -> Uses:
    """Return what the program in a folder, or a single file, uses. Raises ProgramError."""
    files = sorted(_files(path)) if path.is_dir() else [path]
    found = Uses()
    read = 0
    for file in files:
        if file.suffix == ".py":
            read += 1
            _read_python(file, found)
        elif file.suffix in (".yaml", ".yml"):
            read += _read_yaml(file, found)
    if not read:
        raise ProgramError(
            f"{path}: no Python or Pulumi YAML program found. Give its folder, or a .py or .yaml file of it."
        )
    return found


def _files(folder: Path) -> Iterator[Path]:
    for file in folder.iterdir():
        if file.name.startswith(".") or file.name in _SKIPPED_FOLDERS:
            continue
        if file.is_dir() and not file.is_symlink() and not (file / "pyvenv.cfg").exists():
            yield from _files(file)
        elif file.suffix == ".py" or (file.suffix in (".yaml", ".yml") and file.stem in ("Pulumi", "Main")):
            yield file


# --- Python ---


def _read_python(file: Path, found: Uses) -> None:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ProgramError(f"{file}: not a Python file (got {error}). Correct it, or leave it out.") from error
    names: dict[str, str] = {}  # the dotted name that each local name was imported from
    for node in ast.walk(tree):
        for local, full in _imported(node):
            names[local] = full
            package = full.partition(".")[0]
            if package not in _SDK_PACKAGES and _UNSERVED.fullmatch(package):
                found.packages[package] += 1
    for dotted in _outermost_names(tree):
        local, _, rest = dotted.partition(".")
        if local in names:
            _count(f"{names[local]}.{rest}" if rest else names[local], found)


def _imported(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for each in node.names:
            package = each.name.partition(".")[0]
            yield (each.asname, each.name) if each.asname else (package, package)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for each in node.names:
            yield each.asname or each.name, f"{node.module}.{each.name}"


def _outermost_names(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted names that are called or read, each once, without the prefixes of longer ones."""
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)) and id(node) not in inner:
            dotted = _dotted(node)
            if dotted:
                yield dotted


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = _dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


def _count(dotted: str, found: Uses) -> None:
    distribution = dotted.partition(".")[0]
    package = _SDK_PACKAGES.get(distribution)
    if package is None:
        return
    parts = dotted.split(".")
    for end in range(len(parts), 1, -1):  # a class may be followed by ".get"
        module, name = ".".join(parts[: end - 1]), parts[end - 1]
        if (token := _types(package).get((module, name))) is not None:
            found.types[canonical(token)] += 1
            return
    module, name = ".".join(parts[:-1]), parts[-1]
    if name.startswith("get_") and (function := _function(package, module, name)) is not None:
        found.functions[function] += 1


@cache
def _types(package: str) -> Mapping[tuple[str, str], str]:
    """Return the type tokens of an SDK by module and class."""
    return {(module, name): token for token, (module, name) in sdk(package).tokens.items()}


@cache
def _modules(package: str) -> Mapping[str, str]:
    """Return the module of the tokens by Python module: "aws:lambda" for pulumi_aws.lambda_."""
    return {module: token.partition("/")[0] for token, (module, _) in sdk(package).tokens.items()}


def _function(package: str, module: str, name: str) -> str | None:
    name = name.removesuffix("_output")
    camel = re.sub(r"_(\w)", lambda found: found.group(1).upper(), name)
    prefix = f"{package}:index" if module == PACKAGES[package] else _modules(package).get(module)
    if prefix is None:
        prefix = f"{package}:{module.rpartition('.')[2].rstrip('_')}"
    return f"{prefix}/{camel}:{camel}"


# --- YAML ---


def _read_yaml(file: Path, found: Uses) -> int:
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProgramError(f"{file}: not a YAML file (got {error}). Correct it.") from error
    if not isinstance(document, Mapping) or not ({"resources", "variables"} & document.keys()):
        return 0
    resources = document.get("resources")
    for entry in resources.values() if isinstance(resources, Mapping) else ():
        type = entry.get("type") if isinstance(entry, Mapping) else None
        if isinstance(type, str):
            token = _full(type)
            if token.partition(":")[0] not in PACKAGES:
                if not token.startswith("pulumi:"):
                    found.packages[token.partition(":")[0]] += 1
            elif _exists(token):
                found.types[canonical(token)] += 1
    for function in _invoked(document):
        if function.partition(":")[0] in PACKAGES:
            found.functions[_full(function)] += 1
    return 1


def _invoked(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("fn::invoke", "Fn::Invoke") and isinstance(inner, Mapping):
                name = inner.get("function") or inner.get("Function")
                if isinstance(name, str):
                    yield name
            elif isinstance(key, str) and key.startswith("fn::") and key.count(":") >= 3:
                yield key.removeprefix("fn::")
            yield from _invoked(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _invoked(inner)


def _full(token: str) -> str:
    """Return the full token of a short one: "aws:s3/bucket:Bucket" for "aws:s3:Bucket", "aws:index/..." for "aws:X"."""
    package, _, rest = token.partition(":")
    if not rest:
        return token
    module, _, name = rest.rpartition(":")
    if "/" in module:
        return token
    return f"{package}:{module or 'index'}/{name[:1].lower()}{name[1:]}:{name}"


def _exists(token: str) -> bool:
    try:
        schema(token)
    except UnknownTypeError:
        return False
    return True
