"""Lists the resources of the program, by running it against mocks: without an engine or a cloud.

The mocks leave the outputs of the clouds unknown, as a preview of a new stack does. So the list shows what the settings
decide: which resources, of which sizes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.mocks import test as run_to_quiescence

from tierup.cost.rules import PricedResource
from tierup.program_loader import import_path, program_modules, remembered
from tierup.program_settings import (
    NAMESPACE,
    SECRET_SETTINGS,
    Phase,
    Settings,
    Tier,
    parse_settings,
    with_placeholder_secrets,
)
from tierup.stack_traces import without_stack_traces

with import_path():
    from stacks import architecture

_MODULES: Final = program_modules()

_ACCOUNT: Final = "111122223333"
_STACK: Final = "cost"
_LOOKUPS: Final[Mapping[str, Mapping[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": _ACCOUNT},
    "aws:route53/getZone:getZone": {"zoneId": "Z0", "name": "example.com"},
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": "pl-0"},
    "aws:ssm/getParameter:getParameter": {"value": "ami-0"},
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "random"},
    "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": {},
    "cloudflare:index/getZone:getZone": {"zoneId": "0" * 32, "name": "example.com"},
    "cloudflare:index/getIpRanges:getIpRanges": {"ipv4Cidrs": ["192.0.2.0/24"], "ipv6Cidrs": ["2001:db8::/32"]},
}
"""The results of the functions that the program calls before it registers resources."""


_HOSTS: Final = {"repository": "you/app", "netlifyTeam": "you", "renderOwner": "tea-0", "railwayWorkspace": "0"}
_EKS: Final = {"adminRoles": [f"arn:aws:iam::{_ACCOUNT}:role/deploy"]}
_VENDORS: Final[Mapping[str, Mapping[str, str]]] = {
    "datadog": {"datadogApiKey": "0" * 32},
    "newrelic": {"newRelic": json.dumps({"accountId": "1234567"}), "newRelicLicenseKey": "0" * 40},
    "sentry": {"sentry": json.dumps({"organization": "example"})},
}
"""By vendor of `monitoring`, what its account needs."""


def _example_accounts(changed: Mapping[str, str]) -> Mapping[str, str]:
    """Return example accounts for what the settings select: they are required, and decide no resource."""
    found: dict[str, str] = {}
    if {changed.get("frontendHost", "aws"), changed.get("backendHost", "aws")} != {"aws"}:
        found["hosts"] = json.dumps(_HOSTS)
    if "eks" in changed.get("orchestrator", ""):
        found["eks"] = json.dumps(_EKS)
    for vendor, settings in _VENDORS.items():
        if vendor in changed.get("monitoring", ""):
            found |= settings
    return found


@dataclass(frozen=True, slots=True)
class RecordedProgram:
    """What the program uses: its resources, and the functions that it calls."""

    resources: Sequence[PricedResource]
    functions: frozenset[str]


def list_resources(phase: Phase, tier: Tier, region: str, **changed: str) -> Sequence[PricedResource]:
    """Return every provider resource of a stack with default settings besides phase, tier, region and `changed`.

    Raises:
        RejectedSettingsError: the program rejects the combination.
    """
    return record_program(phase, tier, region, **changed).resources


@cache
def record_program(phase: Phase, tier: Tier, region: str, **changed: str) -> RecordedProgram:
    """Return what a stack uses that has default settings besides its phase, tier, region and `changed` settings.

    `changed` has texts as Pulumi passes them, by key without namespace. Accounts that it leaves out are examples.

    Raises:
        RejectedSettingsError: the program rejects the combination.
    """
    own = {f"{NAMESPACE}:{key}": value for key, value in {**_example_accounts(changed), **changed}.items()}
    secret = {f"{NAMESPACE}:{key}" for key in SECRET_SETTINGS} & own.keys()
    config = {**_config(phase, tier, region), **own}
    settings = parse_settings(config, _STACK, secret_keys=secret)
    return _run(settings, config, "tierup", _STACK, _Mocks(settings))


def list_configured_resources(
    config: Mapping[str, str], *, secret_keys: Collection[str], project: str, stack: str
) -> Sequence[PricedResource]:
    """Return every provider resource of a stack with this configuration (full key → text).

    References to the id of another AWS resource contain its logical name, so that a caller can follow them. Other
    outputs stay unknown. The run leaves the mocks in Pulumi's runtime, so it needs a process without an operation.

    Raises:
        RejectedSettingsError: the program rejects the configuration.
    """
    settings = parse_settings(config, stack, secret_keys=secret_keys)
    return _run(settings, config, project, stack, _NamedMocks(settings)).resources


def _run(settings: Settings, config: Mapping[str, str], project: str, stack: str, mocks: _Mocks) -> RecordedProgram:
    asyncio.set_event_loop(asyncio.new_event_loop())  # an earlier asyncio.run leaves none, or a closed one
    monitor = _RecordingMonitor(mocks)
    set_mocks(mocks, project=project, stack=stack, preview=True, monitor=monitor)
    with without_stack_traces(), remembered(_MODULES):
        cast(
            "Any",
            run_to_quiescence(lambda: architecture.create(with_placeholder_secrets(settings, config)) and None),
        )()
    return RecordedProgram(monitor.recorded, frozenset(mocks.called))


def _config(phase: Phase, tier: Tier, region: str) -> Mapping[str, str]:
    settings = {
        "phase": phase.value,
        "tier": tier.value,
        "domain": "app.example.com",
        "alertEmail": "ops@example.com",
        "atlasOrgId": "0" * 24,
    }
    return {"aws:region": region, **{f"{NAMESPACE}:{key}": value for key, value in settings.items()}}


def _outputs(args: MockResourceArgs) -> dict[str, Any]:
    """Return the inputs, with the name that the provider gives to an object of Kubernetes without one."""
    inputs = cast("dict[str, Any]", args.inputs)
    if not args.typ.startswith("kubernetes:"):
        return inputs
    return {**inputs, "metadata": {"name": args.name, **(inputs.get("metadata") or {})}}


class _Mocks(Mocks):
    def __init__(self, settings: Settings) -> None:
        self.called: set[str] = set()
        zones = [f"{settings.region}{letter}" for letter in "abc"]
        self._settings = settings
        self._lookups = {
            **_LOOKUPS,
            "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": zones, "zoneIds": zones},
            "aws:ec2/getSubnets:getSubnets": {"ids": []},
        }

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return "", _outputs(args)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        self.called.add(args.token)
        return dict(self._lookups[args.token]), []


class _NamedMocks(_Mocks):
    """Mocks in which the id of an AWS resource is its logical name, and which return what a stack may look up.

    Ids of Atlas stay unknown, because the program looks up the cluster once it has an id.
    """

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return args.name if args.typ.startswith("aws:") else "", _outputs(args)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        given = cast("dict[str, Any]", args.args)
        settings = self._settings
        match args.token:
            case "aws:route53/getZone:getZone" | "cloudflare:index/getZone:getZone":
                # A zone that contains both names of every stack: the checks of the DNS zone report a wrong one.
                return {"zoneId": "Z0", "name": _common_parent(settings.domain, settings.api_host)}, []
            case "aws:ec2/getVpc:getVpc":
                answer = {"enableDnsSupport": True, "enableDnsHostnames": True, "cidrBlock": settings.vpc_cidr}
                return {**given, **answer}, []
            case "aws:ec2/getSubnet:getSubnet" if settings.existing_network is not None:
                network = settings.existing_network.model_dump()
                zones = (
                    zone
                    for subnets in network.values()
                    if isinstance(subnets, dict)
                    for zone, subnet in subnets.items()
                    if subnet == given.get("id")
                )
                return {**given, "vpcId": network["vpc_id"], "availabilityZone": next(zones, "")}, []
            case token if token in self._lookups:
                return super().call(args)
            case _:
                return given, []


def _common_parent(*hosts: str) -> str:
    """Return the longest domain that contains all host names."""
    labels = [host.split(".")[::-1] for host in hosts]
    shared: list[str] = []
    for level in zip(*labels, strict=False):
        if len(set(level)) > 1:
            break
        shared.insert(0, level[0])
    return ".".join(shared)


class _RecordingMonitor(MockMonitor):
    """Records each resource of a provider with the component that registers it, and not the providers themselves."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.recorded: list[PricedResource] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the name of the gRPC method)
        if request.custom and not str(request.type).startswith("pulumi:providers:"):
            _, _, types, name = str(request.parent).split("::", 3)
            inputs = cast("dict[str, Any]", rpc.deserialize_properties(request.object))
            self.recorded.append(
                PricedResource(
                    type=request.type,
                    name=request.name,
                    component=types.rpartition("$")[2],
                    parent=name,
                    inputs={key: rpc.unwrap_rpc_secret(value) for key, value in inputs.items()},
                )
            )
        return super().RegisterResource(request)
