"""Scheduled rotation of the signing keys: Secrets Manager invokes a Lambda function, which redeploys the ECS services.

Creates the function (rotation_lambda/signing_keys.py), its role, its log group, the permission for Secrets Manager to
invoke it, and the schedule. signing_keys.py creates the secret.

It does not rotate the database's password. For that the function would need a key to Atlas's Admin API that can manage
database users, a more powerful secret than the one it rotates, and it could not test the new password without a
connection to the database. To avoid a static password, the tasks can authenticate by their IAM role
(components/atlas/users.py), whose credentials AWS rotates every few hours.

The first `up` rotates nothing, because the tasks would start twice. Secrets Manager invokes the test step only.

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
class RedeployedService:
    """An ECS service that a rotation redeploys."""

    cluster_name: Input[str]
    """Name of the service's cluster."""
    service_name: Input[str]
    """Name of the service."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretRotationArgs:
    """Arguments of SecretRotation."""

    account_id: str
    """Id of the AWS account, 12 digits."""
    region: str
    """Region of the secret."""
    secret_arn: Input[str]
    """ARN of a secret with signing keys (JSON of previous, current, next)."""
    services: Mapping[str, RedeployedService]
    """Services whose tasks read the keys, by a short name."""
    runtime: str
    """Lambda runtime, such as python3.13."""
    log_retention_days: int
    """Retention of the function's log, one of the periods of CloudWatch Logs."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    interval_days: int = 30
    """Days between rotations, 1 to 1,000, and longer than the lifetime of any token: a token is accepted for one more
    interval after its key stopped signing."""
    pods_read: bool = False
    """Whether pods read the keys. Rotation does not restart them: they restart with their nodes, whose lifetime must be
    shorter than the interval."""
    kms_key_arn: Input[str] | None = None
    """ARN of the KMS key of the secret, which also encrypts the function's environment and log; None uses AWS managed
    keys."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        if self.interval_days not in _DAYS:
            raise ValueError(
                f"interval_days: outside the limits of Secrets Manager (got {self.interval_days}). Give {_DAYS.start} "
                f"to {_DAYS.stop - 1}."
            )
        if not self.runtime.startswith("python3."):
            raise ValueError(
                f"runtime: the function is written in Python (got {self.runtime!r}). Give a runtime such as python3.13."
            )
        if not self.services and not self.pods_read:
            raise ValueError(
                "services: must not be empty (got none). Name the services that read the keys; a task reads them only "
                "when it starts."
            )
        check_retention("log_retention_days", self.log_retention_days)


class SecretRotation(pulumi.ComponentResource):
    """A rotation schedule with its function. An alarm on AWS/Lambda Errors detects a failed rotation."""

    function_name: Output[str]
    """Name of the function, the `FunctionName` dimension of its metrics."""
    log_group_name: Output[str]
    """Name of the function's log group. The log never contains a key."""

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
            f"{name}-permission",
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
            # The window begins at midnight UTC. A rotation redeploys the services, so a quiet hour is best.
            rotation_rules={"schedule_expression": f"rate({_days(args.interval_days)})", "duration": "4h"},
            opts=ResourceOptions(parent=self, depends_on=[permission]),
        )

        self.function_name = function.name
        self.log_group_name = logs.name
        self.register_outputs({"function_name": self.function_name, "log_group_name": self.log_group_name})

    def _role(self, args: SecretRotationArgs, logs: aws.cloudwatch.LogGroup) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            f"{self._logical_name}-role",
            description="Rotates one secret and redeploys the services that read it",
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
        services = [{"cluster": each.cluster_name, "service": each.service_name} for each in args.services.values()]
        return aws.lambda_.Function(
            f"{self._logical_name}-function",
            description="Called by Secrets Manager to rotate the signing keys",
            runtime=args.runtime,
            architectures=["arm64"],
            handler=f"{_CODE.stem}.handler",
            # The file's text: a folder with compiled files would differ between machines and redeploy the function.
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
        # No source condition: Lambda sends none when it assumes a function's role.
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def _statements(args: SecretRotationArgs, log_group_arn: Input[str]) -> list[dict[str, Any]]:
    """Return the statements of the function's policy.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    (read 2026-11-28)
    """
    services = [
        Output.format(
            "arn:aws:ecs:{0}:{1}:service/{2}/{3}", args.region, args.account_id, each.cluster_name, each.service_name
        )
        for each in args.services.values()
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
        *(
            [{"Sid": "RedeploysServices", "Effect": "Allow", "Action": "ecs:UpdateService", "Resource": services}]
            if services
            else []
        ),
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
                "Sid": "DecryptsTheSecret",
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": args.kms_key_arn,
                "Condition": {"StringEquals": {"kms:ViaService": f"secretsmanager.{args.region}.amazonaws.com"}},
            }
        )
    return statements


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
