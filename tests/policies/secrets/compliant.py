"""A secret with rotation, and resources that use secrets and keys."""

from __future__ import annotations

import json

import pulumi_aws as aws

from ..iam.compliant import statement

ACCOUNT = "111122223333"


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    secret = aws.secretsmanager.Secret("jwt", recovery_window_in_days=30)
    aws.secretsmanager.SecretRotation(
        "jwt-rotation",
        secret_id=secret.arn,
        rotation_lambda_arn=f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:rotate",
        rotation_rules={"automatically_after_days": 30},
    )
    aws.ssm.Parameter("db-password", type="SecureString", value="a-password-of-the-tests")
    aws.lambda_.Function(
        "reports",
        role=f"arn:aws:iam::{ACCOUNT}:role/reports",
        environment={"variables": {"JWT_SECRET_ARN": secret.arn, "LOG_LEVEL": "info"}},
    )
    aws.kms.Key("app-key", enable_key_rotation=True, deletion_window_in_days=30, policy=json.dumps(key_policy()))
    aws.sqs.QueuePolicy("queue-policy", queue_url="https://sqs/orders", policy=json.dumps(queue_policy()))


def key_policy() -> dict[str, object]:
    """Return a statement for everyone in the account through Secrets Manager."""
    return statement(
        Principal={"AWS": "*"},
        Action="kms:Decrypt",
        Resource="*",
        Condition={"StringEquals": {"kms:CallerAccount": ACCOUNT, "kms:ViaService": "secretsmanager.amazonaws.com"}},
    )


def queue_policy() -> dict[str, object]:
    """Return a statement for everyone, limited to one EventBridge rule."""
    return statement(
        Principal="*",
        Action="sqs:SendMessage",
        Resource="*",
        Condition={"ArnEquals": {"aws:SourceArn": f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/orders"}},
    )
