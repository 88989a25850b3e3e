"""Deploys the program to the sandbox's providers in this process, without the engine.

It creates every resource in the order in which the SDK registers them, and deletes them in the reverse order: seconds
instead of the minutes of an engine run. What only the engine does (previews, diffs, the state) is not part of it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast
from unittest.mock import patch

import dill
import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.mocks import test as run_to_quiescence
from pulumi.runtime.proto import provider_pb2
from pydantic.alias_generators import to_snake

from stacks import architecture
from stacks.config.reading import parse
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.tierup.sandbox.docstrings.examples import as_received
from tests.tierup.sandbox.provider_calls import Context, urn
from tierup.sandbox.aws.ecs_vcpu_quotas import SERVICE, VCPU_QUOTAS
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.host_apis.server import HostApiServer, host_environment
from tierup.sandbox.host_apis.store import HostStore
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import PACKAGES
from tierup.sandbox.wire import plain, struct
from tierup.stack_traces import without_stack_traces

_DYNAMIC: Final = "pulumi-python:dynamic"
_GENERATED: Final = "aws:secretsmanager/secretVersion:SecretVersion"
"""A type whose value each run generates; the program ignores its changes, which only the engine does."""


class Deployment(Mocks):
    """Creates what the program registers, and keeps the errors of the providers.

    With `earlier`, it compares what the program registers with that deployment instead, and keeps the changes.
    """

    def __init__(self, region: str, earlier: Deployment | None = None) -> None:
        self.cloud = earlier.cloud if earlier else Cloud()
        self.made: dict[tuple[str, str], tuple[str, dict[str, Any], dict[str, Any]]] = earlier.made if earlier else {}
        self._compares = earlier is not None
        self.context: Any = Context()
        self.errors: list[str] = []
        self.created: list[tuple[str, str, str, dict[str, Any]]] = []
        self._lock = threading.Lock()
        self.providers = {package: Provider(package, self.cloud, registry()) for package in PACKAGES}
        for provider in self.providers.values():
            provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": region})), self.context)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs: dict[str, Any] = as_received(args.inputs)
        if not args.custom or args.typ.startswith("pulumi:"):
            return args.name, inputs
        try:
            if self._compares:
                return self._compare(args.typ, args.name, inputs)
            if args.typ.startswith(_DYNAMIC):
                return self._create_dynamic(args.typ, args.name, inputs)
            return self._create(args.typ, args.name, inputs)
        except Exception as error:  # Pulumi's runtime ends the process if a registration raises
            with self._lock:
                self.errors.append(f"{args.name}: {error}")
            return args.name, inputs

    def _create(self, type: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        provider, name_of_it = self.providers[type.partition(":")[0]], urn(type, name)
        request = provider_pb2.CheckRequest(urn=name_of_it, news=struct(inputs), randomSeed=name.encode())
        checked = provider.Check(request, self.context)
        if checked.failures:
            raise ValueError("; ".join(failure.reason for failure in checked.failures))
        made = provider.Create(provider_pb2.CreateRequest(urn=name_of_it, properties=checked.inputs), self.context)
        outputs = plain(made.properties)[0]
        with self._lock:
            self.created.append((type, name, made.id, outputs))
            self.made[type, name] = (made.id, plain(checked.inputs)[0], outputs)
        return made.id, outputs

    def _create_dynamic(self, type: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        made = _dynamic(inputs).create({key: value for key, value in inputs.items() if value is not None})
        outputs = {**(made.outs or {}), "__provider": inputs["__provider"]}
        with self._lock:
            self.created.append((type, name, made.id, outputs))
            self.made[type, name] = (made.id, inputs, outputs)
        return made.id, outputs

    def _compare(self, type: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Keep an error for a resource that a second run would change, as its provider compares it."""
        id, old_inputs, outputs = self.made[type, name]
        if type.startswith(_DYNAMIC):
            provider = _dynamic(inputs)
            read = provider.read(id, dict(outputs))
            difference = provider.diff(
                id, read.outs, {key: value for key, value in inputs.items() if value is not None}
            )
            if difference.changes or read.id != id:
                self.errors.append(f"{name}: a second run changes it")
        elif type != _GENERATED:
            provider, at = self.providers[type.partition(":")[0]], urn(type, name)
            check = provider_pb2.CheckRequest(
                urn=at, olds=struct(old_inputs), news=struct(inputs), randomSeed=name.encode()
            )
            request = provider_pb2.DiffRequest(
                id=id,
                urn=at,
                olds=struct(outputs),
                old_inputs=struct(old_inputs),
                news=provider.Check(check, self.context).inputs,
            )
            changed = provider.Diff(request, self.context)
            if changed.changes != provider_pb2.DiffResponse.DIFF_NONE:
                self.errors.append(f"{name}: a second run changes {', '.join(changed.diffs)}")
        return id, outputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        request = provider_pb2.InvokeRequest(tok=args.token, args=struct(as_received(args.args)))
        answer = self.providers[args.token.partition(":")[0]].Invoke(request, self.context)
        if answer.failures:
            failures = [(each.property, each.reason) for each in answer.failures]
            self.errors.append(f"{args.token}: {'; '.join(reason for _, reason in failures)}")
            return {}, failures
        return plain(getattr(answer, "return"))[0], []

    def destroy(self) -> None:
        for type, name, id, outputs in reversed(self.created):
            if type.startswith(_DYNAMIC):
                _dynamic(outputs).delete(id, outputs)
                continue
            request = provider_pb2.DeleteRequest(id=id, urn=urn(type, name), properties=struct(outputs))
            try:
                self.providers[type.partition(":")[0]].Delete(request, self.context)
            except RuntimeError as error:
                self.errors.append(f"deleting {name}: {error}")


