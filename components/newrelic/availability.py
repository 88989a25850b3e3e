"""A synthetic monitor in New Relic that requests an address from several locations, and a service level on it.

Creates a ping monitor, a condition-free service level (the share of successful checks in 28 days), which shows the
error budget.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi
from pulumi import Output, ResourceOptions

from components.newrelic.aws_link import check_new_relic_account
from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_newrelic as newrelic
else:
    newrelic = optional_sdk("pulumi_newrelic", "newrelic")

LOCATIONS = ("EU_CENTRAL_1", "US_EAST_1", "AP_NORTHEAST_1")
"""The default locations, one on each of three continents."""
_OBJECTIVE_DAYS = 28


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRelicAvailabilityArgs:
    """Arguments of NewRelicAvailability."""

    title: str
    """Name of monitor and service level."""
    url: str
    """https address that is requested."""
    objective_percent: float
    """Percentage of checks that must succeed, above 0 and below 100."""
    new_relic_account_id: str
    """Id of the New Relic account."""
    locations: Sequence[str] = LOCATIONS
    """Public locations, two or more."""
    period: Literal["EVERY_MINUTE", "EVERY_5_MINUTES", "EVERY_10_MINUTES", "EVERY_15_MINUTES"] = "EVERY_5_MINUTES"
    """Time between two checks of a location."""

    def __post_init__(self) -> None:
        check_new_relic_account("new_relic_account_id", self.new_relic_account_id)
        if not self.url.startswith("https://"):
            raise ValueError(f"url: not an https address (got {self.url!r}). Give one such as https://example.com/.")
        if not 0 < self.objective_percent < 100:
            raise ValueError(
                f"objective_percent: leaves no error budget (got {self.objective_percent}). Give more than 0 and less "
                "than 100."
            )
        if len(set(self.locations)) < 2:
            raise ValueError(f"locations: too few (got {len(set(self.locations))}). Give 2 or more.")


class NewRelicAvailability(pulumi.ComponentResource):
    """A synthetic monitor with a service level."""

    monitor_guid: Output[str]
    """GUID of the monitor."""

    def __init__(self, name: str, args: NewRelicAvailabilityArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:newrelic:NewRelicAvailability", name, None, opts)
        child = ResourceOptions(parent=self)
        monitor = newrelic.synthetics.Monitor(
            f"{name}-monitor",
            account_id=args.new_relic_account_id,
            name=args.title,
            type="SIMPLE",
            status="ENABLED",
            uri=args.url,
            period=args.period,
            locations_publics=sorted(set(args.locations)),
            verify_ssl=True,
            bypass_head_request=True,
            treat_redirect_as_failure=False,
            opts=child,
        )
        of_monitor = Output.concat("entityGuid = '", monitor.id, "'")
        newrelic.ServiceLevel(
            f"{name}-level",
            guid=monitor.id,
            name=args.title,
            description=f"{args.objective_percent:g} % of the checks succeed.",
            events={
                "account_id": args.new_relic_account_id,
                "valid_events": {"from_": "SyntheticCheck", "where": of_monitor},
                "good_events": {
                    "from_": "SyntheticCheck",
                    "where": Output.concat(of_monitor, " AND result = 'SUCCESS'"),
                },
            },
            objective={
                "target": args.objective_percent,
                "time_window": {"rolling": {"count": _OBJECTIVE_DAYS, "unit": "DAY"}},
            },
            opts=child,
        )
        self.monitor_guid = monitor.id
        self.register_outputs({"monitor_guid": self.monitor_guid})
