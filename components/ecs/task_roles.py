"""The two roles of a Fargate task and what they may do: the narrowest with which a task runs.

The execution role is ECS's own, before the program starts: pull the image, read the secrets, write the logs.
The task role is the program's; it may do nothing, unless ECS Exec is on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.iam.trust_policy import service_trust


class TaskRoles:
    """Both roles of `name`'s tasks and their rights, made as children of `child.parent`."""

    execution: aws.iam.Role
    task: aws.iam.Role
    rights: list[Resource]
    """What must stand before a task starts."""

    def __init__(
        self,
        name: str,
        *,
        account_id: Input[str],
        region: Input[str],
        repository_arn: Input[str],
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
            description="What ECS needs to start a task: image, secrets, logs",
            assume_role_policy=trust,
            tags={**tags, "Name": f"{name}-execution"},
            opts=child,
        )
        self.task = aws.iam.Role(
            f"{name}-task",
            description="What the program itself may do in AWS",
            assume_role_policy=trust,
            tags={**tags, "Name": f"{name}-task"},
            opts=child,
        )
        policy = _execution_policy(
            repository_arn=repository_arn,
            log_group_arn=log_group_arn,
            secret_arns=secret_arns,
            secrets_key=(secrets_key_arn, region) if secrets_key_arn is not None else None,
        )
        self.rights = [aws.iam.RolePolicy(f"{name}-execution", role=self.execution.name, policy=policy, opts=child)]
        if exec_log_group_arn is not None:
            sessions = _exec_session_policy(exec_log_group_arn)
            self.rights.append(aws.iam.RolePolicy(f"{name}-exec", role=self.task.name, policy=sessions, opts=child))


def _execution_policy(
    *,
    repository_arn: Input[str],
    log_group_arn: Input[str],
    secret_arns: Sequence[Input[str]],
    secrets_key: tuple[Input[str], Input[str]] | None,
) -> Output[str]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html (read 2026-11-24).

    `secrets_key`: ARN and region of the customer's own key that seals the secrets.
    """
    statements: list[object] = [
        # A login to ECR as a whole: the action takes no resource.
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "Resource": repository_arn,
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
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html (from memory, to be checked).

    The channels and DescribeLogGroups take no resource.
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


def _secret_arn(value_from: str) -> str:
    """The secret's ARN in an ECS `valueFrom`, which may go on with :json-key:stage:version."""
    return ":".join(value_from.split(":")[:7])
