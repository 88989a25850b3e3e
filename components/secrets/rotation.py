"""Rotates the signing keys on a schedule: Secrets Manager calls a small Lambda function, which starts tasks anew.

Makes: the function (its code is rotation_lambda/signing_keys.py), its role, its log group, the permission for Secrets
Manager to call it, and the schedule. The secret is made elsewhere (signing_keys.py).

Only the signing keys. The database's password is left alone on purpose: to change it, the function would need a key to
Atlas's Admin API that can make database users, kept in AWS and itself in need of rotation: a stronger secret than the
one it rotates. Nor could it test the new password, having no way into the database. Who wants no standing password
lets the tasks log in by their IAM role (atlas_users.py), whose credentials AWS changes every few hours.

Nothing is rotated at the first `up`: the tasks would start twice. Secrets Manager tries the function's test step then.

Checklist: rotation of secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.iam.account_id import check_account_id
from components.monitoring.log_retention import check_retention

_CODE: Final = Path(__file__).parent / "rotation_lambda" / "signing_keys.py"
_DAYS: Final = range(1, 1001)
"""https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html (read 2026-11-24)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restarted:
    """An ECS service whose tasks are started anew after a rotation."""

    cluster_name: Input[str]
    """Of the cluster that it is in."""
    service_name: Input[str]
    """Its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretRotationArgs:
    """Which secret, how often, and whose tasks read it."""

    account_id: str
    """The AWS account's, 12 digits."""
    region: str
    """The secret's, AWS form."""
    secret_arn: Input[str]
    """Of a secret that holds signing keys (JSON of previous, current, next)."""
    restarts: Mapping[str, Restarted]
    """By a short name."""
    runtime: str
    """Lambda's name for a Python, such as python3.13."""
    log_retention_days: int
    """One of the periods that CloudWatch Logs offers."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    every_days: int = 30
    """Longer than any token lives: a token is accepted for one more interval after its key stopped signing."""
    kms_key_arn: Input[str] | None = None
    """Encrypts the function's environment and its log, and is the one of the secret; None is AWS's own keys."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        if self.every_days not in _DAYS:
            raise ValueError(
                f"every_days is {self.every_days}; Secrets Manager allows {_DAYS.start} to {_DAYS.stop - 1}"
            )
        if not self.runtime.startswith("python3."):
            raise ValueError(f"runtime is '{self.runtime}'; the function is Python: give one such as python3.13")
        if not self.restarts:
            raise ValueError(
                "restarts is empty; name the services that read the keys: a task reads them when it starts, so without "
                "a restart it would sign with old keys until it is refused"
            )
        check_retention("log_retention_days", self.log_retention_days)


class SecretRotation(pulumi.ComponentResource):
    """`function_name` is the dimension of its metrics: an alarm on AWS/Lambda Errors tells of a failed rotation."""

    function_name: Output[str]
    """The `FunctionName` dimension of its metrics."""
    log_group_name: Output[str]
    """What the function writes; never a key."""

    def __init__(self, name: str, args: SecretRotationArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SecretRotation", name, None, opts)
        self._logical_name = name
        self._child = ResourceOptions(parent=self)
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.kms_key_arn,
            tags={**args.tags, "Name": f"{name}-logs"},
            opts=self._child,
        )
        function = self._function(args, logs, *self._role(args, logs))
        permission = aws.lambda_.Permission(
            f"{name}-call",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="secretsmanager.amazonaws.com",
            source_account=args.account_id,
            opts=self._child,
        )
        aws.secretsmanager.SecretRotation(
            f"{name}-schedule",
            secret_id=args.secret_arn,
            rotation_lambda_arn=function.arn,
            rotate_immediately=False,
            # From midnight UTC: a rotation starts every task anew, which is better done in a quiet hour.
            rotation_rules={"schedule_expression": f"rate({_days(args.every_days)})", "duration": "4h"},
            opts=ResourceOptions(parent=self, depends_on=[permission]),
        )

        self.function_name = function.name
        self.log_group_name = logs.name
        self.register_outputs({"function_name": self.function_name, "log_group_name": self.log_group_name})

    def _role(self, args: SecretRotationArgs, logs: aws.cloudwatch.LogGroup) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            f"{self._logical_name}-role",
            description="Rotates one secret and starts the tasks that read it anew",
            assume_role_policy=Output.json_dumps(_TRUST),
            tags={**args.tags, "Name": f"{self._logical_name}-role"},
            opts=self._child,
        )
        policy = aws.iam.RolePolicy(
            f"{self._logical_name}-policy",
            role=role.id,
            policy=Output.json_dumps({"Version": "2012-10-17", "Statement": _statements(args, logs.arn)}),
            opts=self._child,
        )
        return role, policy

    def _function(
        self,
        args: SecretRotationArgs,
        logs: aws.cloudwatch.LogGroup,
        role: aws.iam.Role,
        policy: aws.iam.RolePolicy,
    ) -> aws.lambda_.Function:
        services = [{"cluster": each.cluster_name, "service": each.service_name} for each in args.restarts.values()]
        return aws.lambda_.Function(
            f"{self._logical_name}-function",
            description="Called by Secrets Manager to rotate the signing keys",
            runtime=args.runtime,
            architectures=["arm64"],
            handler=f"{_CODE.stem}.handler",
            # The text, not the folder: compiled files beside it would make every machine deploy another function.
            code=pulumi.AssetArchive({_CODE.name: pulumi.StringAsset(_CODE.read_text())}),
            role=role.arn,
            timeout=60,
            memory_size=256,
            environment={"variables": {"SERVICES": Output.json_dumps(services)}},
            kms_key_arn=args.kms_key_arn,
            logging_config={"log_format": "JSON", "log_group": logs.name},
            tags={**args.tags, "Name": f"{self._logical_name}-function"},
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )


_TRUST: Final[Mapping[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": [
        # Without a source condition: Lambda sends none when it takes a function's role.
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def _statements(args: SecretRotationArgs, log_group_arn: Input[str]) -> list[dict[str, Any]]:
    """https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    (from memory, to be checked)."""
    services = [
        Output.format(
            "arn:aws:ecs:{0}:{1}:service/{2}/{3}", args.region, args.account_id, each.cluster_name, each.service_name
        )
        for each in args.restarts.values()
    ]
    statements: list[dict[str, Any]] = [
        {
            "Sid": "RotatesTheSecret",
            "Effect": "Allow",
            "Action": [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            "Resource": args.secret_arn,
        },
        {"Sid": "RestartsTasks", "Effect": "Allow", "Action": "ecs:UpdateService", "Resource": services},
        {
            "Sid": "WritesItsLog",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": Output.concat(log_group_arn, ":*"),
        },
    ]
    if args.kms_key_arn is not None:
        statements.append(
            {
                "Sid": "OpensTheSecret",
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": args.kms_key_arn,
                "Condition": {"StringEquals": {"kms:ViaService": f"secretsmanager.{args.region}.amazonaws.com"}},
            }
        )
    return statements


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
