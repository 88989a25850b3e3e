"""A customer managed KMS key for everything that a stack stores in one region, usable only through named services.

Creates the key, which rotates every year, its policy and an alias. The policy allows the account's administrators, and
principals of the account through a named service (`kms:ViaService`), as the policies of AWS managed keys do. A task
role therefore needs no KMS permission besides the one to read its secret. CloudWatch Logs and CloudFront use the key as
service principals, with separate statements.

Secrets, logs, functions and the site's bucket change their key in place, for data written from then on. A cache, a
repository and a backup vault keep the key they were created with: another key replaces *the cache*, so set it at the
first `up`.
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

    SECRETS = "secrets"
    """Secrets of Secrets Manager."""
    LOGS = "logs"
    """CloudWatch log groups."""
    SITE = "site"
    """A bucket that CloudFront reads by origin access control."""
    FUNCTIONS = "functions"
    """Environment and code of Lambda functions."""
    BACKUPS = "backups"
    """An AWS Backup vault; at its creation only."""
    CACHE = "cache"
    """An ElastiCache replication group; at its creation only."""
    IMAGES = "images"
    """An ECR repository; at its creation only."""
    KUBERNETES = "kubernetes"
    """Kubernetes secrets of an EKS cluster."""


_SERVICES: Mapping[KeyUse, tuple[str, ...]] = {
    KeyUse.SECRETS: ("secretsmanager",),
    KeyUse.LOGS: (),
    KeyUse.SITE: ("s3",),
    KeyUse.FUNCTIONS: ("lambda",),
    KeyUse.BACKUPS: ("backup",),
    KeyUse.CACHE: ("elasticache", "dax"),  # AWS lists both names for ElastiCache
    KeyUse.IMAGES: ("ecr",),
    KeyUse.KUBERNETES: ("eks",),
}
"""Prefixes of `.<region>.amazonaws.com` in kms:ViaService."""

_USE_ACTIONS = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


@dataclass(frozen=True, kw_only=True, slots=True)
class KmsKeyArgs:
    """Arguments of KmsKey."""

    account_id: str
    """Id of the AWS account, 12 digits."""
    region: str
    """Region of the key. A key serves its own region only; resources in us-east-1 for CloudFront need another key."""
    uses: Collection[KeyUse]
    """What the key encrypts, one or more. The key policy allows the services of these uses only."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        if not set(self.uses):
            raise ValueError(f"uses: must not be empty (got none). Give one or more of {', '.join(KeyUse)}.")


class KmsKey(pulumi.ComponentResource):
    """A customer managed KMS key with an alias."""

    arn: Output[str]
    """ARN of the key."""
    key_id: Output[str]
    """Id of the key, the last part of its ARN."""

    def __init__(self, name: str, args: KmsKeyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:KmsKey", name, None, opts)
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
    """Return the policy document. It names no log group and no distribution, because they are created after the key."""
    uses = set(args.uses)
    services = sorted(f"{service}.{args.region}.amazonaws.com" for use in uses for service in _SERVICES[use])
    statements = [
        {
            "Sid": "AccountAdministers",  # required: only the policy of a key controls its access
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{args.account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if services:
        statements += [
            _via_services("ServicesUse", args, services, _USE_ACTIONS),
            # ECR, EKS, Lambda, ElastiCache and AWS Backup use the key after the request by a grant to themselves.
            _via_services("ServicesGrantToThemselves", args, services, ["kms:CreateGrant"], aws_resources_only=True),
        ]
    if KeyUse.LOGS in uses:
        statements.append(_logs(args))
    if KeyUse.SITE in uses:
        statements.append(_cloudfront(args))
    return {"Version": "2012-10-17", "Statement": statements}


def _via_services(
    sid: str, args: KmsKeyArgs, services: list[str], actions: list[str], *, aws_resources_only: bool = False
) -> dict[str, Any]:
    condition: dict[str, Any] = {
        "StringEquals": {"kms:CallerAccount": args.account_id, "kms:ViaService": services},
    }
    if aws_resources_only:
        condition["Bool"] = {"kms:GrantIsForAWSResource": "true"}
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": "*"},  # limited to this account by the condition
        "Action": actions,
        "Resource": "*",
        "Condition": condition,
    }


def _logs(args: KmsKeyArgs) -> dict[str, Any]:
    """Return the statement for CloudWatch Logs.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (read 2026-11-28)
    """
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
    """Return the statement for CloudFront. The bucket policy decides which distribution reads which object.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    (read 2026-11-28)
    """
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
