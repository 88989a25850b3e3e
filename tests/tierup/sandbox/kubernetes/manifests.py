"""Valid manifests of Kubernetes objects in the namespace `app`, and changes of them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

REMOVED: Final = object()
"""In place of a value: the property is absent."""

_CONTAINER: Mapping[str, Any] = {
    "name": "app",
    "image": "registry.example/app@sha256:1",
    "command": ["node", "app.js"],
    "env": [{"name": "MODE", "value": "a"}],
    "ports": [{"name": "http", "containerPort": 3000, "protocol": "TCP"}],
    "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"memory": "512Mi"}},
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    "readinessProbe": {"httpGet": {"path": "/health", "port": "http"}, "periodSeconds": 5},
    "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
}
_POD: Mapping[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
    "terminationGracePeriodSeconds": 30,
    "containers": [_CONTAINER],
    "volumes": [{"name": "tmp", "emptyDir": {}}],
    "topologySpreadConstraints": [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": {"app": "api"}},
        }
    ],
}
_LABELS: Mapping[str, str] = {"app": "api"}
_TEMPLATE: Mapping[str, Any] = {"metadata": {"labels": _LABELS}, "spec": _POD}
_JOB: Mapping[str, Any] = {
    "backoffLimit": 1,
    "activeDeadlineSeconds": 600,
    "template": {"metadata": {"labels": _LABELS}, "spec": {**_POD, "restartPolicy": "Never"}},
}
_METADATA: Mapping[str, Any] = {"name": "api", "namespace": "app"}
_CLUSTER_METADATA: Mapping[str, Any] = {"name": "api"}
_BINDING: Mapping[str, Any] = {
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "api"},
    "subjects": [{"kind": "ServiceAccount", "name": "api", "namespace": "app"}],
}

_MANIFESTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "Namespace": ("v1", {"metadata": {"name": "other", "labels": {"team": "a"}}}),
    "ServiceAccount": ("v1", {"metadata": _METADATA}),
    "ConfigMap": ("v1", {"metadata": _METADATA, "data": {"MODE": "a"}}),
    "Secret": ("v1", {"metadata": _METADATA, "type": "Opaque", "stringData": {"TOKEN": "a"}}),
    "Service": (
        "v1",
        {
            "metadata": _METADATA,
            "spec": {"selector": _LABELS, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]},
        },
    ),
    "Deployment": (
        "apps/v1",
        {
            "metadata": _METADATA,
            "spec": {"replicas": 2, "selector": {"matchLabels": _LABELS}, "template": _TEMPLATE},
        },
    ),
    "StatefulSet": (
        "apps/v1",
        {
            "metadata": _METADATA,
            "spec": {"serviceName": "api", "selector": {"matchLabels": _LABELS}, "template": _TEMPLATE},
        },
    ),
    "DaemonSet": (
        "apps/v1",
        {"metadata": _METADATA, "spec": {"selector": {"matchLabels": _LABELS}, "template": _TEMPLATE}},
    ),
    "Job": ("batch/v1", {"metadata": _METADATA, "spec": _JOB}),
    "CronJob": (
        "batch/v1",
        {"metadata": _METADATA, "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": _JOB}}},
    ),
    "HorizontalPodAutoscaler": (
        "autoscaling/v2",
        {
            "metadata": _METADATA,
            "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "target"},
                "minReplicas": 2,
                "maxReplicas": 4,
                "metrics": [
                    {
                        "type": "Resource",
                        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
                    }
                ],
            },
        },
    ),
    "ReplicaSet": (
        "apps/v1",
        {"metadata": _METADATA, "spec": {"selector": {"matchLabels": _LABELS}, "template": _TEMPLATE}},
    ),
    "Pod": ("v1", {"metadata": {**_METADATA, "labels": _LABELS}, "spec": _POD}),
    "PersistentVolumeClaim": (
        "v1",
        {
            "metadata": _METADATA,
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        },
    ),
    "PersistentVolume": (
        "v1",
        {
            "metadata": _CLUSTER_METADATA,
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "capacity": {"storage": "1Gi"},
                "csi": {"driver": "efs.csi.aws.com", "volumeHandle": "fs-1"},
            },
        },
    ),
    "StorageClass": ("storage.k8s.io/v1", {"metadata": _CLUSTER_METADATA, "provisioner": "ebs.csi.aws.com"}),
    "PriorityClass": ("scheduling.k8s.io/v1", {"metadata": _CLUSTER_METADATA, "value": 1000}),
    "ResourceQuota": ("v1", {"metadata": _METADATA, "spec": {"hard": {"pods": "10", "requests.cpu": "4"}}}),
    "LimitRange": (
        "v1",
        {"metadata": _METADATA, "spec": {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}},
    ),
    "Role": (
        "rbac.authorization.k8s.io/v1",
        {"metadata": _METADATA, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
    ),
    "ClusterRole": (
        "rbac.authorization.k8s.io/v1",
        {"metadata": _CLUSTER_METADATA, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
    ),
    "RoleBinding": ("rbac.authorization.k8s.io/v1", {"metadata": _METADATA, **_BINDING}),
    "ClusterRoleBinding": (
        "rbac.authorization.k8s.io/v1",
        {"metadata": _CLUSTER_METADATA, **_BINDING, "roleRef": {**_BINDING["roleRef"], "kind": "ClusterRole"}},
    ),
    "Ingress": (
        "networking.k8s.io/v1",
        {
            "metadata": _METADATA,
            "spec": {
                "rules": [
                    {
                        "host": "api.example.com",
                        "http": {
                            "paths": [
                                {
                                    "path": "/",
                                    "pathType": "Prefix",
                                    "backend": {"service": {"name": "api", "port": {"number": 80}}},
                                }
                            ]
                        },
                    }
                ]
            },
        },
    ),
    "ValidatingWebhookConfiguration": (
        "admissionregistration.k8s.io/v1",
        {
            "metadata": _CLUSTER_METADATA,
            "webhooks": [
                {
                    "name": "pods.hooks.example.com",
                    "sideEffects": "None",
                    "admissionReviewVersions": ["v1"],
                    "clientConfig": {"url": "https://hooks.example.com"},
                }
            ],
        },
    ),
    "EndpointSlice": (
        "discovery.k8s.io/v1",
        {
            "metadata": _METADATA,
            "addressType": "IPv4",
            "endpoints": [{"addresses": ["10.1.2.3"]}],
            "ports": [{"port": 80}],
        },
    ),
    "Lease": ("coordination.k8s.io/v1", {"metadata": _METADATA, "spec": {"leaseDurationSeconds": 10}}),
    "RuntimeClass": ("node.k8s.io/v1", {"metadata": _CLUSTER_METADATA, "handler": "runc"}),
    "CSIDriver": ("storage.k8s.io/v1", {"metadata": _CLUSTER_METADATA, "spec": {"fsGroupPolicy": "File"}}),
    "IngressClass": (
        "networking.k8s.io/v1",
        {"metadata": _CLUSTER_METADATA, "spec": {"controller": "example.com/controller"}},
    ),
    "CustomResourceDefinition": (
        "apiextensions.k8s.io/v1",
        {
            "metadata": {"name": "tasks.example.com"},
            "spec": {
                "group": "example.com",
                "scope": "Namespaced",
                "names": {"kind": "Task", "plural": "tasks", "singular": "task"},
                "versions": [
                    {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
                ],
            },
        },
    ),
    "PodDisruptionBudget": (
        "policy/v1",
        {"metadata": _METADATA, "spec": {"maxUnavailable": "25%", "selector": {"matchLabels": _LABELS}}},
    ),
    "NetworkPolicy": (
        "networking.k8s.io/v1",
        {
            "metadata": _METADATA,
            "spec": {
                "podSelector": {"matchLabels": _LABELS},
                "policyTypes": ["Ingress", "Egress"],
                "ingress": [
                    {
                        "from": [{"ipBlock": {"cidr": "10.0.0.0/16", "except": ["10.0.1.0/24"]}}],
                        "ports": [{"protocol": "TCP", "port": 3000}],
                    }
                ],
            },
        },
    ),
}


def token(kind: str) -> str:
    """Return the type token of a kind in the table."""
    version = _MANIFESTS[kind][0]
    return f"kubernetes:{version if '/' in version else f'core/{version}'}:{kind}"


def inputs(kind: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the inputs of a valid object, with changes: "spec.ports[0].port" -> value.

    A part of a path that contains a dot is in quotation marks: metadata.labels."example.com/team".
    """
    found: dict[str, Any] = copy.deepcopy(dict(_MANIFESTS[kind][1]))
    for path, value in (changes or {}).items():
        _set(found, _parts(path), value)
    return found


