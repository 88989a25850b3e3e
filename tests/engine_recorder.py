"""Record the resources that a program registers, with inputs, parents and options, for the tests with mocks.

The recorder extends Pulumi's mocks and reads each registration request. What it records (inputs in camelCase, secrets,
dependencies after Pulumi has expanded them) is therefore what the real engine would receive.

    recording = record(lambda: LogBucket("logs", LogBucketArgs(...)))
    assert recording.tree() == {"logs": None, "logs-bucket": "logs", ...}
    bucket = recording.one("aws:s3/bucket:Bucket")
    assert bucket.inputs["forceDestroy"] is False
    assert recording.value(recording.result.bucket_name) == "logs-bucket-name"

The outputs of a resource are its inputs, an `arn`, an `id` (`<logical name>-id`), a `name` if it has no such input
(`<logical name>-name`, like autonaming; for a bucket it is `bucket`, and for a Kubernetes object it is in `metadata`),
and `outputs[type]`. A URN that is registered twice is an error, as in the engine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.mocks import test as run_to_quiescence

from tierup.stack_traces import without_stack_traces

ACCOUNT = "111122223333"
REGION = "eu-west-1"

# Results of invokes that every component may call. A test adds or replaces results with `calls`.
DEFAULT_CALLS: Mapping[str, Mapping[str, Any]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root"},
    "aws:index/getRegion:getRegion": {"region": REGION, "id": REGION, "name": REGION},
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com"},
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "a-random-password-of-the-mocks"},
}

Built = TypeVar("Built")


@dataclass(frozen=True, kw_only=True)
class RecordedOptions:
    """Resource options as the engine receives them, with logical names for resources."""

    depends_on: frozenset[str]
    """The resources that are created first: those in `depends_on`, and those whose outputs an input contains."""
    protect: bool
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    delete_before_replace: bool
    retain_on_delete: bool
    deleted_with: str | None
    additional_secret_outputs: tuple[str, ...]
    provider: str | None


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One registered resource."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    """Plain values by camelCase name; `pulumi.output.Unknown` if a preview does not know the value."""
    secret_inputs: frozenset[str]
    """Top-level inputs that contain a secret at any depth."""
    parent: str | None
    """Logical name of the parent; None for a child of the stack."""
    opts: RecordedOptions
    custom: bool
    """True for a provider's resource, False for a component."""
    urn: str
    outputs: Mapping[str, Any]
    """The outputs of the mocks, which include the inputs."""
    flows: Mapping[str, frozenset[str]]
    """For each input, the URNs of the resources whose outputs it contains."""


@dataclass(frozen=True, kw_only=True)
class Recording(Generic[Built]):
    """The resources that one run registered, in order of registration, and the result of `build`."""

    resources: tuple[Recorded, ...]
    calls: tuple[tuple[str, Mapping[str, Any]], ...]
    result: Built

    def tree(self) -> dict[str, str | None]:
        """Return the logical name of each resource's parent, by logical name."""
        return {resource.name: resource.parent for resource in self.resources}

    def types(self) -> dict[str, str]:
        """Return the type token of each resource, by logical name."""
        return {resource.name: resource.type for resource in self.resources}

    def of(self, type_token: str) -> list[Recorded]:
        """Return the resources of a type, by logical name: the order of registration differs from run to run."""
        return sorted((each for each in self.resources if each.type == type_token), key=lambda each: each.name)

    def one(self, type_token: str) -> Recorded:
        """Return the only resource of a type. Raises AssertionError with the registered types if there is not one."""
        found = self.of(type_token)
        assert len(found) == 1, f"{len(found)} of {type_token}; registered: {self.types()}"
        return found[0]

    def named(self, name: str) -> Recorded:
        """Return the only resource with a logical name. Raises AssertionError if there is not exactly one."""
        found = [resource for resource in self.resources if resource.name == name]
        assert len(found) == 1, f"{len(found)} named {name}; registered: {self.types()}"
        return found[0]

    def value(self, output: pulumi.Input[Any]) -> Any:
        """Return the value of an output; None if a preview does not know it."""
        return _await(pulumi.Output.from_input(output))

    def is_secret(self, output: pulumi.Output[Any]) -> bool:
        """Return whether an output is marked as secret."""
        return bool(_await(pulumi.Output.from_input(output.is_secret())))

    def sources(self, output: pulumi.Output[Any]) -> frozenset[str]:
        """Return the logical names of the resources that an output depends on."""
        return frozenset(_name_of(urn) or "" for urn in self._source_urns(output))

    def source_types(self, output: pulumi.Output[Any]) -> frozenset[str]:
        """Return the type tokens of the resources that an output depends on."""
        return frozenset(urn.split("::")[2].split("$")[-1] for urn in self._source_urns(output))

    def _source_urns(self, output: pulumi.Output[Any]) -> list[str]:
        return cast("list[str]", _await(pulumi.Output.from_input(_urns(output))))


async def _urns(output: pulumi.Output[Any]) -> list[str]:
    return [await resource.urn.future() or "" for resource in await output.resources()]


