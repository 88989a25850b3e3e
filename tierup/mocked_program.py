"""What the program makes in one phase and tier, found by running it against mocks: no engine, no cloud, no sandbox.

What a cloud would answer is left open, as in a preview of a new stack. So it shows what is decided before anything
stands: which resources, of which sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.mocks import test as run_to_quiescence

from stacks import architecture
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from stacks.config.model import NAMESPACE, SettingsError, parse
from tierup.cost.rules import PricedResource

_ACCOUNT: Final = "111122223333"
_STACK: Final = "cost"
_FOUND: Final[Mapping[str, Mapping[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": _ACCOUNT},
    "aws:route53/getZone:getZone": {"zoneId": "Z0", "name": "example.com"},
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": "pl-0"},
    "aws:ssm/getParameter:getParameter": {"value": "ami-0"},
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "drawn"},
    "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": {},
}
"""What the program looks up before it makes anything."""


class RejectedSettingsError(ValueError):
    """The combination that the settings refuse; its text says why and what to set."""


def registered(phase: Phase, tier: Tier, region: str) -> Sequence[PricedResource]:
    """Every provider's resource of a stack whose other settings are the defaults. Raises RejectedSettingsError."""
    try:
        settings = parse(_given(phase, tier, region), secret_keys=(), stack=_STACK)
    except SettingsError as error:
        raise RejectedSettingsError(str(error)) from error
    mocks = _Mocks(region)
    monitor = _Monitor(mocks)
    set_mocks(mocks, project="tierup", stack=_STACK, preview=True, monitor=monitor)
    cast("Any", run_to_quiescence(lambda: architecture.build(settings) and None))()
    return monitor.resources_made


def _given(phase: Phase, tier: Tier, region: str) -> Mapping[str, str]:
    ours = {
        "phase": phase.value,
        "tier": tier.value,
        "domain": "app.example.com",
        "alertEmail": "ops@example.com",
        "atlasOrgId": "0" * 24,
    }
    return {"aws:region": region, **{f"{NAMESPACE}:{key}": value for key, value in ours.items()}}


class _Mocks(Mocks):
    def __init__(self, region: str) -> None:
        zones = [f"{region}{letter}" for letter in "abc"]
        self._found = {**_FOUND, "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": zones, "zoneIds": []}}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return "", cast("dict[str, Any]", args.inputs)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return dict(self._found[args.token]), []


class _Monitor(MockMonitor):
    """Keeps what is registered, with the component that makes it."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.resources_made: list[PricedResource] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  gRPC's name
        if request.custom:
            _, _, types, name = str(request.parent).split("::", 3)
            component = types.rpartition("$")[2]
            inputs = cast("dict[str, Any]", rpc.deserialize_properties(request.object))
            self.resources_made.append(
                PricedResource(
                    type=request.type,
                    name=request.name,
                    component=component,
                    parent=name,
                    inputs={key: rpc.unwrap_rpc_secret(value) for key, value in inputs.items()},
                )
            )
        return super().RegisterResource(request)