def manifest(kind: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the manifest of an object, as kubectl would send it."""
    return {"apiVersion": _MANIFESTS[kind][0], "kind": kind, **inputs(kind, changes)}


def template_path(kind: str) -> str | None:
    """Return the path of the pod template of a kind, or None if it has none."""
    if kind == "CronJob":
        return "spec.jobTemplate.spec.template"
    return "spec.template" if "template" in _MANIFESTS[kind][1].get("spec", {}) else None


def _parts(path: str) -> list[str | int]:
    parts: list[str | int] = []
    for number, text in enumerate(path.split('"')):
        if number % 2:
            parts.append(text)
            continue
        words = text.replace("[", ".").replace("]", "").split(".")
        parts += [int(word) if word.isdigit() else word for word in words if word]
    return parts


def _set(root: Any, parts: list[str | int], value: Any) -> None:
    target: Any = root
    *path, last = parts
    for part, following in zip(path, parts[1:], strict=True):
        if _is_missing(target, part):
            _put(target, part, [] if isinstance(following, int) else {})
        target = target[part]
    if value is REMOVED:
        del target[last]
    else:
        _put(target, last, copy.deepcopy(value))


def _is_missing(target: Any, part: str | int) -> bool:
    return part == len(target) if isinstance(target, list) else part not in target


def _put(target: Any, part: str | int, value: Any) -> None:
    if _is_missing(target, part) and part == len(target):
        target.append(value)
    else:
        target[part] = value
