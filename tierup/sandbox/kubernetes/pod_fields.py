"""The allowed values of single fields of a pod.

https://github.com/kubernetes/kubernetes, v1.37.2, pkg/apis/core/validation/validation.go (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .ports import LARGEST_PORT, PROTOCOLS

INT32 = 2_147_483_647
_INT64 = 9_223_372_036_854_775_807
_ID = (0.0, float(INT32))

_POD_ENUMS: Mapping[str, tuple[str, ...]] = {
    "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "tolerations[*].effect": ("", "NoSchedule", "PreferNoSchedule", "NoExecute"),
    "tolerations[*].operator": ("", "Equal", "Exists", "Lt", "Gt"),
    "topologySpreadConstraints[*].nodeAffinityPolicy": ("Honor", "Ignore"),
    "topologySpreadConstraints[*].nodeTaintsPolicy": ("Honor", "Ignore"),
    "securityContext.seccompProfile.type": ("RuntimeDefault", "Localhost", "Unconfined"),
    "securityContext.fsGroupChangePolicy": ("OnRootMismatch", "Always"),
}
_POD_RANGES: Mapping[str, tuple[float, float]] = {
    "terminationGracePeriodSeconds": (0, _INT64),
    "topologySpreadConstraints[*].minDomains": (1, INT32),
    "securityContext.runAsUser": _ID,
    "securityContext.runAsGroup": _ID,
    "securityContext.fsGroup": _ID,
}
_CONTAINER_ENUMS: Mapping[str, tuple[str, ...]] = {
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
    "ports[*].protocol": PROTOCOLS,
    "securityContext.procMount": ("Default", "Unmasked"),
    "securityContext.seccompProfile.type": ("RuntimeDefault", "Localhost", "Unconfined"),
    **{f"{probe}.httpGet.scheme": ("HTTP", "HTTPS") for probe in ("startupProbe", "readinessProbe", "livenessProbe")},
}
_CONTAINER_RANGES: Mapping[str, tuple[float, float]] = {
    "ports[*].containerPort": (1, LARGEST_PORT),
    "ports[*].hostPort": (0, LARGEST_PORT),
    "securityContext.runAsUser": _ID,
    "securityContext.runAsGroup": _ID,
    **{
        f"{probe}.{field}": (0, INT32)
        for probe in ("startupProbe", "readinessProbe", "livenessProbe")
        for field in ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
    },
}


def pod_fields(
    template: str,
    *,
    enums: Mapping[str, tuple[str, ...]] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, Any]:
    """Return `enums` and `ranges` of a row whose pod template is at a path, with those of the kind itself."""
    return {
        "enums": {**_below(template, _POD_ENUMS, _CONTAINER_ENUMS), **(enums or {})},
        "ranges": {**_below(template, _POD_RANGES, _CONTAINER_RANGES), **(ranges or {})},
    }


def _below(template: str, of_pod: Mapping[str, Any], of_containers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{f"{template}.spec.{field}": value for field, value in of_pod.items()},
        **{
            f"{template}.spec.{containers}[*].{field}": value
            for containers in ("initContainers", "containers")
            for field, value in of_containers.items()
        },
    }
