"""Tests of the roles of pods."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from components.eks.pod_role import PodRole, PodRoleArgs
from components.iam.statement import PolicyStatement
from tests.engine_recorder import record

ARGS = PodRoleArgs(
    cluster_name="app-prod",
    cluster_arn="arn:aws:eks:eu-west-1:111122223333:cluster/app-prod",
    namespace="app",
    service_account="backend",
    tags={},
    statements=(PolicyStatement(actions=["s3:GetObject"], resources=["arn:aws:s3:::files/*"]),),
    managed_policy_arns=("arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",),
)


def test_only_pods_of_the_service_account_assume_the_role() -> None:
    recording = record(lambda: PodRole("backend", ARGS))
    role = recording.one("aws:iam/role:Role")
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]

    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert trust["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert trust["Condition"]["StringEquals"] == {
        "aws:RequestTag/eks-cluster-arn": ARGS.cluster_arn,
        "aws:RequestTag/kubernetes-namespace": "app",
        "aws:RequestTag/kubernetes-service-account": "backend",
    }


def test_association_follows_the_policies_of_the_role() -> None:
    recording = record(lambda: PodRole("backend", ARGS))
    association = recording.one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    policy = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])

    assert (association.inputs["namespace"], association.inputs["serviceAccount"]) == ("app", "backend")
    assert {"backend-pods", "backend-cloudwatchagentserverpolicy"} <= association.opts.depends_on
    assert policy["Statement"] == [
        {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::files/*"]}
    ]


@pytest.mark.parametrize("change", [{"namespace": "App"}, {"service_account": "a_b"}, {"namespace": ""}])
def test_names_that_kubernetes_rejects_are_rejected(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not a name of Kubernetes"):
        replace(ARGS, **change)  # pyright: ignore[reportArgumentType]  the values are wrong on purpose
