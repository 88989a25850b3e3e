"""Deployments, jobs and cron jobs."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    BehaviourRule,
    Call,
    Rejection,
    Stage,
    documented,
    first,
    located,
    rule,
    values_at,
)
from .formats import LABEL, SUBDOMAIN, format_rule, optional
from .objects import DEPLOYMENT, FORBIDDEN, INVALID, POD, STATEFUL_SET, immutable, label_name_error, mapping, object_row
from .pod_fields import INT32, pod_fields
from .pods import pod_rules
from .quantities import amount, share_error
from .schedules import schedule_error
from .selectors import matches, selector_errors
from .sources import docs, validation
from .storage import ACCESS_MODES

_APPS = validation("apps/validation/validation.go")
_BATCH = validation("batch/validation/validation.go")
_TEMPLATE = "spec.template"
_JOB_TEMPLATE = "spec.jobTemplate.spec.template"
_POLICIES = ("", "Allow", "Forbid", "Replace")
_NOT_NEGATIVE = (0.0, float(INT32))
_DEPLOYMENT_RANGES = {
    f"spec.{name}": _NOT_NEGATIVE
    for name in ("replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")
}
_SECONDS = (0.0, 2.0**63)
_JOB_LIMITS = {
    **dict.fromkeys(("backoffLimit", "completions", "parallelism", "ttlSecondsAfterFinished"), _NOT_NEGATIVE),
    "activeDeadlineSeconds": _SECONDS,
}
_MODES = ("NonIndexed", "Indexed")
_FIXED_IN_JOBS = ("backoffLimitPerIndex", "completionMode", "managedBy", "podFailurePolicy", "successPolicy")
_PROGRESS_SECONDS = 600  # the default of progressDeadlineSeconds
_SELECTOR = (
    "spec.selector",
    "spec.selector.matchLabels",
    "spec.selector.matchExpressions",
)
_REPLACED_IN_PODS = (
    *(
        f"spec.{field}"
        for field in (
            "affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostAliases",
            "hostIPC", "hostNetwork", "hostPID", "hostname", "imagePullSecrets", "nodeName", "nodeSelector", "overhead",
            "preemptionPolicy", "priority", "priorityClassName", "readinessGates", "restartPolicy", "runtimeClassName",
            "schedulerName", "securityContext", "serviceAccount", "serviceAccountName", "shareProcessNamespace",
            "subdomain", "terminationGracePeriodSeconds", "volumes",
        )
    ),
    *(
        f"spec.{containers}.{field}"
        for containers in ("containers", "initContainers")
        for field in (
            "args", "command", "env", "image", "imagePullPolicy", "lifecycle", "livenessProbe", "ports",
            "readinessProbe", "resources", "securityContext", "stdin", "stdinOnce", "terminationMessagePath",
            "terminationMessagePolicy", "tty", "volumeDevices", "volumeMounts", "workingDir",
        )
    ),
)  # fmt: skip


def _selector(kind: str) -> BehaviourRule:
    @rule("selector-matches-template", Stage.PLAN, source=_APPS)
    def check(call: Call) -> Iterator[Rejection]:
        selector = mapping(call.get("spec.selector"))
        labels = mapping(first(values_at(call.inputs, f"{_TEMPLATE}.metadata.labels")))
        if not any(selector.values()) and call.get("spec.selector") is not UNKNOWN:
            yield Rejection("spec.selector", f"an empty selector is invalid for a {kind}.", INVALID)
        yield from selector_errors("spec.selector", selector)
        if _is_known(selector) and _is_known(labels) and call.get(f"{_TEMPLATE}.metadata") is not UNKNOWN:
            differing = {key: labels.get(key) for key in mapping(selector.get("matchLabels"))}
            if not matches(selector, labels):
                got = ", ".join(f"{key}={value}" for key, value in (differing or labels).items())
                yield Rejection(
                    "spec.template.metadata.labels",
                    f"the selector does not match the labels of the template (got {got}). Set the selector's labels.",
                    INVALID,
                )

    return check


@rule("controller-selector", Stage.PLAN, source=validation("core/validation/validation.go"))
def _controller_selector(call: Call) -> Iterator[Rejection]:
    selector = {"matchLabels": mapping(call.get("spec.selector"))}
    labels = first(values_at(call.inputs, f"{_TEMPLATE}.metadata.labels"))
    if _is_known(selector) and _is_known(labels) and not matches(selector, mapping(labels)):
        yield Rejection("spec.template.metadata.labels", "the selector does not match the labels.", INVALID)


def _is_known(value: Any) -> bool:
    """Whether nothing in a value is unknown."""
    if isinstance(value, Mapping):
        return all(map(_is_known, value.values()))
    return all(map(_is_known, value)) if isinstance(value, list) else value is not UNKNOWN


@rule("deployment-strategy", Stage.PLAN, source=_APPS)
def _strategy(call: Call) -> Iterator[Rejection]:
    strategy = mapping(call.get("spec.strategy"))
    rolling = mapping(strategy.get("rollingUpdate"))
    if strategy.get("type") == "Recreate" and rolling:
        yield Rejection("spec.strategy.rollingUpdate", "must not be set when the type is Recreate.", FORBIDDEN)
    if _is_zero(rolling.get("maxUnavailable", "25%")) and _is_zero(rolling.get("maxSurge", "25%")):
        yield Rejection("spec.strategy.rollingUpdate.maxUnavailable", "it must not be 0 when maxSurge is 0.", INVALID)
    for name in ("maxUnavailable", "maxSurge"):
        value = rolling.get(name)
        if error := share_error(value, maximum=100 if name == "maxUnavailable" else None):
            yield Rejection(f"spec.strategy.rollingUpdate.{name}", error, INVALID)


_MEASURED = documented(
    "the answers of a kube-apiserver 1.37.2 to server-side apply, which keeps the default of rollingUpdate"
    " (https://github.com/kubernetes/kubernetes/issues/24198)",
    read="2026-11-29",
)


def _keeps_rolling_update(call: Call, path: str, kind: str) -> bool:
    """Return whether the API server sets rollingUpdate, which then stays when the type becomes `kind`."""
    before = mapping(first(values_at(call.old or {}, path)))
    was_rolling = before.get("type") in (None, "", "RollingUpdate") and not before.get("rollingUpdate")
    return was_rolling and call.get(f"{path}.type") == kind


@rule("deployment-strategy-changes", Stage.UPDATE, source=_MEASURED)
def _strategy_changes(call: Call) -> Iterator[Rejection]:
    if _keeps_rolling_update(call, "spec.strategy", "Recreate"):
        message = (
            "Forbidden: may not be specified when strategy `type` is 'Recreate'. The API server set it. Set"
            " strategy.rollingUpdate in an update before this one, or replace the deployment."
        )
        yield Rejection("spec.strategy.rollingUpdate", message, INVALID)


@rule("update-strategy-changes", Stage.UPDATE, source=_MEASURED)
def _update_strategy_changes(call: Call) -> Iterator[Rejection]:
    if _keeps_rolling_update(call, "spec.updateStrategy", "OnDelete"):
        message = (
            "only allowed for updateStrategy 'RollingUpdate'. The API server set it. Set updateStrategy.rollingUpdate"
            " in an update before this one, or replace the stateful set."
        )
        yield Rejection("spec.updateStrategy.rollingUpdate", message, INVALID)


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


@rule("daemon-set-strategy", Stage.PLAN, source=_APPS)
def _daemon_strategy(call: Call) -> Iterator[Rejection]:
    rolling = mapping(call.get("spec.updateStrategy.rollingUpdate"))
    unavailable, surge = rolling.get("maxUnavailable", 1), rolling.get("maxSurge", 0)
    at = "spec.updateStrategy.rollingUpdate"
    for name, value in (("maxUnavailable", unavailable), ("maxSurge", surge)):
        if error := share_error(value, maximum=100):
            yield Rejection(f"{at}.{name}", error, INVALID)
    if _is_zero(unavailable) and _is_zero(surge):
        yield Rejection(f"{at}.maxUnavailable", "it must not be 0 when maxSurge is 0.", INVALID)
    if UNKNOWN not in (unavailable, surge) and not _is_zero(unavailable) and not _is_zero(surge):
        yield Rejection(f"{at}.maxSurge", "it must be 0 when maxUnavailable is not 0.", INVALID)


@rule("volume-claim-templates", Stage.PLAN, source=_APPS)
def _claims(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "spec.volumeClaimTemplates[*]"):
        name = mapping(mapping(each).get("metadata")).get("name")
        spec = mapping(mapping(each).get("spec"))
        if name is not UNKNOWN and (error := label_name_error(str(name or ""))):
            yield Rejection(f"{at}.metadata.name", error, INVALID)
        modes = spec.get("accessModes")
        if not modes and modes is not UNKNOWN:
            yield Rejection(f"{at}.spec.accessModes", "it is required.", INVALID)
        size = mapping(mapping(spec.get("resources")).get("requests")).get("storage")
        if size is None and UNKNOWN not in (spec.get("resources"), mapping(spec.get("resources")).get("requests")):
            yield Rejection(f"{at}.spec.resources.requests.storage", "it is required.", INVALID)
        elif size is not None and size is not UNKNOWN and (amount(size) or 0) <= 0:
            yield Rejection(f"{at}.spec.resources.requests.storage", f"not above 0 (got {size}).", INVALID)


@rule("job-completions", Stage.PLAN, source=_BATCH)
def _completions(call: Call) -> Iterator[Rejection]:
    base = "spec" if call.get("spec.jobTemplate") is None else "spec.jobTemplate.spec"
    indexed = call.get(f"{base}.completionMode") == "Indexed"
    # Without both, each has the default 1.
    if indexed and call.get(f"{base}.completions") is None and call.get(f"{base}.parallelism") is not None:
        yield Rejection(f"{base}.completions", "it is required when the completion mode is Indexed.", INVALID)
    if call.get(f"{base}.selector") is not None and call.get(f"{base}.manualSelector") is not True:
        yield Rejection(f"{base}.selector", "it is generated. Remove it, or set manualSelector.", INVALID)
    if call.get(f"{base}.backoffLimitPerIndex") is not None and not indexed:
        yield Rejection(f"{base}.backoffLimitPerIndex", "requires indexed completion mode.", INVALID)
    restart = call.get(f"{base}.template.spec.restartPolicy")
    if call.get(f"{base}.podFailurePolicy") is not None and restart not in ("Never", UNKNOWN):
        message = f'only "Never" is supported when podFailurePolicy is specified (got {restart}).'
        yield Rejection(f"{base}.template.spec.restartPolicy", message, INVALID)


@rule("cron-schedule", Stage.PLAN, source=_BATCH)
def _schedule(call: Call) -> Iterator[Rejection]:
    schedule, timezone = call.get("spec.schedule"), call.get("spec.timeZone")
    if isinstance(schedule, str):
        if "TZ" in schedule:
            yield Rejection("spec.schedule", "it must not contain TZ or CRON_TZ. Use timeZone.", INVALID)
        elif error := schedule_error(schedule):
            yield Rejection("spec.schedule", error, INVALID)
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
        rules=(
            _selector("deployment"),
            _strategy,
            _strategy_changes,
            _deadline,
            *pod_rules(_TEMPLATE, restart=("Always",)),
        ),
        status=_deployed,
        **pod_fields(
            _TEMPLATE, enums={"spec.strategy.type": ("", "Recreate", "RollingUpdate")}, ranges=_DEPLOYMENT_RANGES
        ),
    ),
    object_row(
        STATEFUL_SET,
        source=docs("concepts/workloads/controllers/statefulset/"),
        replaces=(
            *_SELECTOR,
            "spec.podManagementPolicy",
            "spec.revisionHistoryLimit",
            "spec.serviceName",
            "spec.volumeClaimTemplates",
        ),
        rules=(
            _selector("statefulset"),
            _update_strategy_changes,
            _claims,
            format_rule(
                {
                    "spec.serviceName": optional(LABEL),
                    "spec.volumeClaimTemplates[*].spec.storageClassName": optional(SUBDOMAIN),
                },
                _APPS,
            ),
            *pod_rules(_TEMPLATE, restart=("Always",)),
        ),
        status=_deployed,
        **pod_fields(
            _TEMPLATE,
            enums={
                "spec.podManagementPolicy": ("", "OrderedReady", "Parallel"),
                "spec.updateStrategy.type": ("", "RollingUpdate", "OnDelete"),
                "spec.volumeClaimTemplates[*].spec.accessModes[*]": ACCESS_MODES,
            },
            ranges={
                **{f"spec.{name}": _NOT_NEGATIVE for name in ("replicas", "minReadySeconds")},
                "spec.updateStrategy.rollingUpdate.partition": _NOT_NEGATIVE,
            },
        ),
    ),
    object_row(
        "kubernetes:apps/v1:DaemonSet",
        source=docs("concepts/workloads/controllers/daemonset/"),
        replaces=_SELECTOR,
        rules=(_selector("daemonset"), _daemon_strategy, *pod_rules(_TEMPLATE, restart=("Always",))),
        **pod_fields(
            _TEMPLATE,
            enums={"spec.updateStrategy.type": ("", "RollingUpdate", "OnDelete")},
            ranges=_DEPLOYMENT_RANGES,
        ),
    ),
    object_row(
        "kubernetes:apps/v1:ReplicaSet",
        source=docs("concepts/workloads/controllers/replicaset/"),
        rules=(
            _selector("replicaset"),
            *pod_rules(_TEMPLATE, restart=("Always",)),
            immutable("spec.selector", source=_APPS),
        ),
        **pod_fields(_TEMPLATE, ranges={f"spec.{name}": _NOT_NEGATIVE for name in ("replicas", "minReadySeconds")}),
    ),
    object_row(
        "kubernetes:core/v1:ReplicationController",
        source=docs("concepts/workloads/controllers/replicationcontroller/"),
        rules=(_controller_selector, *pod_rules(_TEMPLATE, restart=("Always",))),
        **pod_fields(_TEMPLATE),
    ),
    object_row(
        POD,
        source=docs("concepts/workloads/pods/"),
        replaces=_REPLACED_IN_PODS,
        rules=pod_rules("", restart=("Always", "OnFailure", "Never")),
        status={"phase": "Running"},
        **pod_fields(""),
    ),
    object_row(
        "kubernetes:batch/v1:Job",
        source=docs("concepts/workloads/controllers/job/"),
        replaces=(*_SELECTOR, "spec.completions", "spec.parallelism", "spec.template"),
        rules=(
            _completions,
            *pod_rules(_TEMPLATE, restart=("OnFailure", "Never")),
            immutable(*(f"spec.{name}" for name in _FIXED_IN_JOBS), source=_BATCH),
        ),
        **pod_fields(
            _TEMPLATE,
            enums={"spec.completionMode": _MODES},
            ranges={f"spec.{name}": limits for name, limits in _JOB_LIMITS.items()},
        ),
        status={"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]},
    ),
    object_row(
        "kubernetes:batch/v1:CronJob",
        source=docs("concepts/workloads/controllers/cron-jobs/"),
        rules=(_schedule, _completions, *pod_rules(_JOB_TEMPLATE, restart=("OnFailure", "Never"))),
        **pod_fields(
            _JOB_TEMPLATE,
            enums={"spec.concurrencyPolicy": _POLICIES, "spec.jobTemplate.spec.completionMode": _MODES},
            ranges={
                **{f"spec.jobTemplate.spec.{name}": limits for name, limits in _JOB_LIMITS.items()},
                "spec.startingDeadlineSeconds": _SECONDS,
                "spec.successfulJobsHistoryLimit": _NOT_NEGATIVE,
                "spec.failedJobsHistoryLimit": _NOT_NEGATIVE,
            },
        ),
    ),
)
