"""Compliant roles and policies, each limited to certain principals, actions and resources."""

from __future__ import annotations

import json

import pulumi_aws as aws

GITHUB = "token.actions.githubusercontent.com"


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    aws.iam.Role("deployer", assume_role_policy=json.dumps(trust()), permissions_boundary=_boundary().arn)
    aws.iam.Role(
        "holder",
        assume_role_policy=json.dumps(by_service()),
        inline_policies=[{"name": "reads", "policy": json.dumps(rights())}],
        managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    )
    aws.iam.Policy("rights", policy=json.dumps(rights()))
    aws.iam.RolePolicyAttachment(
        "attachment",
        role="deployer",
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    aws.iam.AccessKey("retired-key", user="somebody", status="Inactive")


def trust() -> dict[str, object]:
    """Return a trust policy for the workflows of one environment of one repository."""
    return statement(
        Principal={"Federated": f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"},
        Action="sts:AssumeRoleWithWebIdentity",
        Condition={
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{GITHUB}:sub": "repo:example/shop:environment:*"},
        },
    )


def by_service() -> dict[str, object]:
    """Return a trust policy for one AWS service."""
    return statement(Principal={"Service": "ecs-tasks.amazonaws.com"}, Action="sts:AssumeRole")


def rights() -> dict[str, object]:
    """Return a policy that allows some actions on some resources."""
    return statement(Action=["iam:PassRole", "s3:*"], Resource=["arn:aws:iam::111122223333:role/program"])


def statement(**elements: object) -> dict[str, object]:
    """Return a policy document with one statement, which allows."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **elements}]}


def _boundary() -> aws.iam.Policy:
    return aws.iam.Policy("boundary", policy=json.dumps(statement(Action="*", Resource="*")))
