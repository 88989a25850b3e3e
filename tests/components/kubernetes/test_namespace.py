"""The namespace: pod security and the policy that denies all traffic."""

from __future__ import annotations

import pytest

from components.kubernetes.namespace import READINESS_GATE_LABEL, KubernetesNamespace, KubernetesNamespaceArgs
from tests.engine_recorder import record


def test_namespace_enforces_restricted_pod_security() -> None:
    recording = record(lambda: KubernetesNamespace("app", KubernetesNamespaceArgs(labels={"team": "web"})))
    labels = recording.one("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels == {
        "team": "web",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "latest",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/audit-version": "latest",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": "latest",
        READINESS_GATE_LABEL: "enabled",
    }


def test_namespace_denies_all_traffic_and_resolves_after_the_policy() -> None:
    recording = record(lambda: KubernetesNamespace("app", KubernetesNamespaceArgs()))
    policy = recording.one("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    assert policy.inputs["metadata"]["namespace"] == "app-name"
    assert policy.inputs["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert recording.value(recording.result.namespace) == "app-name"
    assert "app-default-deny" in recording.sources(recording.result.namespace)


@pytest.mark.parametrize("label", ["pod-security.kubernetes.io/enforce", READINESS_GATE_LABEL])
def test_label_that_the_component_sets_is_rejected(label: str) -> None:
    with pytest.raises(ValueError, match=rf"^labels: set by the component \(got {label}\)\. Use "):
        KubernetesNamespaceArgs(labels={label: "privileged"})


@pytest.mark.parametrize("name", ["App", "app_", "-app", "a" * 55])
def test_name_that_is_no_dns_label_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=r"^name: not valid for Kubernetes objects .* Use at most 54 "):
        record(lambda: KubernetesNamespace(name, KubernetesNamespaceArgs()))
