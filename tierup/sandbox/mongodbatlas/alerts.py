"""Alert configurations: events, thresholds and notifications."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, located, rule
from .alert_events import EVENT_GROUPS, GROUP_OF_EVENT
from .ids import object_id, state_id_of
from .project import of_project, project_id_shape
from .sources import FORCE_NEW, sdk

_PAGE = sdk("alertconfiguration")
_EVENTS = documented(
    "the OpenAPI description of the Atlas Administration API (GroupAlertsConfig), as cited in alert_events.py",
    read="2026-11-28",
)
INVALID = "INVALID_ALERT_CONFIGURATION"

_CHANNELS = {  # each with its required inputs; integrationId replaces the credentials
    "DATADOG": ("datadogApiKey",),
    "EMAIL": ("emailAddress",),
    "GROUP": (),
    "HIP_CHAT": (),
    "MICROSOFT_TEAMS": ("microsoftTeamsWebhookUrl",),
    "OPS_GENIE": ("opsGenieApiKey",),
    "ORG": (),
    "PAGER_DUTY": ("serviceKey",),
    "SLACK": ("apiToken", "channelName"),
    "SMS": ("mobileNumber",),
    "TEAM": ("teamId",),
    "USER": ("username",),
    "VICTOR_OPS": ("victorOpsApiKey",),
    "WEBHOOK": ("webhookUrl",),
}
_PEOPLE = ("GROUP", "ORG", "USER", "TEAM")
_OPERATORS = ("GREATER_THAN", "LESS_THAN")
_UNITS = (
    "RAW", "BITS", "BYTES", "KILOBITS", "KILOBYTES", "MEGABITS", "MEGABYTES", "GIGABITS", "GIGABYTES", "TERABYTES",
    "PETABYTES", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS",
)  # fmt: skip


@rule("metric-alert-has-its-threshold", Stage.PLAN, source=_PAGE)
def _threshold(call: Call) -> Iterator[Rejection]:
    event = call.get("eventType")
    if event is UNKNOWN:
        return
    group = GROUP_OF_EVENT.get(str(event))
    if group is None:
        return
    given = call.get("metricThresholdConfig")
    if group.metrics and given is None:
        yield Rejection("metricThresholdConfig", f"it is missing. {event} requires it.", INVALID)
    if not group.metrics and given is not None:
        metric_events = ", ".join(each for one in EVENT_GROUPS if one.metrics for each in one.events)
        yield Rejection(
            "metricThresholdConfig",
            f"it is not allowed (eventType is {event}). Omit it, or use one of {metric_events}.",
            INVALID,
        )


@rule("event-type-exists", Stage.CREATE, Stage.UPDATE, source=_EVENTS)
def _event(call: Call) -> Iterator[Rejection]:
    event = str(call.get("eventType"))
    if event not in GROUP_OF_EVENT:
        near = get_close_matches(event, GROUP_OF_EVENT, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Allowed are {', '.join(sorted(GROUP_OF_EVENT))}."
        yield Rejection("eventType", f"unknown event type (got '{event}'). {hint}", "INVALID_EVENT_TYPE_NAME")


@rule("matchers-and-metric-fit-the-event", Stage.CREATE, Stage.UPDATE, source=_EVENTS)
def _fits_event(call: Call) -> Iterator[Rejection]:
    event = str(call.get("eventType"))
    group = GROUP_OF_EVENT.get(event)
    if group is None:
        return
    for at, field in located(call.inputs, "matchers[*].fieldName"):
        if field not in group.matchers:
            allowed = f"Allowed are {', '.join(group.matchers)}." if group.matchers else "It has no matchers."
            yield Rejection(at, f"{event} does not match on it (got '{field}'). {allowed}", "INVALID_MATCHER_FIELD")
    metric = call.get("metricThresholdConfig.metricName")
    if isinstance(metric, str) and group.metrics and metric not in group.metrics:
        near = get_close_matches(metric, group.metrics, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Allowed are {', '.join(group.metrics)}."
        yield Rejection(
            "metricThresholdConfig.metricName", f"unknown metric of {event} (got '{metric}'). {hint}",
            "INVALID_METRIC_NAME",
        )  # fmt: skip


@rule("notification-has-its-required-inputs", Stage.PLAN, source=_PAGE)
def _notifications(call: Call) -> Iterator[Rejection]:
    if call.get("notifications") == []:
        yield Rejection("notifications", "the list is empty. Add at least one notification.", INVALID)
    for at, each in located(call.inputs, "notifications[*]"):
        if not isinstance(each, dict) or each.get("typeName") not in _CHANNELS:
            continue
        kind = each["typeName"]
        for path in _CHANNELS[kind]:
            if each.get(path) is None and each.get("integrationId") is None and each.get("notifierId") is None:
                yield Rejection(f"{at}.{path}", f"it is missing. {kind} requires it.", INVALID)
        enabled = [each.get(path) for path in ("emailEnabled", "smsEnabled")]
        if kind in _PEOPLE and True not in enabled and UNKNOWN not in enabled:
            yield Rejection(f"{at}.emailEnabled", f"{kind} requires emailEnabled or smsEnabled to be true.", INVALID)


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="mongodbatlas:index/alertConfiguration:AlertConfiguration",
        source=_PAGE,
        id=state_id_of(project_id="projectId", id="#"),
        outputs={
            "alertConfigurationId": object_id,
            "created": "2026-11-24T00:00:00Z",
            "updated": "2026-11-24T00:00:00Z",
            "enabled": False,
        },
        replaces=frozenset({"projectId"}),
        keeps=frozenset(
            {
                "enabled", "notifications.delayMin", "notifications.intervalMin", "metricThresholdConfig.threshold",
                "thresholdConfig.threshold",
            }
        ),
        replace_source=FORCE_NEW,
        enums={
            "notifications[*].typeName": tuple(_CHANNELS),
            "notifications[*].datadogRegion": ("US", "EU", "US3", "US5", "AP1", "US1_FED"),
            "notifications[*].opsGenieRegion": ("US", "EU"),
            "metricThresholdConfig.mode": ("AVERAGE",),
            "metricThresholdConfig.operator": _OPERATORS,
            "metricThresholdConfig.units": _UNITS,
            "thresholdConfig.operator": _OPERATORS,
            "thresholdConfig.units": _UNITS,
            "matchers[*].operator": (
                "EQUALS", "NOT_EQUALS", "CONTAINS", "NOT_CONTAINS", "STARTS_WITH", "ENDS_WITH", "REGEX",
            ),
            "severityOverride": ("INFO", "WARNING", "ERROR", "CRITICAL"),
        },
        ranges={"notifications[*].intervalMin": (5, 1_440), "notifications[*].delayMin": (0, 1_440)},
        conflicts=(("metricThresholdConfig", "thresholdConfig"),),
        references=(of_project(),),
        rules=(project_id_shape, _threshold, _notifications, _event, _fits_event),
    ),
)  # fmt: skip
