"""Roles and rights of which each says for whom and for what."""

from __future__ import annotations

import json

import pulumi_aws as aws

GITHUB = "token.actions.githubusercontent.com"


def deploy() -> None:
    """Declares the resources; the tests name them by their logical names."""
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
    """The workflows of one environment of one repository."""
    return statement(
        Principal={"Federated": f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"},
        Action="sts:AssumeRoleWithWebIdentity",
        Condition={
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{GITHUB}:sub": "repo:example/shop:environment:*"},
        },
    )


def by_service() -> dict[str, object]:
    """One AWS service."""
    return statement(Principal={"Service": "ecs-tasks.amazonaws.com"}, Action="sts:AssumeRole")


def rights() -> dict[str, object]:
    """Some actions on some resources."""
    return statement(Action=["iam:PassRole", "s3:*"], Resource=["arn:aws:iam::111122223333:role/program"])


def statement(**elements: object) -> dict[str, object]:
    """A policy document of one statement, which allows."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **elements}]}


def _boundary() -> aws.iam.Policy:
    return aws.iam.Policy("boundary", policy=json.dumps(statement(Action="*", Resource="*")))
