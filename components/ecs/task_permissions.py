"""What the application of a task may do in AWS: statements and managed policies of its task role.

The functions return the statements of common uses. Each names the actions that an application needs and no
administrative ones, so it cannot delete a bucket, a queue or a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from components.iam.statement import PolicyStatement

_POLICY_ARN = re.compile(r"arn:aws[a-z-]*:iam::(aws|\d{12}):policy/[\w+=,.@/-]+")
_ADMINISTRATORS = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
# Managed policies per role: 10 by default, and 25 after a request to Service Quotas.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (from memory, to be checked)
_MAX_POLICIES = 25


class Access(StrEnum):
    """What an application may do with a bucket or a table."""

    READ = "read"
    WRITE = "write"
    READ_WRITE = "read-write"


class QueueAccess(StrEnum):
    """What an application may do with a queue."""

    SEND = "send"
    RECEIVE = "receive"
    SEND_RECEIVE = "send-receive"


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskPermissions:
    """The permissions of the task role. Raises ValueError for managed policies that are not ARNs, more than 25 of
    them, and those of administrators."""

    statements: Sequence[PolicyStatement] = ()
    """Statements of an inline policy of the task role."""
    managed_policy_arns: Sequence[str] = ()
    """ARNs of managed policies that are attached to the task role: 10, or up to 25 with a raised quota."""

    def __post_init__(self) -> None:
        wrong = sorted(arn for arn in self.managed_policy_arns if not _POLICY_ARN.fullmatch(arn))
        if wrong:
            raise ValueError(
                f"managed_policy_arns: not the ARN of a managed policy (got {', '.join(wrong)}). "
                "Set an ARN such as arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess."
            )
        if len(self.managed_policy_arns) > _MAX_POLICIES:
            raise ValueError(
                f"managed_policy_arns: too many (got {len(self.managed_policy_arns)}). IAM attaches "
                f"at most {_MAX_POLICIES} managed policies to a role; put further permissions into statements."
            )
        broad = sorted(arn for arn in self.managed_policy_arns if arn.rpartition("/")[2] in _ADMINISTRATORS)
        if broad:
            raise ValueError(
                f"managed_policy_arns: a policy of administrators (got {', '.join(broad)}). A compromised "
                "application would control the account. Name the actions that the application needs in statements."
            )


def bucket_statements(bucket: str, access: Access, *, partition: str = "aws") -> list[PolicyStatement]:
    """Return the statements for the objects of an S3 bucket, given by its name."""
    arn = f"arn:{partition}:s3:::{bucket}"
    actions: list[str] = []
    if access is not Access.WRITE:
        actions += ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"]
    if access is not Access.READ:
        actions += ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject", "s3:PutObjectTagging"]
    return [
        PolicyStatement(actions=sorted(actions), resources=[f"{arn}/*"]),
        # Without ListBucket, S3 answers 403 instead of 404 for an object that does not exist:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (read 2026-11-28)
        PolicyStatement(actions=["s3:GetBucketLocation", "s3:ListBucket"], resources=[arn]),
    ]


def queue_statements(queue_arn: str, access: QueueAccess) -> list[PolicyStatement]:
    """Return the statements for the messages of an SQS queue, given by its ARN."""
    actions = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    if access is not QueueAccess.RECEIVE:
        actions.append("sqs:SendMessage")
    if access is not QueueAccess.SEND:
        actions += ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"]
    return [PolicyStatement(actions=sorted(actions), resources=[queue_arn])]


def table_statements(table_arn: str, access: Access) -> list[PolicyStatement]:
    """Return the statements for the items of a DynamoDB table and its indexes, given by its ARN."""
    actions = ["dynamodb:DescribeTable"]
    if access is not Access.WRITE:
        actions += [
            *("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem"),
            *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"),
        ]
    if access is not Access.READ:
        actions += [
            *("dynamodb:BatchWriteItem", "dynamodb:DeleteItem"),
            *("dynamodb:PutItem", "dynamodb:UpdateItem"),
        ]
    return [PolicyStatement(actions=sorted(actions), resources=[table_arn, f"{table_arn}/index/*"])]


def email_statements(identity_arns: Sequence[str]) -> list[PolicyStatement]:
    """Return the statements for sending e-mail with SES from identities (domains or addresses), given by ARN."""
    if not identity_arns:
        return []
    return [PolicyStatement(actions=["ses:SendEmail", "ses:SendRawEmail"], resources=list(identity_arns))]
