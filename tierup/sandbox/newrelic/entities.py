"""New Relic's links to AWS accounts, synthetic monitors, service levels and dashboards."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Final

from ..behaviour import Behaviour, Call, Reference, Rejection, Stage, one_for_each, rule
from . import sources
from .alerts import BAD_INPUT, account, guid

MONITOR: Final = "newrelic:synthetics/monitor:Monitor"
_MONITOR = sources.provider("resource_newrelic_synthetics_monitor")
_LEVEL = sources.provider("resource_newrelic_service_level")
_LINK = sources.provider("resource_newrelic_cloud_aws_link_account")
_DASHBOARD = sources.provider("resource_newrelic_one_dashboard_json")
_PERIODS = {
    "EVERY_MINUTE": 1, "EVERY_5_MINUTES": 5, "EVERY_10_MINUTES": 10, "EVERY_15_MINUTES": 15, "EVERY_30_MINUTES": 30,
    "EVERY_HOUR": 60, "EVERY_6_HOURS": 360, "EVERY_12_HOURS": 720, "EVERY_DAY": 1_440,
}  # fmt: skip


def _guid(domain: str, kind: str) -> object:
    def make(call: Call) -> str:
        return base64.b64encode(f"{account(call)}|{domain}|{kind}|{call.hex(12)}".encode()).decode().rstrip("=")

    return make


@rule("monitor-has-locations", Stage.PLAN, source=_MONITOR)
def _locations(call: Call) -> Iterator[Rejection]:
    given = [call.inputs.get(path) for path in ("locationsPublics", "locationsPrivates")]
    if not any(given):
        yield Rejection("locationsPublics", "one of locationsPublics, locationsPrivates must be specified", BAD_INPUT)
    uri = call.get("uri")
    if isinstance(uri, str) and not uri.startswith(("http://", "https://")):
        yield Rejection("uri", f"the URI is invalid (got {uri}).", BAD_INPUT)


@rule("service-level-has-good-or-bad-events", Stage.PLAN, source=_LEVEL)
def _events(call: Call) -> Iterator[Rejection]:
    kinds = [kind for kind in ("goodEvents", "badEvents") if call.get(f"events.{kind}") is not None]
    if isinstance(call.get("events"), dict) and len(kinds) != 1:
        yield Rejection("events", f"exactly one of goodEvents and badEvents is required (got {len(kinds)}).", BAD_INPUT)
    target = call.get("objective.target")
    if isinstance(target, (int, float)) and not 0 < target < 100:
        yield Rejection("objective.target", f"the target is not in (0, 100) (got {target:g}).", BAD_INPUT)


@rule("dashboard-has-pages", Stage.PLAN, source=_DASHBOARD)
def _pages(call: Call) -> Iterator[Rejection]:
    text = call.get("json")
    if not isinstance(text, str):
        return
    try:
        body = json.loads(text)
    except ValueError as error:
        yield Rejection("json", f"contains an invalid JSON: {error}", BAD_INPUT)
        return
    pages = body.get("pages") if isinstance(body, dict) else None
    if not pages or not body.get("name"):
        yield Rejection("json", "a dashboard requires a name and one page or more.", BAD_INPUT)
    for number, page in enumerate(pages or []):
        for widget in page.get("widgets", []):
            layout = widget.get("layout", {})
            if not 1 <= layout.get("column", 1) <= 12 or layout.get("column", 1) + layout.get("width", 1) > 13:
                yield Rejection("json", f"pages[{number}]: a widget does not fit into 12 columns.", BAD_INPUT)


BEHAVIOURS = (
    Behaviour(
        type="newrelic:cloud/awsLinkAccount:AwsLinkAccount",
        source=_LINK,
        id=lambda call: str(100_000 + int(call.hex(4), 16)),
        outputs={"accountId": account, "name": "{name}"},
        replaces=frozenset({"accountId", "arn", "metricCollectionMode"}),
        keeps=frozenset({"accountId"}),
        enums={"metricCollectionMode": ("PULL", "PUSH")},
        references=(
            Reference(path="arn", to="aws:iam/role:Role", by="arn", same_region=False, code=BAD_INPUT, holds=False,
                      source=sources.REFUSED),
        ),
        rules=(one_for_each("arn", "metricCollectionMode", code=BAD_INPUT, source=sources.REFUSED),),
        regional=False,
    ),
    Behaviour(
        type=MONITOR,
        source=_MONITOR,
        id=_guid("SYNTH", "MONITOR"),  # pyright: ignore[reportArgumentType]  a function of the call
        outputs={
            "accountId": account,
            "name": "{name}",
            "monitorId": "{uuid}",
            "period": "EVERY_5_MINUTES",
            "periodInMinutes": lambda call: _PERIODS[str(call.get("period", "EVERY_5_MINUTES"))],
        },
        replaces=frozenset({"type"}),
        keeps=frozenset({"accountId", "period"}),
        defaults={"verifySsl": False},
        empty_is_absent=True,
        enums={"type": ("SIMPLE", "BROWSER"), "status": ("ENABLED", "DISABLED"), "period": tuple(_PERIODS)},
        rules=(_locations,),
        regional=False,
    ),
    Behaviour(
        type="newrelic:index/serviceLevel:ServiceLevel",
        source=_LEVEL,
        id=lambda call: f"{call.get('events.accountId')}:{int(call.hex(5), 16)}:{call.get('guid')}",
        outputs={"name": "{name}", "sliId": lambda call: str(int(call.hex(5), 16)), "sliGuid": guid},
        replaces=frozenset({"guid"}),
        enums={
            "objective.timeWindow.rolling.unit": ("DAY",),
            "objective.timeWindow.rolling.count": (1, 7, 28),
            "events.validEvents.select.function": ("COUNT", "SUM", "GET_CDF_COUNT", "GET_FIELD"),
        },
        references=(Reference(path="guid", to=MONITOR, code=BAD_INPUT, holds=False, source=sources.REFUSED),),
        rules=(_events,),
        regional=False,
    ),
    Behaviour(
        type="newrelic:index/oneDashboardJson:OneDashboardJson",
        source=_DASHBOARD,
        id=_guid("VIZ", "DASHBOARD"),  # pyright: ignore[reportArgumentType]  a function of the call
        outputs={
            "accountId": account,
            "guid": lambda call: call.id,
            "permalink": "https://one.newrelic.com/redirect/entity/{id}",
            "updatedAt": "2026-11-28T00:00:00Z",
        },
        keeps=frozenset({"accountId"}),
        json_inputs=frozenset({"json"}),
        rules=(_pages,),
        regional=False,
    ),
)  # fmt: skip
