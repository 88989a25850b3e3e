"""The two IAM roles of a Fargate task with least-privilege policies.

ECS uses the execution role to pull the image, read the secrets and write the logs. The application uses the task role,
which has only the permissions that the arguments give it, and those of ECS Exec if that is enabled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.ecs.task_permissions import TaskPermissions
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
        secret_key_arns: Sequence[Input[str]] = (),
        environment_file_arns: Sequence[str] = (),
        pull_through_cache: bool = False,
        permissions: TaskPermissions = TaskPermissions(),  # noqa: B008  frozen
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
            key_arns=[*([secrets_key_arn] if secrets_key_arn is not None else []), *secret_key_arns],
            region=region,
            environment_file_arns=environment_file_arns,
            pull_through_cache=pull_through_cache,
        )
        self.policies = [aws.iam.RolePolicy(f"{name}-execution", role=self.execution.name, policy=policy, opts=child)]
        if exec_log_group_arn is not None:
            sessions = _exec_session_policy(exec_log_group_arn)
            self.policies.append(aws.iam.RolePolicy(f"{name}-exec", role=self.task.name, policy=sessions, opts=child))
        if permissions.statements:
            statements = [statement.document() for statement in permissions.statements]
            document = Output.json_dumps({"Version": "2012-10-17", "Statement": statements})
            self.policies.append(
                aws.iam.RolePolicy(f"{name}-application", role=self.task.name, policy=document, opts=child)
            )
        self.policies += [
            aws.iam.RolePolicyAttachment(
                f"{name}-{arn.rpartition('/')[2].lower()}", role=self.task.name, policy_arn=arn, opts=child
            )
            for arn in permissions.managed_policy_arns
        ]


def _execution_policy(
    *,
    repository_arns: Input[Sequence[str]],
    log_group_arn: Input[str],
    secret_arns: Sequence[Input[str]],
    key_arns: Sequence[Input[str]],
    region: Input[str],
    environment_file_arns: Sequence[str],
    pull_through_cache: bool,
) -> Output[str]:
    """Return the policy (JSON) of the execution role. `key_arns` are the customer managed KMS keys of the secrets.

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
    if pull_through_cache:
        # The first pull of an image creates the repository and imports the image:
        # https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html (read 2026-11-28)
        importing = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]
        statements.append({"Effect": "Allow", "Action": importing, "Resource": repository_arns})
    if environment_file_arns:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html (from memory)
        buckets = sorted({arn.partition("/")[0] for arn in environment_file_arns})
        statements += [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": sorted(environment_file_arns)},
            {"Effect": "Allow", "Action": "s3:GetBucketLocation", "Resource": buckets},
        ]
    if key_arns:
        services = [Output.format("{0}.{1}.amazonaws.com", service, region) for service in ("secretsmanager", "ssm")]
        decryption = {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": list(key_arns),
            "Condition": {"StringEquals": {"kms:ViaService": services}},
        }
        statements.append(decryption)
    reading = Output.all(*secret_arns).apply(lambda arns: _reading_statements(map(str, arns)))
    all_statements = Output.all(statements, reading).apply(lambda both: [*both[0], *both[1]])
    return Output.json_dumps({"Version": "2012-10-17", "Statement": all_statements})


def _reading_statements(value_froms: Iterable[str]) -> list[object]:
    """Return the statements that allow reading secrets and SSM parameters, given as ECS `valueFrom`."""
    arns = {_secret_arn(value_from) for value_from in value_froms}
    parameters = sorted(arn for arn in arns if ":ssm:" in arn)
    secrets = sorted(arns.difference(parameters))
    return [
        *([{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secrets}] if secrets else []),
        *([{"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": parameters}] if parameters else []),
    ]


def _exec_session_policy(log_group_arn: Input[str]) -> Output[str]:
    """Return the policy (JSON) of the task role for ECS Exec.

    The channels and DescribeLogGroups do not support resource-level permissions.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html (read 2026-11-28).
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
