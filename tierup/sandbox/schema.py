"""Reads the schema of every resource type from the installed Pulumi SDKs: inputs, required inputs, types and outputs.

The SDKs are generated from the providers' own schemas, so introspection covers every type of each provider. A module of
an SDK ("aws:ec2") is imported once: its schema is cached as JSON in the user's cache folder, by SDK version, so that a
sandbox with a warm cache imports no SDK.

A type's shape is plain data:

    {"inputs": {"cidrBlock": {"type": "string", "required": false}, ...}, "outputs": {"arn": "string", ...}}

where a type is "string" | "integer" | "number" | "boolean" | "any" | "asset" | ["list", T] | ["map", T] |
["object", "LoadBalancerAccessLogs"] | ["enum", [values]] | ["json", T] (a JSON string, or T, which the provider
serialises). The module's "types" hold the shapes of the objects, and its "output_types" those of objects that only
outputs have.

Some types have several tokens: deprecated names (aws:s3/bucketV2:BucketV2) and legacy modules (aws:alb). `canonical`
returns the current token.
"""

from __future__ import annotations

import collections.abc
import enum
import importlib
import importlib.metadata
import importlib.util
import inspect
import json
import os
import re
import sys
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.machinery import PathFinder
from pathlib import Path
from types import NoneType, UnionType
from typing import Any

import platformdirs

from tierup import atomic_file

TypeExpression = str | list[Any]

_REQUIRED: Mapping[str, str] = {
    "aws": "pulumi_aws",
    "mongodbatlas": "pulumi_mongodbatlas",
    "cloudflare": "pulumi_cloudflare",
}

EXTRAS: Mapping[str, str] = {
    "datadog": "pulumi_datadog",
    "kubernetes": "pulumi_kubernetes",
    "newrelic": "pulumi_newrelic",
    "render": "pulumi_render",
    "sentry": "pulumiverse_sentry",
    "vercel": "pulumiverse_vercel",
}
"""The providers whose SDKs are extras of the package tierup."""

PACKAGES: Mapping[str, str] = {
    **_REQUIRED,
    # `importlib.util.find_spec` would load a module that the program has registered to load at its first use.
    **{package: sdk for package, sdk in EXTRAS.items() if PathFinder.find_spec(sdk) is not None},
}
"""The providers that the sandbox serves, each with the SDK that its schema is read from."""

_LEGACY_MODULES: Mapping[str, str] = {
    "aws:alb": "aws:lb",
    "aws:applicationloadbalancing": "aws:lb",
    "aws:elasticloadbalancingv2": "aws:lb",
    "aws:elasticloadbalancing": "aws:elb",
}
"""Modules with the same resources and functions: pulumi-aws maps aws_alb_* and aws_lb_* to two modules."""
_ALIAS = re.compile(r'Alias\(type_="([^"]+)"\)')
_TOKEN = re.compile(r"super\([^)]*\)\.__init__\(\s*'([a-z]+:[^']+)'")

_READ_BY_CLASS = frozenset({"datadog"})

_FORMAT = 5  # raise when the shape of the cached JSON changes


@dataclass(frozen=True, slots=True)
class Property:
    """One input: its type, and whether it is required."""

    type: TypeExpression
    required: bool


