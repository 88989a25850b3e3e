"""Reads the manifests of pods: their labels, containers, variables, and the secrets that the driver mounts.

Secrets Store CSI driver and its AWS provider: https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret
and https://github.com/aws/secrets-store-csi-driver-provider-aws (from memory).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .rows import Rows, listed

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SECRET_PROVIDER = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass"  # noqa: S105 (a type token)
_DRIVER = "secrets-store.csi.k8s.io"


def namespace(row: CloudResource) -> str:
    """Return the namespace of an object."""
    return str((row.value("metadata") or {}).get("namespace") or "default")


def object_name(row: CloudResource) -> str:
    """Return the name of an object in its namespace."""
    return str((row.value("metadata") or {}).get("name") or "")


def pods_name(deployment: CloudResource) -> str:
    """Return the short name of the pods of a deployment."""
    return f"{deployment.name or object_name(deployment)} pods"


def spec(row: CloudResource) -> dict[str, Any]:
    """Return the spec of an object."""
    return dict(row.value("spec") or {})


def pod_spec(deployment: CloudResource) -> dict[str, Any]:
    """Return the spec of a deployment's pods."""
    return dict((spec(deployment).get("template") or {}).get("spec") or {})


def pod_labels(deployment: CloudResource) -> dict[str, str]:
    """Return the labels of a deployment's pods."""
    metadata = (spec(deployment).get("template") or {}).get("metadata") or {}
    return dict(metadata.get("labels") or {})


def selects(labels: Mapping[str, str], selector: Mapping[str, Any]) -> bool | None:
    """Return whether a label selector matches labels; None if it has expressions that the model does not evaluate."""
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return None if selector.get("matchExpressions") else True


def in_namespace(rows: Rows, type: str, like: CloudResource) -> list[CloudResource]:
    """Return the objects of a type in the namespace of another object."""
    return [each for each in rows.all(type) if namespace(each) == namespace(like)]


def named(rows: Rows, type: str, name: str, like: CloudResource) -> CloudResource | None:
    """Return an object by its name in the namespace of another object."""
    return next((each for each in in_namespace(rows, type, like) if object_name(each) == name), None)


def images(deployment: CloudResource) -> list[str]:
    """Return the images of a deployment's pods."""
    spec_of_pods = pod_spec(deployment)
    found = [*listed(spec_of_pods.get("initContainers")), *listed(spec_of_pods.get("containers"))]
    return [str(each.get("image")) for each in found]


def variables(deployment: CloudResource) -> dict[str, str]:
    """Return the plain variables of a deployment's containers."""
    return {
        str(each.get("name")): str(each.get("value"))
        for container in listed(pod_spec(deployment).get("containers"))
        for each in listed(container.get("env"))
        if each.get("value") is not None
    }


def secret_provider(rows: Rows, deployment: CloudResource) -> tuple[str, CloudResource | None]:
    """Return the name of the SecretProviderClass that pods mount, "" if they mount none, and its row."""
    for volume in listed(pod_spec(deployment).get("volumes")):
        csi = volume.get("csi") or {}
        if csi.get("driver") == _DRIVER:
            name = str((csi.get("volumeAttributes") or {}).get("secretProviderClass") or "")
            return name, named(rows, SECRET_PROVIDER, name, deployment)
    return "", None


def secret_references(rows: Rows, deployment: CloudResource) -> dict[str, str]:
    """Return variable → ARN of its secret, with a JSON key as ECS has it; "" for a key that is not synced."""
    _, provider = secret_provider(rows, deployment)
    synced = _synced(provider) if provider is not None else {}
    found: dict[str, str] = {}
    for container in listed(pod_spec(deployment).get("containers")):
        for each in listed(container.get("env")):
            reference = (each.get("valueFrom") or {}).get("secretKeyRef")
            if reference and not reference.get("optional"):
                found[str(each.get("name"))] = synced.get((str(reference.get("name")), str(reference.get("key"))), "")
    return found


def _synced(provider: CloudResource) -> dict[tuple[str, str], str]:
    """Return (name of the Kubernetes Secret, key) → reference of each value that the driver writes."""
    own = spec(provider)
    try:
        objects = json.loads(str((own.get("parameters") or {}).get("objects") or "[]"))
    except ValueError:
        objects = []
    aliases: dict[str, str] = {}
    for each in listed(objects):
        name = str(each.get("objectName"))
        aliases[str(each.get("objectAlias") or name)] = name
        for part in listed(each.get("jmesPath")):
            key = str(part.get("path") or "").strip('"')
            aliases[str(part.get("objectAlias"))] = f"{name}:{key}"
    return {
        (str(secret.get("secretName")), str(entry.get("key"))): aliases.get(str(entry.get("objectName")), "")
        for secret in listed(own.get("secretObjects"))
        for entry in listed(secret.get("data"))
    }
