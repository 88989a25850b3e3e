"""Deploys the program to the sandbox's providers in this process, without the engine.

It creates every resource in the order in which the SDK registers them, and deletes them in the reverse order: seconds
instead of the minutes of an engine run. What only the engine does (previews, diffs, the state) is not part of it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.mocks import test as run_to_quiescence
from pulumi.runtime.proto import provider_pb2

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
from tierup.stack_traces import without_stack_traces


class Deployment(Mocks):
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


@contextmanager
def deployment(
    settings: Mapping[str, str], *, region: str = "eu-west-1", prepare: Callable[[Cloud], object] = lambda _: None
) -> Iterator[Deployment]:
    """Deploy the program, and yield the deployment with its cloud, which is closed afterwards.

    Args:
        settings: the settings of the stack besides those of MINIMAL_CONFIG, without the namespace.
        region: the region of AWS.
        prepare: called with the cloud before the program runs.
    """
    given = {**MINIMAL_CONFIG, "aws:region": region, **{f"tierup:{key}": value for key, value in settings.items()}}
    parsed = parse(given, secret_keys=(), stack="dev")
    made = Deployment(region)
    for quota in VCPU_QUOTAS:
        made.cloud.set_quota(SERVICE, quota.what, 1_000)
    prepare(made.cloud)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    set_mocks(made, project="tierup", stack="dev", preview=False)

    def run() -> None:
        architecture.create(parsed)

    try:
        try:
            with without_stack_traces():
                cast("Callable[[], None]", run_to_quiescence(run))()
        except Exception:
            if not made.errors:
                raise  # else the program misses what could not be created
        yield made
    finally:
        loop.close()
        asyncio.set_event_loop(None)  # the SDK then creates a new one for later tests
        made.cloud.close()


def deploy(
    settings: Mapping[str, str],
    *,
    region: str = "eu-west-1",
    prepare: Callable[[Cloud], object] = lambda _: None,
    destroy: bool = False,
) -> tuple[list[str], list[CloudResource]]:
    """Return the errors of a deployment, and the resources that it left.

    Args:
        settings: the settings of the stack besides those of MINIMAL_CONFIG, without the namespace.
        region: the region of AWS.
        prepare: called with the cloud before the program runs.
        destroy: whether every resource is deleted afterwards.
    """
    with deployment(settings, region=region, prepare=prepare) as made:
        if destroy:
            made.destroy()
        return made.errors, [each for each in made.cloud.all() if each.urn]
