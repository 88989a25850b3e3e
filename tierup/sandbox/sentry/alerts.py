"""Sentry's issue alerts and metric alerts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from . import sources
from .projects import INVALID, TEAM, number, of_project, slugs

_ISSUE = sources.provider("internal/provider/resource_issue_alert.go")
_METRIC = sources.provider("sentry/resource_sentry_metric_alert.go")
_ABOVE: Final = 0
_MATCHES: Final = ("all", "any", "none")


@rule("issue-alert-has-actions-with-ids", Stage.PLAN, source=sources.sdk("sentryissuealert"))
def _parts(call: Call) -> Iterator[Rejection]:
    for path in ("conditions", "filters", "actions"):
        for at, each in located(call.inputs, f"{path}[*]"):
            if isinstance(each, dict) and each.get("id") is None:
                yield Rejection(f"{at}.id", "it is missing. It names the class, such as sentry.rules....", INVALID)
    if call.get("actions") == []:
        yield Rejection("actions", "the list is empty. An alert requires one action or more.", INVALID)


@rule("teams-of-actions-exist", Stage.CREATE, Stage.UPDATE, source=sources.sdk("sentryissuealert"))
def _teams(call: Call) -> Iterator[Rejection]:
    targets = [
        *located(call.inputs, "actions[*]"),
        *located(call.inputs, "triggers[*].actions[*]"),
    ]
    for at, action in targets:
        kind = str(action.get("targetType")).lower()
        team = action.get("targetIdentifier")
        if kind == "team" and not any(each.outputs.get("internalId") == team for each in call.cloud.find(TEAM)):
            yield Rejection(f"{at}.targetIdentifier", f"Team does not exist (got {team}).", INVALID)


@rule("triggers-agree-with-the-rule", Stage.PLAN, source=sources.ALERT_RULES)
def _triggers(call: Call) -> Iterator[Rejection]:
    labels: dict[str, float] = {}
    for at, trigger in located(call.inputs, "triggers[*]"):
        if not isinstance(trigger, dict):
            continue
        kind, label, threshold = trigger.get("thresholdType"), trigger.get("label"), trigger.get("alertThreshold")
        if UNKNOWN not in (kind, call.get("thresholdType")) and kind != call.get("thresholdType"):
            yield Rejection(f"{at}.thresholdType", "Must have matching threshold types", INVALID)
        if isinstance(label, str) and isinstance(threshold, (int, float)):
            labels[label] = threshold
    if call.get("triggers") == [] or (labels and "critical" not in labels):
        yield Rejection("triggers", 'Trigger 1 must be labeled "critical"', INVALID)
    if {"critical", "warning"} <= labels.keys():
        above = call.get("thresholdType") == _ABOVE
        critical, warning = labels["critical"], labels["warning"]
        if (critical < warning) if above else (critical > warning):
            where = "above" if above else "below"
            yield Rejection(
                "triggers", f"Critical trigger must have an alert threshold {where} warning trigger", INVALID
            )


BEHAVIOURS = (
    Behaviour(
        type="sentry:index/sentryIssueAlert:SentryIssueAlert",
        source=_ISSUE,
        id=number,
        outputs={
            "name": "{name}",
            "internalId": lambda call: call.id,
            "projects": lambda call: [call.get("project")],
        },
        replaces=frozenset({"organization", "project"}),
        replace_source=sources.REPLACED,
        enums={"actionMatch": _MATCHES, "filterMatch": _MATCHES},
        ranges={"frequency": (5, 43_200)},
        references=(of_project(),),
        rules=(slugs, _parts, _teams),
        regional=False,
    ),
    Behaviour(
        type="sentry:index/sentryMetricAlert:SentryMetricAlert",
        source=_METRIC,
        id=number,
        outputs={"name": "{name}", "internalId": lambda call: call.id},
        replaces=frozenset({"organization", "project"}),
        replace_source=sources.REPLACED,
        enums={
            "thresholdType": (0, 1),
            "triggers[*].label": ("critical", "warning"),
            "triggers[*].thresholdType": (0, 1),
            "dataset": (
                "events",
                "transactions",
                "sessions",
                "metrics",
                "generic_metrics",
                "events_analytics_platform",
            ),
            "timeWindow": (1, 5, 10, 15, 30, 60, 120, 240, 1_440),
        },
        keeps=frozenset({"triggers.resolveThreshold"}),
        references=(of_project(),),
        rules=(slugs, _teams, _triggers),
        regional=False,
    ),
)
