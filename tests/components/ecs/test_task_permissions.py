"""Tests of the permissions that an application's task gets."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from components.ecs.task_permissions import (
    Access,
    QueueAccess,
    TaskPermissions,
    bucket_statements,
    email_statements,
    queue_statements,
    table_statements,
)
from components.iam.statement import PolicyStatement

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/carts"


def actions(statements: Sequence[PolicyStatement]) -> set[str]:
    return {action.partition(":")[2] for statement in statements for action in statement.actions}


@pytest.mark.parametrize(
    ("access", "allowed", "denied"),
    [
        (Access.READ, {"GetObject", "ListBucket"}, {"PutObject", "DeleteObject"}),
        (Access.WRITE, {"PutObject", "DeleteObject", "AbortMultipartUpload"}, {"GetObject"}),
        (Access.READ_WRITE, {"GetObject", "PutObject", "ListBucket"}, {"DeleteBucket"}),
    ],
)
def test_bucket_access_allows_only_what_it_names(access: Access, allowed: set[str], denied: set[str]) -> None:
    given = actions(bucket_statements("files", access))

    assert allowed <= given
    assert not denied & given


def test_bucket_statements_separate_objects_and_the_bucket() -> None:
    objects, bucket = bucket_statements("files", Access.READ, partition="aws-cn")

    assert list(objects.resources) == ["arn:aws-cn:s3:::files/*"]
    assert list(bucket.resources) == ["arn:aws-cn:s3:::files"]


@pytest.mark.parametrize(
    ("access", "allowed", "denied"),
    [
        (QueueAccess.SEND, {"SendMessage"}, {"ReceiveMessage", "DeleteMessage"}),
        (QueueAccess.RECEIVE, {"ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"}, {"SendMessage"}),
        (QueueAccess.SEND_RECEIVE, {"SendMessage", "ReceiveMessage"}, {"PurgeQueue", "DeleteQueue"}),
    ],
)
def test_queue_access_allows_only_what_it_names(access: QueueAccess, allowed: set[str], denied: set[str]) -> None:
    (statement,) = queue_statements(QUEUE, access)

    assert list(statement.resources) == [QUEUE]
    assert allowed <= actions([statement])
    assert not denied & actions([statement])


@pytest.mark.parametrize(
    ("access", "allowed", "denied"),
    [
        (Access.READ, {"GetItem", "Query"}, {"PutItem", "DeleteItem"}),
        (Access.WRITE, {"PutItem", "UpdateItem"}, {"GetItem", "Scan"}),
        (Access.READ_WRITE, {"GetItem", "PutItem"}, {"DeleteTable", "CreateTable"}),
    ],
)
def test_table_access_covers_indexes_and_allows_only_what_it_names(
    access: Access, allowed: set[str], denied: set[str]
) -> None:
    (statement,) = table_statements(TABLE, access)

    assert list(statement.resources) == [TABLE, f"{TABLE}/index/*"]
    assert allowed <= actions([statement])
    assert not denied & actions([statement])


def test_email_statements_name_the_identities() -> None:
    identity = "arn:aws:ses:eu-west-1:111122223333:identity/example.com"
    (statement,) = email_statements([identity])

    assert list(statement.resources) == [identity]
    assert actions([statement]) == {"SendEmail", "SendRawEmail"}
    assert email_statements([]) == []


@pytest.mark.parametrize(
    ("arns", "message"),
    [
        (["AmazonSSMReadOnlyAccess"], "not the ARN of a managed policy"),
        (["arn:aws:iam::aws:policy/AdministratorAccess"], "a policy of administrators"),
        ([f"arn:aws:iam::111122223333:policy/p{number}" for number in range(26)], r"too many \(got 26\)"),
    ],
)
def test_managed_policies_that_cannot_be_attached_are_rejected(arns: Sequence[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TaskPermissions(managed_policy_arns=arns)
