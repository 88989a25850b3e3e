"""Lists the resources of the program for a phase and tier, by running it against mocks: without an engine or a cloud.

The mocks leave the outputs of the clouds unknown, as a preview of a new stack does. So the list shows what the settings
decide: which resources, of which sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.mocks import test as run_to_quiescence

from tierup.cost.rules import PricedResource
from tierup.program_loader import import_path
from tierup.program_settings import NAMESPACE, Phase, Settings, Tier, parse_settings

with import_path():
    from stacks import architecture

_ACCOUNT: Final = "111122223333"
_STACK: Final = "cost"
_LOOKUPS: Final[Mapping[str, Mapping[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": _ACCOUNT},
    "aws:route53/getZone:getZone": {"zoneId": "Z0", "name": "example.com"},
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": "pl-0"},
    "aws:ssm/getParameter:getParameter": {"value": "ami-0"},
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "random"},
    "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": {},
    "cloudflare:index/getZone:getZone": {"name": "example.com"},
    "cloudflare:index/getIpRanges:getIpRanges": {"ipv4Cidrs": ["192.0.2.0/24"], "ipv6Cidrs": ["2001:db8::/32"]},
}
"""The results of the functions that the program calls before it registers resources."""


def list_resources(phase: Phase, tier: Tier, region: str) -> Sequence[PricedResource]:
    """Return every provider resource of a stack that has default settings besides its phase, tier and region.

    Raises:
        RejectedSettingsError: the program rejects the combination.
    """
    return record(parse_settings(_config(phase, tier, region), _STACK), stack=_STACK)


def record(settings: Settings, *, project: str = "tierup", stack: str) -> Sequence[PricedResource]:
    """Return every provider resource of a stack with the settings."""
    mocks = _Mocks(settings.region)
    monitor = _RecordingMonitor(mocks)
    set_mocks(mocks, project=project, stack=stack, preview=True, monitor=monitor)
    cast("Any", run_to_quiescence(lambda: architecture.create(settings) and None))()
    return monitor.recorded


def _config(phase: Phase, tier: Tier, region: str) -> Mapping[str, str]:
    settings = {
        "phase": phase.value,
        "tier": tier.value,
        "domain": "app.example.com",
        "alertEmail": "ops@example.com",
        "atlasOrgId": "0" * 24,
    }
    return {"aws:region": region, **{f"{NAMESPACE}:{key}": value for key, value in settings.items()}}


class _Mocks(Mocks):
    def __init__(self, region: str) -> None:
        zones = [f"{region}{letter}" for letter in "abc"]
        self._lookups = {
            **_LOOKUPS,
            "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": zones, "zoneIds": []},
        }

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return "", cast("dict[str, Any]", args.inputs)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return dict(self._lookups[args.token]), []


class _RecordingMonitor(MockMonitor):
    """Records each provider resource with the component that registers it."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.recorded: list[PricedResource] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the name of the gRPC method)
        if request.custom:
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
