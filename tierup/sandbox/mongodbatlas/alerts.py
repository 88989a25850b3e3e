"""Alert configurations: events, thresholds and notifications."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from .ids import object_id, state_id_of
from .project import of_project, project_id_shape
from .sources import FORCE_NEW, sdk

_PAGE = sdk("alertconfiguration")
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
    metric = str(event).endswith("OUTSIDE_METRIC_THRESHOLD") or str(event).endswith(
        "OUTSIDE_SERVERLESS_METRIC_THRESHOLD"
    )
    if metric and "metricThresholdConfig" not in call.inputs:
        yield Rejection("metricThresholdConfig", f"it is missing. {event} requires it.", INVALID)
    if not metric and "metricThresholdConfig" in call.inputs:
        yield Rejection(
            "metricThresholdConfig",
            f"it is allowed only for OUTSIDE_METRIC_THRESHOLD (eventType is {event}). Omit it.",
            INVALID,
        )


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
        rules=(project_id_shape, _threshold, _notifications),
    ),
)  # fmt: skip
