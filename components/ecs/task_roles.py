"""The two IAM roles of a Fargate task with least-privilege policies.

ECS uses the execution role to pull the image, read the secrets and write the logs. The application uses the task role,
which has no permissions unless ECS Exec is enabled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.iam.trust_policy import service_trust

# 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api:1.2.3
_ECR_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<repository>[a-z0-9._/-]+)(:[^@]+)?(@.+)?"
)


class TaskRoles:
    """Both roles of a task and their policies, as children of `child.parent`."""

    execution: aws.iam.Role
    task: aws.iam.Role
    policies: list[Resource]
    """The role policies that must exist before a task starts."""

    def __init__(
        self,
        name: str,
        *,
        account_id: Input[str],
        region: Input[str],
        repository_arn: Input[str],
        images: Sequence[Input[str]] = (),
        log_group_arn: Input[str],
        secret_arns: Sequence[Input[str]],
        exec_log_group_arn: Input[str] | None,
        secrets_key_arn: Input[str] | None = None,
        tags: Mapping[str, str],
        child: ResourceOptions,
    ) -> None:
        trust = service_trust(
            "ecs-tasks.amazonaws.com",
            account_id=account_id,
            source_arn=Output.format("arn:aws:ecs:{0}:{1}:*", region, account_id),
        )
        self.execution = aws.iam.Role(
            f"{name}-execution",
            description="ECS starts a task: image, secrets, logs",
            assume_role_policy=trust,
            tags={**tags, "Name": f"{name}-execution"},
            opts=child,
        )
        self.task = aws.iam.Role(
            f"{name}-task",
            description="Permissions of the application itself",
            assume_role_policy=trust,
            tags={**tags, "Name": f"{name}-task"},
            opts=child,
        )
        policy = _execution_policy(
            repository_arns=_repository_arns(repository_arn, images),
            log_group_arn=log_group_arn,
            secret_arns=secret_arns,
            secrets_key=(secrets_key_arn, region) if secrets_key_arn is not None else None,
        )
        self.policies = [aws.iam.RolePolicy(f"{name}-execution", role=self.execution.name, policy=policy, opts=child)]
        if exec_log_group_arn is not None:
            sessions = _exec_session_policy(exec_log_group_arn)
            self.policies.append(aws.iam.RolePolicy(f"{name}-exec", role=self.task.name, policy=sessions, opts=child))


def _execution_policy(
    *,
    repository_arns: Input[Sequence[str]],
    log_group_arn: Input[str],
    secret_arns: Sequence[Input[str]],
    secrets_key: tuple[Input[str], Input[str]] | None,
) -> Output[str]:
    """Return the policy (JSON) of the execution role. `secrets_key` is the ARN and region of the secrets' KMS key.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html (read 2026-11-24).
    """
    statements: list[object] = [
        # GetAuthorizationToken does not support resource-level permissions.
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "Resource": repository_arns,
        },
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": Output.concat(log_group_arn, ":*"),
        },
    ]
    if secret_arns:
        resources = Output.all(*secret_arns).apply(lambda arns: sorted({_secret_arn(str(arn)) for arn in arns}))
        statements.append({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": resources})
    if secrets_key is not None:
        key_arn, region = secrets_key
        through_secrets_manager = {"kms:ViaService": Output.format("secretsmanager.{0}.amazonaws.com", region)}
        statements.append(
            {
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                "Resource": key_arn,
                "Condition": {"StringEquals": through_secrets_manager},
            }
        )
    return Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def _exec_session_policy(log_group_arn: Input[str]) -> Output[str]:
    """Return the policy (JSON) of the task role for ECS Exec.

    The channels and DescribeLogGroups do not support resource-level permissions.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html (from memory, to be checked).
    """
    return Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": [
                        "ssmmessages:CreateControlChannel",
                        "ssmmessages:CreateDataChannel",
                        "ssmmessages:OpenControlChannel",
                        "ssmmessages:OpenDataChannel",
                    ],
                    "Resource": "*",
                },
                {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
                {
                    "Effect": "Allow",
                    "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    "Resource": Output.concat(log_group_arn, ":*"),
                },
            ],
        }
    )


def _repository_arns(repository_arn: Input[str], images: Sequence[Input[str]]) -> Output[Sequence[str]]:
    return Output.all(repository_arn, *images).apply(
        lambda values: sorted({str(values[0]), *filter(None, (ecr_repository_arn(str(image)) for image in values[1:]))})
    )


def ecr_repository_arn(image: str) -> str | None:
    """Return the ARN of an image's private ECR repository, of any account and region; None for other registries."""
    match = _ECR_IMAGE.fullmatch(image)
    if match is None:
        return None
    return f"arn:aws:ecr:{match['region']}:{match['account']}:repository/{match['repository']}"


def _secret_arn(value_from: str) -> str:
    """Return the secret's ARN of an ECS `valueFrom`, without the suffix :json-key:stage:version that it may have."""
    return ":".join(value_from.split(":")[:7])
