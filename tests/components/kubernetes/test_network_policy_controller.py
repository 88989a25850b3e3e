"""Tests of the switch that enforces NetworkPolicies."""

from __future__ import annotations

from components.kubernetes.network_policy_controller import NetworkPolicyController, NetworkPolicyControllerArgs
from tests.engine_recorder import record


def test_auto_mode_enforces_network_policies() -> None:
    recording = record(lambda: NetworkPolicyController("network-policies", NetworkPolicyControllerArgs()))
    config = recording.one("kubernetes:core/v1:ConfigMap").inputs

    assert config["metadata"] == {"name": "amazon-vpc-cni", "namespace": "kube-system"}
    assert config["data"] == {"enable-network-policy-controller": "true"}
