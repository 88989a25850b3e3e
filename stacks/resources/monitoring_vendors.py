"""The monitoring vendors of tierup:monitoring, beside CloudWatch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pulumi import Output

from stacks.config.groups import MonitoringVendor
from stacks.context import StackContext
from stacks.monitoring.vendor_thresholds import VendorMonitoring
from stacks.resources.vendors import datadog, newrelic

_Create = Callable[[StackContext, VendorMonitoring], Mapping[str, Output[str]]]

_VENDORS: Final[Mapping[MonitoringVendor, _Create]] = MappingProxyType(
    {MonitoringVendor.DATADOG: datadog.create, MonitoringVendor.NEWRELIC: newrelic.create}
)


def create_vendors(context: StackContext, monitoring: VendorMonitoring) -> Mapping[str, Output[str]]:
    """Create the monitoring of each vendor that the stack chooses, and return the stack outputs."""
    outputs: dict[str, Output[str]] = {}
    for vendor, create in _VENDORS.items():
        if vendor in context.settings.monitoring:
            outputs |= create(context, monitoring)
    return outputs
