"""Tests of the task's roles and their permissions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pulumi import Input, Output, ResourceOptions

from components.ecs.task_roles import TaskRoles, ecr_repository_arn
from tests.components.policy_documents import allowed_actions, statements
from tests.engine_recorder import ACCOUNT, REGION, Recorded, Recording, record

REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/api"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:api"
EXEC_LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:exec"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:jwt-AbCdEf"
OTHER_SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:uri-AbCdEf"

# These actions do not support resource-level permissions.
# https://docs.aws.amazon.com/service-authorization/latest/reference/ (ECR, Session Manager message gateway, CloudWatch
# Logs; from memory)
WITHOUT_RESOURCE = {
    *("ecr:GetAuthorizationToken", "logs:DescribeLogGroups"),
    *(f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")),
}


def roles(secrets: Sequence[Input[str]] = (), exec_logs: str | None = None) -> Recording[TaskRoles]:
    return record(
        lambda: TaskRoles(
            "api",
            account_id=ACCOUNT,
            region=REGION,
            repository_arn=REPOSITORY,
            log_group_arn=LOGS,
            secret_arns=secrets,
            exec_log_group_arn=exec_logs,
            tags={"Stack": "dev"},
            child=ResourceOptions(),
        )
    )


def test_both_roles_are_assumed_by_tasks_of_the_account_only() -> None:
    recording = roles()

    assert set(recording.tree()) == {"api-execution", "api-task"}
    assert len(recording.of("aws:iam/role:Role")) == 2
    for role in recording.of("aws:iam/role:Role"):
        (trust,) = statements(role, "assumeRolePolicy")
        assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
        assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"}


def test_task_role_has_no_policy() -> None:
    (policy,) = roles([SECRET]).of("aws:iam/rolePolicy:RolePolicy")

    assert policy.inputs["role"] == "api-execution-name"


def test_execution_role_may_pull_the_image_read_the_secrets_and_write_logs() -> None:
    # A plain ARN, an ARN with a JSON key, an ARN as an output, and a duplicate.
    recording = roles([Output.from_input(SECRET), f"{OTHER_SECRET}:uri::", SECRET])
    by_action = {
        action: statement["Resource"]
        for statement in statements(recording.one("aws:iam/rolePolicy:RolePolicy"))
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }

    assert by_action == {
        "ecr:GetAuthorizationToken": "*",
        "ecr:BatchCheckLayerAvailability": [REPOSITORY],
        "ecr:BatchGetImage": [REPOSITORY],
        "ecr:GetDownloadUrlForLayer": [REPOSITORY],
        "logs:CreateLogStream": f"{LOGS}:*",
        "logs:PutLogEvents": f"{LOGS}:*",
        "secretsmanager:GetSecretValue": [SECRET, OTHER_SECRET],
    }


def test_execution_role_may_read_ssm_parameters() -> None:
    parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/app/dsn"
    by_action = {str(each["Action"]): each["Resource"] for each in statements(_execution(roles([parameter, SECRET])))}

    assert by_action["ssm:GetParameters"] == [parameter]
    assert by_action["secretsmanager:GetSecretValue"] == [SECRET]


def _execution(recording: Recording[TaskRoles]) -> Recorded:
    return recording.one("aws:iam/rolePolicy:RolePolicy")


def test_execution_role_of_a_pull_through_cache_may_import_images() -> None:
    recording = record(
        lambda: TaskRoles(
            "api",
            account_id=ACCOUNT,
            region=REGION,
            repository_arn=REPOSITORY,
            log_group_arn=LOGS,
            secret_arns=[],
            exec_log_group_arn=None,
            pull_through_cache=True,
            tags={},
            child=ResourceOptions(),
        )
    )

    assert {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository"} <= allowed_actions(recording)


def test_execution_role_without_secrets_may_read_none() -> None:
    assert not [action for action in allowed_actions(roles()) if action.startswith("secretsmanager:")]


def test_ecs_exec_allows_the_channels_and_its_log_group() -> None:
    recording = roles(exec_logs=EXEC_LOGS)
    policy = recording.named("api-exec")

    assert policy.inputs["role"] == "api-task-name"
    assert [statement["Resource"] for statement in statements(policy)] == ["*", "*", f"{EXEC_LOGS}:*"]


def test_policies_have_no_wildcards_where_aws_supports_resources() -> None:
    recording = roles([SECRET], EXEC_LOGS)
    unrestricted: set[str] = set()
    for role_policy in recording.of("aws:iam/rolePolicy:RolePolicy"):
        for statement in statements(role_policy):
            if statement["Resource"] == "*":
                action = statement["Action"]
                unrestricted |= {action} if isinstance(action, str) else set(action)

    assert not [action for action in allowed_actions(recording) if "*" in action]
    assert unrestricted == WITHOUT_RESOURCE


def test_policies_lists_every_role_policy() -> None:
    assert len(roles([SECRET], EXEC_LOGS).result.policies) == 2


@pytest.mark.parametrize("suffix", ["", ":1.2.3", f"@sha256:{'0' * 64}", f":1.2.3@sha256:{'0' * 64}"])
def test_repository_arn_is_parsed_from_an_ecr_image(suffix: str) -> None:
    image = f"444455556666.dkr.ecr.us-east-1.amazonaws.com/team/api{suffix}"

    assert ecr_repository_arn(image) == "arn:aws:ecr:us-east-1:444455556666:repository/team/api"


@pytest.mark.parametrize("image", ["public.ecr.aws/docker/library/node:22-alpine", "node:22", "ghcr.io/team/api:1"])
def test_images_of_other_registries_have_no_repository_arn(image: str) -> None:
    assert ecr_repository_arn(image) is None