def _dynamic(properties: Mapping[str, Any]) -> Any:
    """Return the dynamic provider that a resource's properties contain, as Pulumi's plugin loads it."""
    return dill.loads(base64.b64decode(properties["__provider"]))  # noqa: S301 (our own)


def _secret(text: str) -> Any:
    """Return a secret setting as the program reads it: an output, or one for each key of an object."""
    if not text.startswith("{"):
        return pulumi.Output.secret(text)
    return {key: pulumi.Output.secret(value) for key, value in json.loads(text).items()}


@contextmanager
def deployment(
    settings: Mapping[str, str],
    *,
    region: str = "eu-west-1",
    prepare: Callable[[Cloud], object] = lambda _: None,
    again: bool = False,
    secrets: Mapping[str, str] | None = None,
) -> Generator[Deployment]:
    """Deploy the program, and yield the deployment with its cloud, which is closed afterwards.

    Args:
        settings: the settings of the stack besides those of MINIMAL_CONFIG, without the namespace.
        region: the region of AWS.
        prepare: called with the cloud before the program runs.
        again: whether the program runs a second time, which must change nothing.
        secrets: the secret settings, without the namespace.
    """
    given = {**MINIMAL_CONFIG, "aws:region": region, **{f"tierup:{key}": value for key, value in settings.items()}}
    encrypted = {f"tierup:{key}": value for key, value in (secrets or {}).items()}
    parsed = parse({**given, **encrypted}, secret_keys=encrypted, stack="dev")
    made = Deployment(region)
    for quota in VCPU_QUOTAS:
        made.cloud.set_quota(SERVICE, quota.what, 1_000)
    prepare(made.cloud)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    hosts = HostApiServer(HostStore())

    def run() -> None:
        outputs = {to_snake(key): _secret(value) for key, value in (secrets or {}).items()}
        architecture.create(parsed.model_copy(update=outputs))

    def run_with(mocks: Deployment) -> None:
        set_mocks(mocks, project="tierup", stack="dev", preview=False)
        try:
            with without_stack_traces():
                cast("Callable[[], None]", run_to_quiescence(run))()
        except Exception:
            if not mocks.errors:
                raise  # else the program misses what could not be created

    environment = patch.dict(os.environ, host_environment(hosts.port))
    environment.start()
    try:
        run_with(made)
        if again and not made.errors:
            second = Deployment(region, made)
            run_with(second)
            made.errors += second.errors
        yield made
    finally:
        environment.stop()
        hosts.close()
        loop.close()
        asyncio.set_event_loop(None)  # the SDK then creates a new one for later tests
        made.cloud.close()


def deploy(
    settings: Mapping[str, str],
    *,
    region: str = "eu-west-1",
    prepare: Callable[[Cloud], object] = lambda _: None,
    inspect: Callable[[Cloud], object] = lambda _: None,
    destroy: bool = False,
    again: bool = False,
    secrets: Mapping[str, str] | None = None,
) -> tuple[list[str], list[CloudResource]]:
    """Return the errors of a deployment, and the resources that it left.

    Args:
        settings: the settings of the stack besides those of MINIMAL_CONFIG, without the namespace.
        region: the region of AWS.
        prepare: called with the cloud before the program runs.
        inspect: called with the cloud after the program ran.
        destroy: whether every resource is deleted afterwards.
        again: whether the program runs a second time, which must change nothing.
        secrets: the secret settings, without the namespace.
    """
    with deployment(settings, region=region, prepare=prepare, again=again, secrets=secrets) as made:
        inspect(made.cloud)
        if destroy:
            made.destroy()
        return made.errors, [each for each in made.cloud.all() if each.urn]
