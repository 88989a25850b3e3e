"""Tests of access entries and their policies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.eks.access import AccessPolicy, ClusterAccess, ClusterAccessArgs
from tests.engine_recorder import record

ARGS = ClusterAccessArgs(
    cluster_name="app-prod",
    principal_arn="arn:aws:iam::111122223333:role/deploy",
    policy=AccessPolicy.CLUSTER_ADMIN,
    tags={},
)


def test_principal_gets_an_entry_and_the_policy_in_the_whole_cluster() -> None:
    recording = record(lambda: ClusterAccess("deploy", ARGS))
    association = recording.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation").inputs

    assert recording.tree() == {"deploy": None, "deploy-entry": "deploy", "deploy-policy": "deploy"}
    assert recording.named("deploy-entry").inputs["principalArn"] == ARGS.principal_arn
    assert association["policyArn"] == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    assert association["accessScope"] == {"type": "cluster"}


def test_policy_applies_in_the_given_namespaces_only() -> None:
    args = replace(ARGS, policy=AccessPolicy.VIEW, namespaces=("app",))
    recording = record(lambda: ClusterAccess("readers", args))

    scope = recording.named("readers-policy").inputs["accessScope"]
    assert scope == {"type": "namespace", "namespaces": ["app"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"principal_arn": "arn:aws:sts::111122223333:assumed-role/deploy/me"},
            "principal_arn: not the ARN of an IAM role or user",
        ),
        ({"principal_arn": "arn:aws:iam::111122223333:root"}, "principal_arn: not the ARN of an IAM role or user"),
        ({"namespaces": ("app",)}, "namespaces: AmazonEKSClusterAdminPolicy applies to the whole cluster"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)  # pyright: ignore[reportArgumentType]  the values are wrong on purpose
