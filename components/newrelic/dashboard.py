"""A New Relic dashboard with one chart per threshold.

Creates one newrelic.OneDashboardJson with a page of line charts.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi import Output, ResourceOptions

from components.monitoring.monitored_threshold import MonitoredThreshold
from components.newrelic.aws_link import check_new_relic_account
from components.newrelic.queries import condition_query
from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_newrelic as newrelic
else:
    newrelic = optional_sdk("pulumi_newrelic", "newrelic")

_COLUMNS = 12
_WIDTH = 4
_HEIGHT = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRelicDashboardArgs:
    """Arguments of NewRelicDashboard."""

    title: str
    """Title of the dashboard."""
    thresholds: Mapping[str, MonitoredThreshold]
    """Thresholds by name, one chart each."""
    new_relic_account_id: str
    """Id of the New Relic account."""

    def __post_init__(self) -> None:
        check_new_relic_account("new_relic_account_id", self.new_relic_account_id)


class NewRelicDashboard(pulumi.ComponentResource):
    """A New Relic dashboard with a chart for each threshold."""

    url: Output[str]
    """Address of the dashboard."""

    def __init__(self, name: str, args: NewRelicDashboardArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:newrelic:NewRelicDashboard", name, None, opts)
        widgets = [
            _chart(args, number, key, threshold) for number, (key, threshold) in enumerate(args.thresholds.items())
        ]
        dashboard = newrelic.OneDashboardJson(
            f"{name}-dashboard",
            account_id=args.new_relic_account_id,
            json=Output.json_dumps(
                {
                    "name": args.title,
                    "permissions": "PUBLIC_READ_WRITE",
                    "pages": [{"name": args.title, "widgets": widgets}],
                }
            ),
            opts=ResourceOptions(parent=self),
        )
        self.url = dashboard.permalink
        self.register_outputs({"url": self.url})


def _chart(args: NewRelicDashboardArgs, number: int, key: str, threshold: MonitoredThreshold) -> dict[str, object]:
    row, column = divmod(number, _COLUMNS // _WIDTH)
    query = Output.concat(condition_query(threshold), " TIMESERIES")
    return {
        "title": f"{key} ({threshold.comparison} {threshold.threshold:g})",
        "layout": {"column": column * _WIDTH + 1, "row": row * _HEIGHT + 1, "width": _WIDTH, "height": _HEIGHT},
        "visualization": {"id": "viz.line"},
        "rawConfiguration": {
            "nrqlQueries": [{"accountIds": [int(args.new_relic_account_id)], "query": query}],
        },
    }
