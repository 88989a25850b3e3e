"""A customer-managed KMS key: one for all that a stack stores in a region, usable only through the services named.

Makes the key, which rotates every year, its policy and an alias to find it by. Two ways in, and no third: the account's
administrators, and whoever asks a named service for something that the service itself allows (`kms:ViaService`), as
with AWS's own keys. So a task role needs no KMS permission beside the one to read its secret. CloudWatch Logs and
CloudFront act for nobody of the account; they have statements of their own.

Turning it on: secrets, logs, functions and the site's bucket take it in place, for what is written from then on. A
cache, a repository and a backup vault are encrypted for life with the key they were made with: another key makes
*another cache*, so give those one at their first `up` or never.
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
(from memory, 2026-11-24)

Checklist: encryption at rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components.iam.account_id import check_account_id


class KeyUse(StrEnum):
    """What the key encrypts."""

    SECRETS = "secrets"  # secrets of Secrets Manager
    LOGS = "logs"  # CloudWatch log groups
    SITE = "site"  # a bucket that CloudFront reads by origin access control
    FUNCTIONS = "functions"  # environment and code of Lambda functions
    BACKUPS = "backups"  # an AWS Backup vault
    CACHE = "cache"  # from its first day only
    IMAGES = "images"  # an ECR repository; from its first day only


_SERVICES: Mapping[KeyUse, tuple[str, ...]] = {
    KeyUse.SECRETS: ("secretsmanager",),
    KeyUse.LOGS: (),
    KeyUse.SITE: ("s3",),
    KeyUse.FUNCTIONS: ("lambda",),
    KeyUse.BACKUPS: ("backup",),
    KeyUse.CACHE: ("elasticache", "dax"),  # AWS lists both names for it
    KeyUse.IMAGES: ("ecr",),
}
"""Names before `.<region>.amazonaws.com` in kms:ViaService."""

_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


@dataclass(frozen=True, kw_only=True, slots=True)
class KmsKeyArgs:
    """Whose key, where, and for what."""

    account_id: str
    """The AWS account's, 12 digits."""
    region: str
    """Where the key lives. A key serves its own region alone: what is in us-east-1 for CloudFront needs another."""
    uses: Collection[KeyUse]
    """What may be encrypted with it, one or more: the key policy names their services alone."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        if not set(self.uses):
            raise ValueError(
                f"uses is empty; give one or more of {', '.join(KeyUse)}: a key that nothing may use costs $1 a month"
            )


class KmsKey(pulumi.ComponentResource):
    """`arn` for whatever takes a KMS key."""

    arn: Output[str]
    """For whatever takes a KMS key."""
    key_id: Output[str]
    """Its last part."""

    def __init__(self, name: str, args: KmsKeyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EncryptionKey", name, None, opts)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Encrypts {', '.join(sorted(set(args.uses)))} of the stack",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=Output.json_dumps(key_policy(args)),
            region=args.region,
            tags={**args.tags, "Name": f"{name}-key"},
            opts=ResourceOptions(parent=self),
        )
        aws.kms.Alias(f"{name}-alias", target_key_id=key.id, region=args.region, opts=ResourceOptions(parent=self))

        self.arn = key.arn
        self.key_id = key.key_id
        self.register_outputs({"arn": self.arn, "key_id": self.key_id})


def key_policy(args: KmsKeyArgs) -> dict[str, Any]:
    """The policy document. It names no log group and no distribution: they are made after the key."""
    uses = set(args.uses)
    services = sorted(f"{service}.{args.region}.amazonaws.com" for use in uses for service in _SERVICES[use])
    statements = [
        {
            "Sid": "AccountAdministers",  # else nobody could: a key obeys its own policy alone
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{args.account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if services:
        statements += [
            _through("ServicesUse", args, services, _USE),
            # ECR, Lambda, ElastiCache and AWS Backup keep working for us when we are gone: by a grant to themselves.
            _through("ServicesGrantToThemselves", args, services, ["kms:CreateGrant"], for_aws_alone=True),
        ]
    if KeyUse.LOGS in uses:
        statements.append(_logs(args))
    if KeyUse.SITE in uses:
        statements.append(_cloudfront(args))
    return {"Version": "2012-10-17", "Statement": statements}


def _through(
    sid: str, args: KmsKeyArgs, services: list[str], actions: list[str], *, for_aws_alone: bool = False
) -> dict[str, Any]:
    condition: dict[str, Any] = {
        "StringEquals": {"kms:CallerAccount": args.account_id, "kms:ViaService": services},
    }
    if for_aws_alone:
        condition["Bool"] = {"kms:GrantIsForAWSResource": "true"}
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": "*"},  # of this account, by the condition
        "Action": actions,
        "Resource": "*",
        "Condition": condition,
    }


def _logs(args: KmsKeyArgs) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (from memory, 2026-11-24)."""
    groups = f"arn:aws:logs:{args.region}:{args.account_id}:log-group:*"
    return {
        "Sid": "LogsUse",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{args.region}.amazonaws.com"},
        "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    }


def _cloudfront(args: KmsKeyArgs) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    (from memory, 2026-11-24). Which distribution may read which object is the bucket policy's to say."""
    return {
        "Sid": "CloudFrontReads",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": args.account_id},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{args.account_id}:distribution/*"},
        },
    }
