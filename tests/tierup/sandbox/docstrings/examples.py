"""Runs the Python examples in the docstrings of the installed SDKs on the sandbox's providers, without an engine.

Each example runs as a program: its resources are checked and created, its functions are called. Examples are fragments:
an existing resource that one names by a literal id is seeded, as `tierup sandbox seed` does.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import gc
import importlib
import inspect
import re
import textwrap
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any
from unittest.mock import patch

import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox import provider as provider_module
from tierup.sandbox import seeding
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import PACKAGES, sdk
from tierup.sandbox.wire import plain, struct

from ..provider_calls import Context, urn

_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
_MISSING = re.compile(r"the (?P<kinds>[\w ]+?) '(?P<value>[^']+)' does not exist")
_LITERALS: Mapping[str, str] = {
    **dict.fromkeys(("PROJECT ID", "<PROJECT-ID>", "<YOUR-PROJECT-ID>", "<PROJECT_ID>"), "5f0000000000000000000001"),
    **dict.fromkeys(("NAME OF CLUSTER", "<CLUSTER_NAME>"), "cluster0"),
    "PROVIDER AWS, AZURE OR GCP": "AWS",
}
"""Placeholders in literals, each with a value of the right form."""
_PLACEHOLDERS = re.compile("|".join(map(re.escape, _LITERALS)))
_PRINCIPALS: Mapping[str, str] = {"Role": "aws:iam/role:Role", "User": "aws:iam/user:User"}
_NAMED: Mapping[str, tuple[str, str]] = {
    "Role": ("aws:iam/role:Role", "arn"),
    "SecurityGroup": ("aws:ec2/securityGroup:SecurityGroup", "id"),
    "Stream": ("aws:kinesis/stream:Stream", "arn"),
    "Subnet": ("aws:ec2/subnet:Subnet", "id"),
    "Vpc": ("aws:ec2/vpc:Vpc", "id"),
}
"""The types that inputs name, with the output that their value equals."""
_SERVED = {*PACKAGES.values(), "pulumi", "json", "base64", "hashlib", "datetime", "typing"}


@dataclass(frozen=True, slots=True)
class Example:
    """One Python example of a resource type; `number` counts the examples of the type from 1."""

    type: str
    number: int
    code: str

    @property
    def name(self) -> str:
        return f"{self.type.rpartition(':')[2]}-{self.number}"

    @property
    def id(self) -> str:
        return f"{self.type.partition('/')[0]}:{self.name}"


@dataclass(slots=True)
class Result:
    """The outcome of an example."""

    accepted: bool
    reason: str = ""  # why it was rejected, or could not be run
    runs: bool = True  # False: it is a fragment that Python or another provider cannot run
    seeded: list[str] = field(default_factory=list[str])


@cache
def examples(type: str) -> tuple[Example, ...]:
    """Return the Python examples of a type, each once."""
    module, name = sdk(type.partition(":")[0]).tokens[type]
    cls = getattr(importlib.import_module(module), name)
    with _no_collection():
        source = inspect.getsource(cls)
    codes = dict.fromkeys(textwrap.dedent(block) for block in _BLOCK.findall(source))
    return tuple(Example(type, number, code) for number, code in enumerate(codes, start=1))


@contextmanager
def _no_collection() -> Generator[None]:
    """Collect no garbage in the block: a finalizer inside ast.parse confuses its depth count in Python 3.11."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def rows() -> list[str]:
    """Return the types of the SDKs with a behaviour row. Custom resources of Kubernetes are in no SDK."""
    return sorted(type for type in registry().behaviours if type in sdk(type.partition(":")[0]).tokens)


class RejectedError(Exception):
    """The sandbox rejected a resource or a function call."""


