"""The allowed values and formats of single fields of a pod.

https://github.com/kubernetes/kubernetes, v1.37.2, pkg/apis/core/validation/validation.go (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .formats import (
    LABEL,
    QUALIFIED_NAME,
    SUBDOMAIN,
    Format,
    address,
    config_key,
    downward_field,
    driver,
    header,
    label_value,
    not_empty,
    optional,
    relative_path,
    sysctl,
    without_parent,
)
from .ports import LARGEST_PORT, PROTOCOLS

INT32 = 2_147_483_647
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_ID = (0.0, float(INT32))
_MODE = (0.0, float(0o777))
_SHORTEST_TOKEN = 600  # seconds
_AFFINITIES = tuple(f"affinity.{kind}" for kind in ("podAffinity", "podAntiAffinity"))
REQUIRED, _PREFERRED = (
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
)
POD_TERMS = tuple(
    path for kind in _AFFINITIES for path in (f"{kind}.{REQUIRED}[*]", f"{kind}.{_PREFERRED}[*].podAffinityTerm")
)
"""Paths of the terms of affinity to pods, below the spec of a pod."""
NODE_TERMS = (
    f"affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms[*]",
    f"affinity.nodeAffinity.{_PREFERRED}[*].preference",
)
"""Paths of the terms of affinity to nodes, below the spec of a pod."""

_POD_ENUMS: Mapping[str, tuple[str, ...]] = {
    "preemptionPolicy": ("PreemptLowerPriority", "Never"),
    "os.name": ("linux", "windows"),
    "volumes[*].hostPath.type": (
        "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
    ),
    "dnsPolicy": ("", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "tolerations[*].effect": ("", "NoSchedule", "PreferNoSchedule", "NoExecute"),
    "tolerations[*].operator": ("", "Equal", "Exists", "Lt", "Gt"),
    "topologySpreadConstraints[*].nodeAffinityPolicy": ("Honor", "Ignore"),
    "topologySpreadConstraints[*].nodeTaintsPolicy": ("Honor", "Ignore"),
    "securityContext.seccompProfile.type": ("RuntimeDefault", "Localhost", "Unconfined"),
    "securityContext.fsGroupChangePolicy": ("OnRootMismatch", "Always"),
}  # fmt: skip
_POD_RANGES: Mapping[str, tuple[float, float]] = {
    "topologySpreadConstraints[*].minDomains": (1, INT32),
    "topologySpreadConstraints[*].maxSkew": (1, INT32),
    "securityContext.supplementalGroups[*]": _ID,
    **{f"{kind}.{_PREFERRED}[*].weight": (1, 100) for kind in ("affinity.nodeAffinity", *_AFFINITIES)},
    **{f"volumes[*].{kind}.defaultMode": _MODE for kind in ("configMap", "secret", "projected", "downwardAPI")},
    **{f"volumes[*].{kind}.items[*].mode": _MODE for kind in ("configMap", "secret", "downwardAPI")},
    "volumes[*].projected.sources[*].serviceAccountToken.expirationSeconds": (_SHORTEST_TOKEN, 2**32),
    "securityContext.runAsUser": _ID,
    "securityContext.runAsGroup": _ID,
    "securityContext.fsGroup": _ID,
}
_POD_FORMATS: Mapping[str, Format] = {
    "hostname": optional(LABEL),
    "subdomain": optional(LABEL),
    "priorityClassName": optional(SUBDOMAIN),
    "serviceAccountName": optional(SUBDOMAIN),
    "hostAliases[*].ip": address,
    "readinessGates[*].conditionType": QUALIFIED_NAME,
    "securityContext.sysctls[*].name": sysctl,
    "volumes[*].hostPath.path": without_parent,
    "volumes[*].nfs.server": not_empty,
    "volumes[*].nfs.path": not_empty,
    "volumes[*].downwardAPI.items[*].fieldRef.fieldPath": downward_field,
    "hostAliases[*].hostnames[*]": SUBDOMAIN,
    "tolerations[*].key": optional(QUALIFIED_NAME),
    "tolerations[*].value": label_value,
    "topologySpreadConstraints[*].topologyKey": not_empty,
    "volumes[*].configMap.name": not_empty,
    "volumes[*].secret.secretName": not_empty,
    "volumes[*].csi.driver": driver,
    "volumes[*].persistentVolumeClaim.claimName": not_empty,
    **{f"volumes[*].{kind}.items[*].key": not_empty for kind in ("configMap", "secret")},
    **{f"volumes[*].{kind}.items[*].path": relative_path for kind in ("configMap", "secret", "downwardAPI")},
    **{f"{term}.namespaces[*]": LABEL for term in POD_TERMS},
    "volumes[*].projected.sources[*].serviceAccountToken.path": not_empty,
    **{f"{term}.topologyKey": QUALIFIED_NAME for term in POD_TERMS},
}
_CONTAINER_FORMATS: Mapping[str, Format] = {
    "volumeMounts[*].mountPath": not_empty,
    **{
        f"{place}.name": SUBDOMAIN
        for place in (
            "env[*].valueFrom.configMapKeyRef",
            "env[*].valueFrom.secretKeyRef",
            "envFrom[*].configMapRef",
            "envFrom[*].secretRef",
        )
    },
    "env[*].valueFrom.configMapKeyRef.key": config_key,
    "env[*].valueFrom.secretKeyRef.key": config_key,
    **{f"{probe}.httpGet.httpHeaders[*].name": header for probe in _PROBES},
}
_CONTAINER_ENUMS: Mapping[str, tuple[str, ...]] = {
    "resizePolicy[*].resourceName": ("cpu", "memory"),
    "volumeMounts[*].mountPropagation": ("None", "HostToContainer", "Bidirectional"),
    "imagePullPolicy": ("", "Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": ("", "File", "FallbackToLogsOnError"),
    "ports[*].protocol": ("", *PROTOCOLS),
    "securityContext.procMount": ("Default", "Unmasked"),
    "securityContext.seccompProfile.type": ("RuntimeDefault", "Localhost", "Unconfined"),
    **{f"{probe}.httpGet.scheme": ("HTTP", "HTTPS") for probe in _PROBES},
}
_CONTAINER_RANGES: Mapping[str, tuple[float, float]] = {
    "ports[*].containerPort": (1, LARGEST_PORT),
    "ports[*].hostPort": (0, LARGEST_PORT),
    "securityContext.runAsUser": _ID,
    "securityContext.runAsGroup": _ID,
    **{f"{probe}.terminationGracePeriodSeconds": (1, INT32) for probe in _PROBES},
    **{
        f"{probe}.{field}": (0, INT32)
        for probe in _PROBES
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


def pod_formats(template: str) -> dict[str, Format]:
    """Return the formats of a pod whose template is at a path."""
    return _below(template, _POD_FORMATS, _CONTAINER_FORMATS)


def _below(template: str, of_pod: Mapping[str, Any], of_containers: Mapping[str, Any]) -> dict[str, Any]:
    spec = f"{template}.spec" if template else "spec"
    return {
        **{f"{spec}.{field}": value for field, value in of_pod.items()},
        **{
            f"{spec}.{containers}[*].{field}": value
            for containers in ("initContainers", "containers")
            for field, value in of_containers.items()
        },
    }
