"""Deploys the program to the sandbox's providers in this process, without the engine.

It creates every resource in the order in which the SDK registers them, and deletes them in the reverse order: seconds
instead of the minutes of an engine run. What only the engine does (previews, diffs, the state) is not part of it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.mocks import test as run_to_quiescence
from pulumi.runtime.proto import provider_pb2
from pydantic.alias_generators import to_snake

from stacks import architecture
from stacks.config.model import parse
from tests.stacks.config.test_model import MINIMAL_CONFIG
from tests.tierup.sandbox.docstrings.examples import as_received
from tests.tierup.sandbox.provider_calls import Context, urn
from tierup.sandbox.aws.ecs_vcpu_quotas import SERVICE, VCPU_QUOTAS
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import PACKAGES
from tierup.sandbox.wire import plain, struct


class _SecondRun(Mocks):
    """Compares what the program registers again with what the first run created."""

    def __init__(self, first: _Deployment, packages: Collection[str]) -> None:
        self.first = first
        self.packages = packages

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.custom or args.typ.startswith("pulumi:"):
            return args.name, as_received(args.inputs)
        _, _, id, outputs = next(each for each in self.first.created if each[:2] == (args.typ, args.name))
        if args.typ.partition(":")[0] in self.packages and (changed := self.first.difference(args)):
            self.first.errors.append(f"{args.name}: the second run changes {changed}")
        return id, outputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return self.first.call(args)


class _Deployment(Mocks):
    """Creates what the program registers, and keeps the errors of the providers."""

    def __init__(self, region: str) -> None:
        self.cloud = Cloud()
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
        return made.id, outputs

    def difference(self, args: MockResourceArgs) -> str:
        """Return what a second run with these inputs would change of a resource that was created; "" is nothing."""
        provider, its_urn = self.providers[args.typ.partition(":")[0]], urn(args.typ, args.name)
        _, _, id, outputs = next(each for each in self.created if each[:2] == (args.typ, args.name))
        found = next(each for each in self.cloud.all() if each.type == args.typ and each.name == args.name)
        news, olds = struct(as_received(args.inputs)), struct(found.inputs)
        checked = provider.Check(
            provider_pb2.CheckRequest(urn=its_urn, news=news, olds=olds, randomSeed=args.name.encode()), self.context
        )
        request = provider_pb2.DiffRequest(
            id=id, urn=its_urn, old_inputs=olds, olds=struct(outputs), news=checked.inputs
        )
        return ", ".join(provider.Diff(request, self.context).diffs)

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
            request = provider_pb2.DeleteRequest(id=id, urn=urn(type, name), properties=struct(outputs))
            try:
                self.providers[type.partition(":")[0]].Delete(request, self.context)
            except RuntimeError as error:
                self.errors.append(f"deleting {name}: {error}")


def deploy(
    settings: Mapping[str, str],
    *,
    region: str = "eu-west-1",
    prepare: Callable[[Cloud], object] = lambda _: None,
    destroy: bool = False,
    secrets: Mapping[str, str] | None = None,
    quiet: Collection[str] = (),
) -> tuple[list[str], list[CloudResource]]:
    """Return the errors of a deployment, and the resources that it left.

    Args:
        settings: the settings of the stack besides those of MINIMAL_CONFIG, without the namespace.
        region: the region of AWS.
        prepare: called with the cloud before the program runs.
        destroy: whether every resource is deleted afterwards.
        secrets: the secret settings, without the namespace.
        quiet: the providers whose resources a second run must not change; a change is an error.
    """
    given = {**MINIMAL_CONFIG, "aws:region": region, **{f"tierup:{key}": value for key, value in settings.items()}}
    encrypted = {f"tierup:{key}": value for key, value in (secrets or {}).items()}
    parsed = parse({**given, **encrypted}, secret_keys=encrypted, stack="dev")
    deployment = _Deployment(region)
    for quota in VCPU_QUOTAS:
        deployment.cloud.set_quota(SERVICE, quota.what, 1_000)
    prepare(deployment.cloud)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    set_mocks(deployment, project="tierup", stack="dev", preview=False)

    def run() -> None:
        outputs = {to_snake(key): pulumi.Output.secret(value) for key, value in (secrets or {}).items()}
        architecture.create(parsed.model_copy(update=outputs))

    try:
        try:
            cast("Callable[[], None]", run_to_quiescence(run))()
        except Exception:
            if not deployment.errors:
                raise  # else the program misses what could not be created
        if quiet and not deployment.errors:
            set_mocks(_SecondRun(deployment, quiet), project="tierup", stack="dev", preview=False)
            cast("Callable[[], None]", run_to_quiescence(run))()
        if destroy:
            deployment.destroy()
        return deployment.errors, [each for each in deployment.cloud.all() if each.urn]
    finally:
        loop.close()
        asyncio.set_event_loop(None)  # the SDK then creates a new one for later tests
        deployment.cloud.close()
