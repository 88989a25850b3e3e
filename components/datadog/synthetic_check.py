"""A synthetic HTTP test in Datadog, which requests an address from several locations.

Creates one datadog.SyntheticsTest. It notifies when the address fails in two locations. Datadog bills each run.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi import Output, ResourceOptions

from components.datadog.monitors import datadog_tags
from components.datadog.recipients import DatadogRecipients
from components.monitoring.runbook import check_runbooks, runbook_line
from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_datadog as datadog
else:
    datadog = optional_sdk("pulumi_datadog", "datadog")

LOCATIONS = ("aws:eu-central-1", "aws:us-east-1", "aws:ap-northeast-1")
"""The default locations, one on each of three continents."""
RUNBOOK = "health-check-down"


@dataclass(frozen=True, kw_only=True, slots=True)
class DatadogSyntheticCheckArgs:
    """Arguments of DatadogSyntheticCheck."""

    url: str
    """https address that is requested."""
    title: str
    """Name of the test."""
    recipients: DatadogRecipients
    """Who is notified; the severity is page."""
    tags: Mapping[str, str]
    """Tags of the test."""
    locations: Sequence[str] = LOCATIONS
    """Locations, two or more."""
    interval_seconds: int = 300
    """Seconds between the runs in each location, 30 to 604,800. Each run is billed."""
    runbooks: str | None = None
    """URL of the folder of runbooks; None omits the link."""

    def __post_init__(self) -> None:
        check_runbooks(self.runbooks)
        if not self.url.startswith("https://"):
            raise ValueError(f"url: not an https address (got {self.url!r}). Give one such as https://example.com/.")
        if len(set(self.locations)) < 2:
            raise ValueError(
                f"locations: too few (got {len(set(self.locations))}). Give 2 or more, so that the failure of one "
                "location is no alert."
            )
        if not 30 <= self.interval_seconds <= 604_800:
            raise ValueError(f"interval_seconds: outside Datadog's limits (got {self.interval_seconds}). Give 30 to "
                             "604,800.")  # fmt: skip


class DatadogSyntheticCheck(pulumi.ComponentResource):
    """A Datadog synthetic test that requests a URL from several locations."""

    test_id: Output[str]
    """Id of the test."""

    def __init__(self, name: str, args: DatadogSyntheticCheckArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:datadog:DatadogSyntheticCheck", name, None, opts)
        text = f"{args.url} is not reachable from outside.\nWhat to do: open it in a browser."
        test = datadog.SyntheticsTest(
            f"{name}-test",
            name=args.title,
            type="api",
            subtype="http",
            status="live",
            locations=sorted(set(args.locations)),
            request_definition={"method": "GET", "url": args.url},
            assertions=[{"type": "statusCode", "operator": "is", "target": "200"}],
            options_list={
                "tick_every": args.interval_seconds,
                "min_location_failed": 2,
                "monitor_priority": 1,
                "retry": {"count": 1, "interval": 1_000},
            },
            message=args.recipients.message(text + runbook_line(args.runbooks, RUNBOOK), urgent=True),
            tags=datadog_tags(args.tags),
            opts=ResourceOptions(parent=self),
        )
        self.test_id = test.id
        self.register_outputs({"test_id": self.test_id})
