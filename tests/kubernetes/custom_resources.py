"""The definitions of the custom resources that the components create, reduced to the fields that they use.

https://github.com/kubernetes-sigs/aws-load-balancer-controller, config/crd/bases/elbv2.k8s.aws_targetgroupbindings.yaml
(from memory): EKS Auto Mode has the same fields in the group eks.amazonaws.com.
https://github.com/kubernetes-sigs/secrets-store-csi-driver, config/crd/bases (from memory): `parameters` maps strings
to strings.
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
    return [
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
