"""The definitions of the custom resources that the components create, reduced to the fields that they use.

https://github.com/kubernetes-sigs/aws-load-balancer-controller, config/crd/bases/elbv2.k8s.aws_targetgroupbindings.yaml
(from memory): EKS Auto Mode has the same fields in the group eks.amazonaws.com.
https://github.com/kubernetes-sigs/secrets-store-csi-driver, config/crd/bases (from memory): `parameters` maps strings
to strings.
https://github.com/kedacore/keda, apis/keda/v1alpha1/scaledobject_types.go (read 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STRING: Mapping[str, Any] = {"type": "string"}
_OPEN: Mapping[str, Any] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def definitions() -> list[dict[str, Any]]:
    """Return the CustomResourceDefinitions."""
    binding: Mapping[str, Any] = {
        "type": "object",
        "required": ["serviceRef"],
        "properties": {
            "targetGroupARN": {"type": "string", "minLength": 1},
            "targetType": {"type": "string", "enum": ["instance", "ip"]},
            "serviceRef": {
                "type": "object",
                "required": ["name", "port"],
                "properties": {"name": _STRING, "port": {"x-kubernetes-int-or-string": True}},
            },
            "networking": _OPEN,
        },
    }
    secrets: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "provider": _STRING,
            "parameters": {"type": "object", "additionalProperties": _STRING},
            "secretObjects": {"type": "array", "items": _OPEN},
        },
    }
    trigger: Mapping[str, Any] = {
        "type": "object",
        "required": ["type", "metadata"],
        "properties": {
            "type": _STRING,
            "metricType": _STRING,
            "metadata": {"type": "object", "additionalProperties": _STRING},
            "authenticationRef": {"type": "object", "required": ["name"], "properties": {"name": _STRING}},
        },
    }
    scaled: Mapping[str, Any] = {
        "type": "object",
        "required": ["scaleTargetRef", "triggers"],
        "properties": {
            "scaleTargetRef": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": _STRING, "apiVersion": _STRING, "kind": _STRING},
            },
            **{key: {"type": "integer"} for key in ("pollingInterval", "minReplicaCount", "maxReplicaCount")},
            "advanced": _OPEN,
            "triggers": {"type": "array", "items": trigger},
        },
    }
    identity: Mapping[str, Any] = {"type": "object", "properties": {"podIdentity": _OPEN}}
    return [
        _definition("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects", scaled),
        _definition("keda.sh", "v1alpha1", "TriggerAuthentication", "triggerauthentications", identity),
        _definition("eks.amazonaws.com", "v1", "TargetGroupBinding", "targetgroupbindings", binding),
        _definition("secrets-store.csi.x-k8s.io", "v1", "SecretProviderClass", "secretproviderclasses", secrets),
    ]


def _definition(group: str, version: str, kind: str, plural: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"spec": dict(spec), "status": dict(_OPEN)}}
    names = {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"}
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [served]},
    }
