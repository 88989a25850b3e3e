"""Deployments, jobs and cron jobs."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, BehaviourRule, Call, Rejection, Stage, first, rule, values_at
from .objects import DEPLOYMENT, INVALID, mapping, object_row
from .pods import pod_rules
from .sources import docs, validation

_APPS = validation("apps/validation/validation.go")
_BATCH = validation("batch/validation/validation.go")
_TEMPLATE = "spec.template"
_JOB_TEMPLATE = "spec.jobTemplate.spec.template"
_POLICIES = ("Allow", "Forbid", "Replace")
_FIELD = re.compile(r"[\d*/,\-A-Za-z?LW#]+")
_MACRO = re.compile(r"@(yearly|annually|monthly|weekly|daily|midnight|hourly)")
_PROGRESS_SECONDS = 600  # the default of progressDeadlineSeconds
_SELECTOR = (
    "spec.selector",
    "spec.selector.matchLabels",
    "spec.selector.matchExpressions",
)


def _selector(kind: str) -> BehaviourRule:
    @rule("selector-matches-template", Stage.PLAN, source=_APPS)
    def check(call: Call) -> Iterator[Rejection]:
        wanted = mapping(first(values_at(call.inputs, "spec.selector.matchLabels")))
        labels = mapping(first(values_at(call.inputs, f"{_TEMPLATE}.metadata.labels")))
        expressions = first(values_at(call.inputs, "spec.selector.matchExpressions"))
        if not wanted and not expressions and call.get("spec.selector") is not UNKNOWN:
            yield Rejection("spec.selector", f"an empty selector is invalid for a {kind}.", INVALID)
        for key, value in wanted.items():
            got = labels.get(key)
            if UNKNOWN not in (value, got) and got != value and call.get(f"{_TEMPLATE}.metadata") is not UNKNOWN:
                yield Rejection(
                    "spec.template.metadata.labels",
                    f"the selector does not match the labels of the template (got {key}={got}). Set {key}={value}.",
                    INVALID,
                )

    return check


@rule("deployment-strategy", Stage.PLAN, source=_APPS)
def _strategy(call: Call) -> Iterator[Rejection]:
    strategy = mapping(call.get("spec.strategy"))
    rolling = mapping(strategy.get("rollingUpdate"))
    if strategy.get("type") == "Recreate" and rolling:
        yield Rejection("spec.strategy.rollingUpdate", "must not be set when the type is Recreate.", "Forbidden")
    if _is_zero(rolling.get("maxUnavailable", "25%")) and _is_zero(rolling.get("maxSurge", "25%")):
        yield Rejection("spec.strategy.rollingUpdate.maxUnavailable", "it must not be 0 when maxSurge is 0.", INVALID)
    for name in ("maxUnavailable", "maxSurge"):
        value = rolling.get(name)
        if isinstance(value, str) and not re.fullmatch(r"\d+%?", value):
            yield Rejection(
                f"spec.strategy.rollingUpdate.{name}",
                f"neither a number nor a percentage (got '{value}'). Use the form 1 or 25%.",
                INVALID,
            )
    replicas = call.get("spec.replicas")
    if isinstance(replicas, (int, float)) and replicas < 0:
        yield Rejection("spec.replicas", f"negative (got {replicas:g}). Set 0 or more.", INVALID)


@rule("deployment-deadline", Stage.PLAN, source=_APPS)
def _deadline(call: Call) -> Iterator[Rejection]:
    ready = call.get("spec.minReadySeconds", 0)
    progress = call.get("spec.progressDeadlineSeconds", _PROGRESS_SECONDS)
    if isinstance(ready, (int, float)) and isinstance(progress, (int, float)) and progress <= ready:
        yield Rejection(
            "spec.progressDeadlineSeconds",
            f"it must be greater than minReadySeconds (got {progress:g}, minReadySeconds {ready:g}).",
            INVALID,
        )


@rule("job-limits", Stage.PLAN, source=_BATCH)
def _limits(call: Call) -> Iterator[Rejection]:
    base = "spec" if call.get("spec.jobTemplate") is None else "spec.jobTemplate.spec"
    for name in ("backoffLimit", "activeDeadlineSeconds", "completions", "parallelism", "ttlSecondsAfterFinished"):
        value = call.get(f"{base}.{name}")
        if isinstance(value, (int, float)) and value < 0:
            yield Rejection(f"{base}.{name}", f"negative (got {value:g}). Set 0 or more.", INVALID)


@rule("cron-schedule", Stage.PLAN, source=_BATCH)
def _schedule(call: Call) -> Iterator[Rejection]:
    schedule, timezone = call.get("spec.schedule"), call.get("spec.timeZone")
    if isinstance(schedule, str):
        if "TZ" in schedule:
            yield Rejection("spec.schedule", "it must not contain TZ or CRON_TZ. Use timeZone.", INVALID)
        fields = schedule.split()
        if not _MACRO.fullmatch(schedule) and (len(fields) != 5 or not all(map(_FIELD.fullmatch, fields))):
            yield Rejection(
                "spec.schedule",
                f"not a cron schedule (got '{schedule}'). Set five fields: minute hour day-of-month month day-of-week.",
                INVALID,
            )
    if isinstance(timezone, str) and timezone not in zoneinfo.available_timezones():
        yield Rejection("spec.timeZone", f"unknown time zone (got '{timezone}'). Use an IANA name.", INVALID)


def _is_zero(value: Any) -> bool:
    return value in (0, "0", "0%")


def _deployed(call: Call) -> dict[str, Any]:
    replicas = call.get("spec.replicas", 1)
    return {
        "observedGeneration": 1,
        "replicas": replicas,
        "readyReplicas": replicas,
        "availableReplicas": replicas,
        "updatedReplicas": replicas,
    }


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        DEPLOYMENT,
        source=docs("concepts/workloads/controllers/deployment/"),
        replaces=_SELECTOR,
        rules=(_selector("deployment"), _strategy, _deadline, *pod_rules(_TEMPLATE, restart=("Always",))),
        status=_deployed,
    ),
    object_row(
        "kubernetes:apps/v1:StatefulSet",
        source=docs("concepts/workloads/controllers/statefulset/"),
        replaces=(
            *_SELECTOR,
            "spec.podManagementPolicy",
            "spec.revisionHistoryLimit",
            "spec.serviceName",
            "spec.volumeClaimTemplates",
        ),
        rules=(_selector("statefulset"), *pod_rules(_TEMPLATE, restart=("Always",))),
        status=_deployed,
    ),
    object_row(
        "kubernetes:apps/v1:DaemonSet",
        source=docs("concepts/workloads/controllers/daemonset/"),
        replaces=_SELECTOR,
        rules=(_selector("daemonset"), *pod_rules(_TEMPLATE, restart=("Always",))),
    ),
    object_row(
        "kubernetes:batch/v1:Job",
        source=docs("concepts/workloads/controllers/job/"),
        replaces=(*_SELECTOR, "spec.completions", "spec.parallelism", "spec.template"),
        rules=(_limits, *pod_rules(_TEMPLATE, restart=("OnFailure", "Never"))),
        status={"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]},
    ),
    object_row(
        "kubernetes:batch/v1:CronJob",
        source=docs("concepts/workloads/controllers/cron-jobs/"),
        rules=(_schedule, _limits, *pod_rules(_JOB_TEMPLATE, restart=("OnFailure", "Never"))),
        enums={"spec.concurrencyPolicy": _POLICIES},
    ),
)
