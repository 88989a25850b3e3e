"""Changes of Kubernetes objects: Pulumi's provider replaces them, or the API server updates or refuses them.

Sources: forceNew in provider/pkg/provider/diff.go of pulumi-kubernetes at f47bc2d6f199, and the Update functions below
pkg/apis of Kubernetes 1.37.2 (both read 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ..provider_calls import Engine
from .manifests import inputs, token

REPLACED: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
    ("RoleBinding", {}, {"roleRef.name": "other"}),
    ("StorageClass", {"parameters": {"type": "gp2"}}, {"parameters": {"type": "gp3"}}),
    ("PersistentVolumeClaim", {}, {"spec.accessModes": ["ReadWriteMany"]}),
    ("PersistentVolume", {}, {"spec.csi.volumeHandle": "fs-2"}),
    ("Pod", {}, {"spec.containers[0].image": "other:1"}),
    ("Pod", {}, {"spec.containers[1]": {"name": "b", "image": "b"}}),
    ("Role", {}, {"metadata.name": "other"}),
    ("CustomResourceDefinition", {}, {"metadata.name": "jobs.example.com", "spec.names.plural": "jobs"}),
)
UPDATED: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
    ("RoleBinding", {}, {"subjects[0].name": "other"}),
    ("Role", {}, {"rules[0].verbs": ["list"]}),
    ("StorageClass", {}, {"allowVolumeExpansion": True}),
    ("PersistentVolumeClaim", {"spec.storageClassName": "gp3"}, {"spec.resources.requests.storage": "2Gi"}),
    ("PriorityClass", {}, {"description": "other"}),
    ("Ingress", {}, {"spec.rules[0].host": "other.example.com"}),
    ("ResourceQuota", {}, {"spec.hard": {"pods": "20"}}),
    ("ReplicaSet", {}, {"spec.replicas": 3}),
    ("Deployment", {"spec.strategy.type": "Recreate"}, {"spec.strategy.type": "RollingUpdate"}),
    ("Deployment", {"spec.strategy": {"rollingUpdate": {"maxSurge": 1}}}, {"spec.strategy": {"type": "Recreate"}}),
    ("DaemonSet", {}, {"spec.updateStrategy": {"type": "OnDelete"}}),
)
REFUSED: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
    ("StorageClass", {}, {"reclaimPolicy": "Retain"}),
    ("StorageClass", {}, {"volumeBindingMode": "WaitForFirstConsumer"}),
    ("PersistentVolumeClaim", {"spec.resources.requests.storage": "2Gi"}, {"spec.resources.requests.storage": "1Gi"}),
    ("PersistentVolumeClaim", {}, {"spec.volumeMode": "Block"}),
    ("PriorityClass", {}, {"value": 2000}),
    ("ConfigMap", {"immutable": True}, {"immutable": False}),
    (
        "Service",
        {"spec.type": "LoadBalancer", "spec.loadBalancerClass": "example.com/a"},
        {"spec.loadBalancerClass": "example.com/b"},
    ),
    ("IngressClass", {}, {"spec.controller": "example.com/other"}),
    ("Job", {}, {"spec.completionMode": "Indexed"}),
    ("Deployment", {}, {"spec.strategy": {"type": "Recreate"}}),
    ("StatefulSet", {}, {"spec.updateStrategy": {"type": "OnDelete"}}),
    ("PersistentVolumeClaim", {}, {"spec.resources.requests.storage": "2Gi"}),
    (
        "ReplicaSet",
        {},
        {"spec.selector.matchLabels": {"app": "other"}, "spec.template.metadata.labels": {"app": "other"}},
    ),
    ("CustomResourceDefinition", {}, {"spec.scope": "Cluster"}),
)


@pytest.fixture
def engine() -> Engine:
    engine = Engine(package="kubernetes")
    engine.create(token("Namespace"), {"metadata": {"name": "app"}}, name="app")
    return engine


def _name(value: object) -> str:
    return value if isinstance(value, str) else ",".join(value) if isinstance(value, Mapping) else ""


@pytest.mark.parametrize(("kind", "old", "changes"), REPLACED, ids=_name)
def test_provider_replaces_the_object(
    engine: Engine, kind: str, old: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    assert engine.diff(token(kind), inputs(kind, old), inputs(kind, {**old, **changes}))[1]


@pytest.mark.parametrize(("kind", "old", "changes"), UPDATED, ids=_name)
def test_object_is_updated_in_place(
    engine: Engine, kind: str, old: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    created, new = engine.create(token(kind), inputs(kind, old)), inputs(kind, {**old, **changes})
    assert engine.diff(token(kind), inputs(kind, old), new)[1] == set()
    for path, value in new.items():
        assert engine.update(token(kind), created.id, new)[path] == value or path == "metadata"


@pytest.mark.parametrize(("kind", "old", "changes"), REFUSED, ids=_name)
def test_api_server_refuses_the_update(
    engine: Engine, kind: str, old: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    created, new = engine.create(token(kind), inputs(kind, old)), inputs(kind, {**old, **changes})
    assert engine.diff(token(kind), inputs(kind, old), new)[1] == set()
    with pytest.raises(RuntimeError, match=r"immutable|may not|can not be less|only (allowed|dynamically)"):
        engine.update(token(kind), created.id, new)


def test_node_port_of_another_service_is_refused(engine: Engine) -> None:
    ports = [{"port": 80, "nodePort": 30080}]
    old = {"spec.type": "NodePort", "spec.ports": ports}
    engine.create(token("Service"), inputs("Service", {**old, "metadata.name": "first"}), name="first")
    with pytest.raises(RuntimeError, match="provided port is already allocated"):
        engine.create(token("Service"), inputs("Service", {**old, "metadata.name": "second"}), name="second")
    other = {**old, "metadata.name": "second", "spec.ports": [{"port": 80, "nodePort": 30080, "protocol": "UDP"}]}
    assert engine.create(token("Service"), inputs("Service", other), name="second").id == "app/second"


def test_class_without_expansion_keeps_a_claim_from_growing(engine: Engine) -> None:
    engine.create(token("StorageClass"), inputs("StorageClass", {"metadata.name": "fixed"}), name="fixed")
    old = {"spec.storageClassName": "fixed"}
    created = engine.create(token("PersistentVolumeClaim"), inputs("PersistentVolumeClaim", old))
    larger = inputs("PersistentVolumeClaim", {**old, "spec.resources.requests.storage": "2Gi"})
    with pytest.raises(RuntimeError, match="must support resize"):
        engine.update(token("PersistentVolumeClaim"), created.id, larger)


@pytest.mark.parametrize(
    ("hard", "message"),
    [
        ({"pods": "1"}, "exceeded quota: requested: pods=2"),
        ({"requests.cpu": "900m"}, "exceeded quota: requested: requests.cpu=1"),
        ({"limits.cpu": "4"}, "must specify limits.cpu for: app"),
    ],
)
def test_quota_of_the_namespace_keeps_pods_from_starting(engine: Engine, hard: Mapping[str, str], message: str) -> None:
    engine.create(token("ResourceQuota"), inputs("ResourceQuota", {"spec.hard": hard}), name="quota")
    with pytest.raises(RuntimeError, match=message):
        engine.create(token("Deployment"), inputs("Deployment"))


def test_quota_that_suffices_accepts_the_workload(engine: Engine) -> None:
    hard = {"pods": "2", "requests.cpu": "1", "limits.memory": "1Gi"}
    engine.create(token("ResourceQuota"), inputs("ResourceQuota", {"spec.hard": hard}), name="quota")
    assert engine.create(token("Deployment"), inputs("Deployment")).id == "app/api"


def test_object_of_an_unknown_kind_has_a_valid_name_and_is_replaced_with_it(engine: Engine) -> None:
    widget = "kubernetes:example.com/v1:Widget"
    row = engine.provider.registry.rules(widget)
    assert row is not None
    assert "metadata.name" in row.replaces
    assert [each.reason for each in engine.check(widget, {"metadata": {"name": "a"}}).failures] == []
    (failure,) = engine.check(widget, {"metadata": {"name": "A b"}}).failures
    assert "metadata.name: invalid name" in failure.reason
    assert engine.provider.registry.rules("kubernetes:helm.sh/v3:Release") is None