@dataclass(frozen=True, slots=True)
class TypeSchema:
    """The schema of one resource type, with the objects nested in it."""

    token: str
    inputs: Mapping[str, Property]
    outputs: Mapping[str, TypeExpression]
    objects: Mapping[str, Mapping[str, Property]]
    output_objects: Mapping[str, Mapping[str, TypeExpression]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FunctionSchema:
    """The result of a function, with the objects nested in it."""

    result: Mapping[str, TypeExpression]
    objects: Mapping[str, Mapping[str, TypeExpression]]


class UnknownTypeError(LookupError):
    """No installed SDK has the resource type."""


class Sdk:
    """One installed SDK, read lazily, one module at a time."""

    def __init__(self, package: str, cache: Path | None = None) -> None:
        self.package = package
        self.distribution = PACKAGES[package]
        self.version = importlib.metadata.version(self.distribution)
        self._cache = (cache or cache_folder()) / f"schema-{_FORMAT}" / f"{package}-{self.version}"
        self._modules: dict[str, dict[str, Any]] = {}

    @cached_property
    def tokens(self) -> Mapping[str, tuple[str, str]]:
        """Every resource type token of the SDK, with its Python module and class."""
        stored = self._cache / "tokens.json"
        if stored.exists():
            return {token: (found[0], found[1]) for token, found in json.loads(stored.read_text()).items()}
        source = (self._folder() / "__init__.py").read_text(encoding="utf-8")
        listing = re.search(r'resource_modules="""(.*?)"""', source, re.DOTALL)
        assert listing is not None, f"{self.distribution} {self.version} no longer lists its resources"
        tokens = {
            token: (entry["fqn"], name)
            for entry in json.loads(listing.group(1))
            for token, name in entry["classes"].items()
        }
        _write(stored, tokens)
        return tokens

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """The current token of each legacy token, from the aliases that the SDK's classes declare."""
        stored = self._cache / "aliases.json"
        if stored.exists():
            return json.loads(stored.read_text())
        found: dict[str, set[str]] = {}
        for file in sorted(self._folder().rglob("*.py")):
            content = file.read_text(encoding="utf-8")
            for alias in _ALIAS.findall(content):
                found.setdefault(alias, set()).update(set(_TOKEN.findall(content)) - {alias})
        # A token that became two types (cloudflare's SplitTunnel) has no current token.
        aliases = {alias: tokens.pop() for alias, tokens in found.items() if len(tokens) == 1}
        _write(stored, aliases)
        return aliases

    def _folder(self) -> Path:
        specification = PathFinder.find_spec(self.distribution)
        assert specification is not None
        assert specification.origin is not None
        return Path(specification.origin).parent

    def schema(self, token: str) -> TypeSchema:
        """Return the schema of a resource type. Raises UnknownTypeError."""
        if token not in self.tokens:
            if self.package == "kubernetes" and _is_custom(token):
                return _custom_resource(token)
            raise UnknownTypeError(f"{self.distribution} {self.version} has no resource type {token}.")
        return _typed(token, self._module(token))

    def function(self, token: str) -> FunctionSchema:
        """Return the schema of a function's result ("aws:eks/getCluster:getCluster"). Raises UnknownTypeError."""
        _, path, name = token.split(":")
        module = path.rpartition("/")[0]
        stored = self._cache / "functions" / f"{module}.{name}.json"
        if not stored.exists():
            prefix = f"{self.package}:{module}/"
            fqn = next((fqn for each, (fqn, _) in self.tokens.items() if each.startswith(prefix)), None)
            if fqn is None:  # a module without resources, such as aws.pricing
                own = f"{self.distribution}.{module}"
                fqn = own if importlib.util.find_spec(own) is not None else self.distribution
            result = getattr(importlib.import_module(fqn), f"{name[0].upper()}{name[1:]}Result", None)
            if result is None:
                raise UnknownTypeError(f"{self.distribution} {self.version} has no function {token}.")
            reader = _SdkReader()
            _write(stored, {"result": reader.output_shape(result), "objects": reader.output_types})
        found = json.loads(stored.read_text())
        return FunctionSchema(found["result"], found["objects"])

    def is_cached(self, token: str) -> bool:
        """Return whether `schema(token)` works without importing the SDK."""
        unit = self._unit(token)
        return unit in self._modules or self._file(unit).exists()

    def _unit(self, token: str) -> str:
        """Return the name of what is read together: a module, or one class of Datadog's root module, which has
        thousands of nested types."""
        fqn, name = self.tokens[token]
        return f"{fqn}.{name}" if self.package in _READ_BY_CLASS and fqn == self.distribution else fqn

    def _file(self, unit: str) -> Path:
        return self._cache / f"{unit}.json"

    def _module(self, token: str) -> dict[str, Any]:
        fqn, unit = self.tokens[token][0], self._unit(token)
        if unit not in self._modules:
            stored = self._file(unit)
            if not stored.exists():
                together = {each: name for each, (_, name) in self.tokens.items() if self._unit(each) == unit}
                _write(stored, _extract(fqn, together))
            self._modules[unit] = json.loads(stored.read_text())
        return self._modules[unit]


def cache_folder() -> Path:
    """Return the folder for files that can be created again: `TIERUP_CACHE`, or the user's cache folder."""
    return Path(os.environ.get("TIERUP_CACHE") or platformdirs.user_cache_dir("tierup"))


@cache
def sdk(package: str) -> Sdk:
    """Return the installed SDK of a provider ("aws"). Raises UnknownTypeError for other providers."""
    if package not in PACKAGES:
        served = f"the sandbox has no provider '{package}'. It serves {', '.join(PACKAGES)}."
        raise UnknownTypeError(
            f"{served} Install it with `pip install 'tierup[{package}]'`." if package in EXTRAS else served
        )
    return Sdk(package)


@cache
def schema(token: str) -> TypeSchema:
    """Return the schema of a resource type by its token ("aws:ec2/vpc:Vpc"). Raises UnknownTypeError."""
    found = sdk(token.partition(":")[0])
    return found.schema(token if token in found.tokens else canonical(token))


@cache
def function_schema(token: str) -> FunctionSchema:
    """Return the schema of a function's result by its token. Raises UnknownTypeError."""
    return sdk(token.partition(":")[0]).function(token)


@cache
def canonical(token: str) -> str:
    """Return the current token of a resource type or function: "aws:s3/bucket:Bucket" for its legacy BucketV2."""
    package = token.partition(":")[0]
    # Each version of a Kubernetes API has its own type, which is an alias of all others.
    if package not in PACKAGES or package == "kubernetes":
        return token
    current = sdk(package).aliases.get(token, token)
    for legacy, module in _LEGACY_MODULES.items():
        if current.startswith(f"{legacy}/"):
            current = f"{module}/{current.removeprefix(f'{legacy}/')}"
    return current


def _typed(token: str, module: Mapping[str, Any]) -> TypeSchema:
    def properties(raw: Mapping[str, Any]) -> dict[str, Property]:
        return {name: Property(p["type"], p["required"]) for name, p in raw.items()}

    raw = module["resources"][token]
    return TypeSchema(
        token=token,
        inputs=properties(raw["inputs"]),
        outputs=raw["outputs"],
        objects=_Lazy(module["types"], properties),
        output_objects=module["output_types"],
    )


def _is_custom(token: str) -> bool:
    """Return whether a type of Kubernetes belongs to a custom resource definition, whose group is a domain."""
    group = token.split(":")[1].partition("/")[0]
    return "." in group and not group.endswith(".k8s.io")


def _custom_resource(token: str) -> TypeSchema:
    """Return the schema of a custom resource: the SDK knows its definition as little as the API before it exists."""
    fields = {"apiVersion": "string", "kind": "string", "metadata": "any", "spec": "any"}
    return TypeSchema(
        token=token,
        inputs={name: Property(kind, required=False) for name, kind in fields.items()},
        outputs={**fields, "status": "any"},
        objects={},
    )


class _Lazy(Mapping[str, Mapping[str, Property]]):
    """The objects of a module, typed on access, because wafv2 alone has thousands."""

    def __init__(self, raw: Mapping[str, Any], typed: Any) -> None:
        self._raw, self._typed, self._made = raw, typed, dict[str, Mapping[str, Property]]()

    def __getitem__(self, name: str) -> Mapping[str, Property]:
        if name not in self._made:
            self._made[name] = self._typed(self._raw[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_file.write_text(path, json.dumps(value, separators=(",", ":"), sort_keys=True))


# --- extraction, the only part that imports an SDK ---------------------------------------------------------------


def _extract(fqn: str, classes: Mapping[str, str]) -> dict[str, Any]:
    module, reader = importlib.import_module(fqn), _SdkReader()
    resources: dict[str, Any] = {}
    for token, name in classes.items():
        cls = getattr(module, name)
        arguments = _arguments_class(cls, name)
        resources[token] = {
            "inputs": reader.shape(arguments) if arguments is not None else {},
            "outputs": reader.outputs(cls),
        }
    only_outputs = {name: shape for name, shape in reader.output_types.items() if name not in reader.types}
    return {"resources": resources, "types": reader.types, "output_types": only_outputs}


class _SdkReader:
    """Reads the generated classes of one module; `types` collects the shapes of the nested objects."""

    def __init__(self) -> None:
        # The SDK's own reader of generated classes is private; there is no public one.
        from pulumi import _types  # pyright: ignore[reportPrivateUsage]

        self._sdk = _types
        self.types: dict[str, Any] = {}
        self.output_types: dict[str, dict[str, TypeExpression]] = {}

    def shape(self, cls: type) -> dict[str, Any]:
        names = self._sdk.input_type_py_to_pulumi_names(cls)
        signature = inspect.signature(cls.__init__)
        required = {
            names.get(p.name, p.name)
            for p in list(signature.parameters.values())[1:]
            if p.default is inspect.Parameter.empty and p.kind is inspect.Parameter.KEYWORD_ONLY
        }
        return {
            name: {"type": self.expression(annotation), "required": name in required}
            for name, annotation in self._sdk.input_type_types(cls).items()
        }

    def outputs(self, resource: type) -> dict[str, TypeExpression]:
        return {name: self.expression(annotation) for name, annotation in self._sdk.resource_types(resource).items()}

    def output_shape(self, cls: type) -> dict[str, TypeExpression]:
        """Return the types of an output class by property name."""
        return {name: self.expression(annotation) for name, annotation in self._sdk.output_type_types(cls).items()}

    def expression(self, annotation: Any) -> TypeExpression:
        plain = _PLAIN.get(annotation)
        if plain is not None:
            return plain
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin in (typing.Union, UnionType):
            return self._union(arguments)
        if origin in (collections.abc.Sequence, list):
            return ["list", self.expression(arguments[0])]
        if origin in (collections.abc.Mapping, dict):
            return ["map", self.expression(arguments[1])]
        return self._of_class(annotation) if inspect.isclass(annotation) else "any"

    def _of_class(self, cls: type) -> TypeExpression:
        if self._sdk.is_input_type(cls) or self._sdk.is_output_type(cls):
            name = cls.__name__.removesuffix("Args")
            if self._sdk.is_input_type(cls) and name not in self.types:
                self.types[name] = {}  # a type may contain itself (wafv2 statements)
                self.types[name] = self.shape(cls)
            if self._sdk.is_output_type(cls) and name not in self.output_types:
                self.output_types[name] = {}
                self.output_types[name] = self.output_shape(cls)
            return ["object", name]
        if issubclass(cls, enum.Enum):
            return ["enum", [member.value for member in cls]]
        return "asset" if cls.__name__ in ("Asset", "Archive") else "any"

    def _union(self, members: tuple[Any, ...]) -> TypeExpression:
        found = [self.expression(m) for m in members if m is not NoneType and not _is_wrapper(m)]
        objects = [each for each in found if isinstance(each, list) and each[0] == "object"]
        if "string" in found and objects:
            return ["json", objects[0]]
        if "string" in found and any(isinstance(each, list) and each[0] in ("list", "map") for each in found):
            return "any"  # an action of a policy statement is a string or a list of strings
        # Union[str, Enum] is a hint for editors: the provider accepts any string.
        for open_type in ("string", "number", "integer", "boolean"):
            if open_type in found:
                return open_type
        return found[0] if found else "any"


_PLAIN: Mapping[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", Any: "any"}


def _is_wrapper(annotation: Any) -> bool:
    """Return whether a member of a union adds nothing to T: Awaitable[T], Output[T], the TypedDict of an Args class."""
    origin = typing.get_origin(annotation)
    if origin is not None and getattr(origin, "__name__", "") in ("Awaitable", "Output"):
        return True
    return typing.is_typeddict(annotation)


def _arguments_class(cls: type, name: str) -> type | None:
    """Return the Args class of a resource: `BucketArgs`, or `…InitArgs` if a nested type has that name."""
    own = sys.modules[cls.__module__]
    for candidate in (f"{name}InitArgs", f"{name}Args"):
        found = getattr(own, candidate, None)
        if found is not None and found.__module__ == cls.__module__:
            return found
    return None
