"""The roles of a task: two, and neither may do more than it must."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input, Output, ResourceOptions

from components.ecs.task_roles import TaskRoles
from tests.components.policy_documents import allowed_actions, statements
from tests.engine_recorder import ACCOUNT, REGION, Recording, record

REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/api"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:api"
EXEC_LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:exec"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:jwt-AbCdEf"
OTHER_SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:uri-AbCdEf"

# AWS gives these actions no resource to name.
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


def test_ecs_and_the_program_have_a_role_each_that_only_our_tasks_take() -> None:
    recording = roles()

    assert set(recording.tree()) == {"api-execution", "api-task"}
    for role in recording.of("aws:iam/role:Role"):
        (trust,) = statements(role, "assumeRolePolicy")
        assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
        assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"}


def test_the_program_may_do_nothing() -> None:
    (rights,) = roles([SECRET]).of("aws:iam/rolePolicy:RolePolicy")

    assert rights.inputs["role"] == "api-execution-name"


def test_ecs_may_read_the_image_and_exactly_the_secrets_and_write_the_logs() -> None:
    # One plain ARN, one with a JSON key behind it, one of them as an output, one twice.
    recording = roles([Output.from_input(SECRET), f"{OTHER_SECRET}:uri::", SECRET])
    by_action = {
        action: statement["Resource"]
        for statement in statements(recording.one("aws:iam/rolePolicy:RolePolicy"))
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }

    assert by_action == {
        "ecr:GetAuthorizationToken": "*",
        "ecr:BatchCheckLayerAvailability": REPOSITORY,
        "ecr:BatchGetImage": REPOSITORY,
        "ecr:GetDownloadUrlForLayer": REPOSITORY,
        "logs:CreateLogStream": f"{LOGS}:*",
        "logs:PutLogEvents": f"{LOGS}:*",
        "secretsmanager:GetSecretValue": [SECRET, OTHER_SECRET],
    }


def test_without_secrets_none_can_be_read() -> None:
    assert not [action for action in allowed_actions(roles()) if action.startswith("secretsmanager:")]


def test_ecs_exec_gives_the_program_the_channels_and_its_own_log_group() -> None:
    recording = roles(exec_logs=EXEC_LOGS)
    rights = recording.named("api-exec")

    assert rights.inputs["role"] == "api-task-name"
    assert [statement["Resource"] for statement in statements(rights)] == ["*", "*", f"{EXEC_LOGS}:*"]


def test_no_action_is_a_pattern_and_no_resource_is_everything_where_aws_takes_one() -> None:
    recording = roles([SECRET], EXEC_LOGS)
    everywhere: set[str] = set()
    for policy in recording.of("aws:iam/rolePolicy:RolePolicy"):
        for statement in statements(policy):
            if statement["Resource"] == "*":
                action = statement["Action"]
                everywhere |= {action} if isinstance(action, str) else set(action)

    assert not [action for action in allowed_actions(recording) if "*" in action]
    assert everywhere == WITHOUT_RESOURCE


def test_all_rights_are_among_those_to_wait_for() -> None:
    assert len(roles([SECRET], EXEC_LOGS).result.rights) == 2