def record(
    build: Callable[[], Built],
    *,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
    calls: Mapping[str, Mapping[str, Any]] | None = None,
    preview: bool = False,
    project: str = "tierup",
    stack: str = "dev",
) -> Recording[Built]:
    """Run `build` against mocks and return the resources that it registered.

    `outputs` has further outputs for each resource of a type token, and `calls` the result of each invoke token.
    Raises every error of `build` and of its `apply` functions, LookupError if an invoke has no result, and ValueError
    if a URN is registered twice.
    """
    mocks = _Mocks(outputs=outputs or {}, results={**DEFAULT_CALLS, **(calls or {})})
    monitor = _RecordingMonitor(mocks)
    set_mocks(mocks, project=project, stack=stack, preview=preview, monitor=monitor)
    built: list[Built] = []

    def run() -> None:
        built.append(build())

    with without_stack_traces():
        cast("Callable[[], None]", run_to_quiescence(run))()
    if monitor.twice:
        raise ValueError(f"registered twice, which the engine rejects: {', '.join(monitor.twice)}")
    return Recording(resources=tuple(monitor.recorded), calls=tuple(mocks.calls), result=built[0])


@dataclass
class _Mocks(Mocks):
    outputs: Mapping[str, Mapping[str, Any]]
    results: Mapping[str, Mapping[str, Any]]
    services: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """The created ECS services by name, for lookups of a service that the same program created."""
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list[tuple[str, Mapping[str, Any]]])

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)
        if not args.custom:
            return "", inputs
        service = args.typ.split(":")[1].split("/")[0]
        computed = {"arn": f"arn:aws:{service}:{REGION}:{ACCOUNT}:{args.name}", "name": f"{args.name}-name"}
        if args.typ == "aws:s3/bucket:Bucket":
            bucket = inputs.get("bucket") or f"{args.name}-name"
            computed |= {"bucket": bucket, "bucketRegionalDomainName": f"{bucket}.s3.{REGION}.amazonaws.com"}
        if args.typ.startswith("kubernetes:"):
            # The provider names objects in their metadata.
            inputs = {**inputs, "metadata": {"name": f"{args.name}-name", **inputs.get("metadata", {})}}
        outputs: dict[str, Any] = {**computed, **inputs, **self.outputs.get(args.typ, {})}
        if (region := inputs.get("region")) and args.typ.startswith("aws:"):
            for key in outputs.keys() - inputs.keys():
                if str(outputs[key]).startswith("arn:aws:"):
                    outputs[key] = outputs[key].replace(f":{REGION}:", f":{region}:", 1)
        if args.typ == "aws:ecs/service:Service":
            self.services[outputs["name"]] = outputs
        return args.resource_id or f"{args.name}-id", outputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        self.calls.append((args.token, cast("dict[str, Any]", args.args)))
        if args.token == "aws:ecs/getService:getService" and args.token not in self.results:
            return dict(self.services[cast("str", args.args["serviceName"])]), []
        if args.token not in self.results:
            raise LookupError(f"the invoke {args.token} has no result. Pass one to record(calls=...).")
        return dict(self.results[args.token]), []


class _RecordingMonitor(MockMonitor):
    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.recorded: list[Recorded] = []
        self.twice: list[str] = []
        self._registered: set[str] = set()
        self._lock = threading.Lock()  # the SDK registers from several threads

    def RegisterResource(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        with self._lock:
            if urn in self._registered:
                self.twice.append(urn)
            self._registered.add(urn)
        response = super().RegisterResource(request)
        if request.type == "pulumi:pulumi:Stack":
            return response
        inputs = cast("dict[str, Any]", rpc.deserialize_properties(request.object))
        self.recorded.append(
            Recorded(
                type=request.type,
                name=request.name,
                inputs={key: rpc.unwrap_rpc_secret(value) for key, value in inputs.items()},
                secret_inputs=frozenset(key for key, value in inputs.items() if rpc.is_rpc_secret(value)),
                parent=_name_of(request.parent),
                opts=_options(request),
                custom=bool(request.custom),
                urn=response.urn,
                outputs=rpc.deserialize_properties(response.object),
                flows={key: frozenset(found.urns) for key, found in request.propertyDependencies.items()},
            )
        )
        return response


def _options(request: Any) -> RecordedOptions:
    return RecordedOptions(
        depends_on=frozenset(filter(None, (_name_of(urn) for urn in request.dependencies))),
        protect=bool(request.protect),
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=bool(request.deleteBeforeReplace),
        retain_on_delete=bool(request.retainOnDelete),
        deleted_with=_name_of(request.deletedWith),
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        provider=request.provider or None,
    )


def _name_of(urn: str) -> str | None:
    """Return the logical name in a URN; None if there is no URN, or if it is the stack's."""
    if not urn or "::pulumi:pulumi:Stack::" in urn:
        return None
    return urn.split("::", 3)[3]


def _await(output: pulumi.Output[Any]) -> Any:
    values: list[Any] = []

    def run() -> pulumi.Output[None]:
        return output.apply(values.append)

    cast("Callable[[], None]", run_to_quiescence(run))()
    return values[0] if values else None