class _Sandbox(Mocks):
    """Sends what a program registers to the providers."""

    def __init__(self, *, seeds: bool = True) -> None:
        self.seeds = seeds  # whether a resource that a program names and does not create is seeded
        self.cloud = Cloud()
        self.context: Any = Context()
        self.providers = {package: Provider(package, self.cloud, registry()) for package in PACKAGES}
        for provider in self.providers.values():
            provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "us-west-2"})), self.context)
        self.seeded: list[str] = []
        self.errors: list[str] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.custom or args.typ.startswith("pulumi:"):
            return args.name, dict(args.inputs)
        try:
            return self._create(args)
        except Exception as error:
            # Pulumi's runtime ends the process if a registration raises, so the error is kept, and the program goes on.
            self.errors.append(f"{args.typ.rpartition(':')[2]} {args.name}: {error}")
            return args.name, dict(args.inputs)

    def _create(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        provider = self.providers[args.typ.partition(":")[0]]
        inputs = {name: value for name, value in args.inputs.items() if value is not None}
        if args.resource_id:
            return args.resource_id, inputs
        name = urn(args.typ, args.name)
        checked = provider.Check(
            provider_pb2.CheckRequest(urn=name, news=struct(as_received(inputs)), randomSeed=args.name.encode()),
            self.context,
        )
        if checked.failures:
            raise RejectedError("; ".join(failure.reason for failure in checked.failures))
        for _ in range(99):
            try:
                made = provider.Create(provider_pb2.CreateRequest(urn=name, properties=checked.inputs), self.context)
                return made.id, plain(made.properties)[0]
            except RuntimeError as error:
                if not self.seeds or not self._seed(args.typ, str(error)):
                    raise RejectedError(str(error)) from error
        raise RejectedError("too many missing resources")

    def _seed(self, type: str, message: str) -> bool:
        """Seed what a rejection calls absent; return whether there was any."""
        row = registry().rules(type)
        added = False
        for found in _MISSING.finditer(message):
            if (target := _PRINCIPALS.get(found["kinds"])) and "Invalid principal in policy" in message:
                added = True
                if f"{target} {found['value']}" not in self.seeded:
                    self._seed_target(target, "arn", found["value"])
                continue
            if (by_name := _NAMED.get(found["kinds"].partition(" or ")[0])) and "named-resource-exists" in message:
                added = True
                if f"{by_name[0]} {found['value']}" not in self.seeded:
                    self._seed_target(*by_name, found["value"])
                continue
            for reference in row.references if row is not None else ():
                targets = (reference.to,) if isinstance(reference.to, str) else reference.to
                target = next((each for each in targets if each.endswith(f":{found['kinds'].split(' or ')[0]}")), None)
                if target is None:
                    continue
                added = True  # another resource of the example may have seeded it meanwhile
                if f"{target} {found['value']}" not in self.seeded:
                    self._seed_target(target, reference.by, found["value"])
                break
        return added

    def _seed_target(self, type: str, by: str, value: str) -> None:
        self.seeded.append(f"{type} {value}")
        region = "us-west-2" if type.startswith("aws:") else None
        name = {"name": value} if by == "name" else {}
        made = seeding.seed(self.cloud, type, value, name, region=region)
        if by != "id" and made.outputs.get(by) != value:
            from dataclasses import replace

            self.cloud.change(replace(made, outputs={**made.outputs, by: value}))

    def call(self, args: MockCallArgs) -> Any:
        package = args.token.partition(":")[0]
        if package not in self.providers:
            return {}
        request = provider_pb2.InvokeRequest(tok=args.token, args=struct(as_received(args.args)))
        answer = self.providers[package].Invoke(request, self.context)
        if answer.failures:
            reason = "; ".join(failure.reason for failure in answer.failures)
            self.errors.append(f"{args.token.rpartition(':')[2]}: {reason}")
            return {}
        return plain(getattr(answer, "return"))[0]


def as_received(value: Any) -> Any:
    """Return inputs without the SDK's objects: an asset as the provider receives it, without reading its file."""
    if isinstance(value, Mapping):
        return {str(key): as_received(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [as_received(inner) for inner in value]
    if isinstance(value, pulumi.Archive):
        return {"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", "path": "archive.zip"}
    if isinstance(value, pulumi.Asset):
        return {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "text"}
    return value


_VALUES: Mapping[str, str] = {
    "arn": "arn:aws:iam::123456789012:role/existing",
    "cidrblock": "10.0.0.0/16",
    "cidr_block": "10.0.0.0/16",
    "availabilityzone": "us-west-2a",
    "certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "projectid": "5f0000000000000000000001",
    "project_id": "5f0000000000000000000001",
}
"""Values of an existing resource's properties, by the end of their names."""


class _Existing(str):
    """A resource or value that an example names and does not create: its properties are values of their names."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        name = self.replace("_", "-")
        if not isinstance(key, str):
            return self
        return next((value for end, value in _VALUES.items() if key.lower().endswith(end)), f"{name}-{key.lower()}")

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return self[key]


class _Scope(dict[str, Any]):
    """The names of an example; one that it does not define is an existing resource."""

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        ending = name.lower()
        return _Existing(next((value for end, value in _VALUES.items() if ending.endswith(end)), name))


def run(example: Example) -> Result:
    """Run an example and return its outcome."""
    try:
        with _no_collection():
            tree = ast.parse(_PLACEHOLDERS.sub(lambda found: _LITERALS[found.group(0)], example.code))
    except SyntaxError as error:
        return Result(False, f"syntax: {error.msg}", runs=False)
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else name.name) or ""
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in node.names
    }
    if unserved := sorted(each for each in imported if each.partition(".")[0] not in _SERVED):
        return Result(False, f"needs {', '.join(unserved)}", runs=False)
    scope = _Scope(__name__="example")
    return _run(compile(tree, example.name, "exec"), {}, scope, _Sandbox())


def run_program(code: str) -> Result:
    """Run a whole program in an account in which nothing else exists, and return its outcome."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    return _run(compile(code, "program", "exec"), scope, scope, _Sandbox(seeds=False))


def _run(code: CodeType, names: dict[str, Any], scope: dict[str, Any], sandbox: _Sandbox) -> Result:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    set_mocks(sandbox, project="tierup", stack="dev", preview=False)

    @pulumi.runtime.test
    def program() -> Any:
        exec(code, names, scope)  # noqa: S102 - the installed SDKs' own examples, and programs of the tests

    try:
        with patch.object(provider_module, "_RETRY_SECONDS", 0.0):  # nothing else creates what is missing
            program()
    except Exception as error:
        if sandbox.errors:
            return Result(False, sandbox.errors[0], seeded=sandbox.seeded)
        return Result(False, f"{type(error).__name__}: {str(error).splitlines()[0][:200]}", runs=False)
    finally:
        loop.close()
        asyncio.set_event_loop(None)  # the SDK then creates a new one for later tests
        sandbox.cloud.close()
    if sandbox.errors:
        return Result(False, sandbox.errors[0], seeded=sandbox.seeded)
    return Result(True, seeded=sandbox.seeded)
