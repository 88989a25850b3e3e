"""What a Fargate task's two roles may do: documents only (JSON), the narrowest with which a task runs.

The execution role is ECS's own, before the program starts: pull the image, read the secrets, write the logs.
The task role is the program's; it may do nothing, unless ECS Exec is on.
"""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input, Output


def execution_policy(
    *, repository_arn: Input[str], log_group_arn: Input[str], secret_arns: Sequence[Input[str]]
) -> Output[str]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html (read 2026-11-24)."""
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
    return Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def exec_session_policy(log_group_arn: Input[str]) -> Output[str]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html (read 2026-11-24).

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
