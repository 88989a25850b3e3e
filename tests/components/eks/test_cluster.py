"""Tests of the EKS cluster: Auto Mode, access, encryption, logs and roles."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from components.eks.cluster import EksCluster, EksClusterArgs
from components.eks.cluster_roles import CLUSTER_POLICIES, NODE_POLICIES
from tests.engine_recorder import Recording, record

ARGS = EksClusterArgs(
    cluster_name="app-prod",
    version="1.35",
    subnet_ids=["subnet-a", "subnet-b", "subnet-c"],
    log_retention_days=90,
    secrets_key_arn="arn:key",
    log_key_arn="arn:log-key",
    tags={"Stack": "prod"},
)
CLUSTER = "aws:eks/cluster:Cluster"
OUTPUTS = {
    CLUSTER: {
        "endpoint": "https://api.example",
        "certificateAuthority": {"data": "Y2E="},
        "vpcConfig": {"clusterSecurityGroupId": "sg-cluster"},
    }
}


@pytest.fixture(scope="module")
def recording() -> Recording[EksCluster]:
    return record(lambda: EksCluster("eks", ARGS), outputs=OUTPUTS)


def test_auto_mode_enables_its_three_capabilities_together(recording: Recording[EksCluster]) -> None:
    inputs = recording.one(CLUSTER).inputs

    assert inputs["computeConfig"]["enabled"] is True
    assert inputs["computeConfig"]["nodePools"] == ["system"]
    assert inputs["kubernetesNetworkConfig"]["elasticLoadBalancing"] == {"enabled": True}
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert inputs["bootstrapSelfManagedAddons"] is False


def test_kubernetes_api_is_private_by_default(recording: Recording[EksCluster]) -> None:
    assert recording.one(CLUSTER).inputs["vpcConfig"] == {
        "subnetIds": ["subnet-a", "subnet-b", "subnet-c"],
        "endpointPrivateAccess": True,
        "endpointPublicAccess": False,
    }


def test_public_endpoint_accepts_only_the_given_addresses() -> None:
    opened = record(lambda: EksCluster("eks", replace(ARGS, public_cidrs=("203.0.113.0/24",))), outputs=OUTPUTS)

    config = opened.one(CLUSTER).inputs["vpcConfig"]
    assert (config["endpointPublicAccess"], config["publicAccessCidrs"]) == (True, ["203.0.113.0/24"])


def test_access_is_by_access_entries_only_and_the_creator_gets_none(recording: Recording[EksCluster]) -> None:
    assert recording.one(CLUSTER).inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }


def test_secrets_are_encrypted_with_the_given_key(recording: Recording[EksCluster]) -> None:
    without = record(lambda: EksCluster("eks", replace(ARGS, secrets_key_arn=None)), outputs=OUTPUTS)

    assert recording.one(CLUSTER).inputs["encryptionConfig"] == {
        "provider": {"keyArn": "arn:key"},
        "resources": ["secrets"],
    }
    assert "encryptionConfig" not in without.one(CLUSTER).inputs
    assert "eks-cluster-secrets" not in without.tree()


def test_control_plane_logs_have_retention_before_the_cluster_exists(recording: Recording[EksCluster]) -> None:
    logs, cluster = recording.named("eks-logs"), recording.one(CLUSTER)

    assert logs.inputs["name"] == "/aws/eks/app-prod/cluster"
    assert (logs.inputs["retentionInDays"], logs.inputs["kmsKeyId"]) == (90, "arn:log-key")
    assert "eks-logs" in cluster.opts.depends_on
    assert len(cluster.inputs["enabledClusterLogTypes"]) == 5


def test_cluster_is_protected_and_never_enters_extended_support(recording: Recording[EksCluster]) -> None:
    inputs = recording.one(CLUSTER).inputs

    assert inputs["deletionProtection"] is True
    assert inputs["upgradePolicy"] == {"supportType": "STANDARD"}


def test_roles_have_the_policies_of_auto_mode_before_the_cluster_exists(recording: Recording[EksCluster]) -> None:
    attachments = recording.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")

    assert {each.inputs["policyArn"].rpartition("/")[2] for each in attachments} == {*CLUSTER_POLICIES, *NODE_POLICIES}
    assert {each.name for each in attachments} <= recording.one(CLUSTER).opts.depends_on


def test_cluster_role_may_be_assumed_with_session_tags(recording: Recording[EksCluster]) -> None:
    trust = json.loads(recording.named("eks-cluster-role").inputs["assumeRolePolicy"])["Statement"][0]

    assert trust["Principal"] == {"Service": "eks.amazonaws.com"}
    assert trust["Action"] == ["sts:AssumeRole", "sts:TagSession"]


def test_outputs_contain_what_workloads_need(recording: Recording[EksCluster]) -> None:
    result = recording.result

    assert recording.value(result.endpoint) == "https://api.example"
    assert recording.value(result.certificate_authority) == "Y2E="
    assert recording.value(result.security_group_id) == "sg-cluster"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cluster_name": "-app"}, "cluster_name: not the name of a cluster"),
        ({"cluster_name": "a" * 101}, "cluster_name: not the name of a cluster"),
        ({"version": "v1.35"}, "version: not a Kubernetes version"),
        ({"subnet_ids": ["subnet-a"]}, "subnet_ids: too few"),
        ({"log_retention_days": 8}, "log_retention_days: not a retention period"),
        ({"public_cidrs": ("0.0.0.0/0",)}, "public_cidrs: every address reaches the Kubernetes API"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)  # pyright: ignore[reportArgumentType]  the values are wrong on purpose
