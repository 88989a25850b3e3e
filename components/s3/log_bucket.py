"""The S3 bucket that AWS services write their logs to: the load balancer's and CloudFront's access logs.

Makes: the bucket, its public access block, ownership, encryption, versioning, lifecycle and policy.
Not here: logs in CloudWatch; a log of the log bucket itself, which would feed on itself.
Checklist: logging configured, HTTPS enforced (the policy refuses plain HTTP).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.s3.private_bucket import PrivateBucket, tls_only

# An overwritten or deleted log can be brought back this long; AWS itself never overwrites one.
_OLD_VERSION_DAYS = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class LogBucketArgs:
    """What one log bucket needs."""

    account_id: Input[str]
    """The AWS account's, 12 digits."""
    region: Input[str]
    """Region of the bucket, and of the load balancers that may write to it: AWS asks for the same."""
    retention_days: int
    """After which logs are deleted, 1 or more."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    force_destroy: bool = False
    """Whether a destroy may delete a bucket that still holds logs."""

    def __post_init__(self) -> None:
        if self.retention_days < 1:
            raise ValueError(
                f"retention_days: got {self.retention_days}, allowed 1 or more: S3 counts whole days, "
                "and logs kept for ever only ever cost more"
            )


class LogBucket(ComponentResource):
    """A private bucket that load balancers and CloudFront distributions of this account can write to."""

    bucket_name: Output[str]
    """Known once the policy stands: a load balancer tries to write at the moment it is told the name."""
    bucket_arn: Output[str]
    """Likewise."""

    def __init__(self, name: str, args: LogBucketArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:LogBucket", name, None, opts)
        self._logical_name = name
        kept = PrivateBucket(name, force_destroy=args.force_destroy, tags=args.tags, child=ResourceOptions(parent=self))
        self._expire(args.retention_days, kept)
        policy = self._policy(args, kept)

        self.bucket_name = Output.all(kept.bucket.bucket, policy.id).apply(lambda both: str(both[0]))
        self.bucket_arn = Output.all(kept.bucket.arn, policy.id).apply(lambda both: str(both[0]))
        self.register_outputs({"bucket_name": self.bucket_name, "bucket_arn": self.bucket_arn})

    def _expire(self, retention_days: int, kept: PrivateBucket) -> None:
        # S3 takes `days` and `expiredObjectDeleteMarker` only in rules of their own.
        aws.s3.BucketLifecycleConfiguration(
            f"{self._logical_name}-lifecycle",
            bucket=kept.bucket.bucket,
            rules=[
                {
                    "id": "old-logs",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": retention_days},
                    "noncurrent_version_expiration": {"noncurrent_days": _OLD_VERSION_DAYS},
                },
                {
                    "id": "leftovers",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"expired_object_delete_marker": True},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                },
            ],
            opts=ResourceOptions(parent=self, depends_on=[kept.versioning]),
        )

    def _policy(self, args: LogBucketArgs, kept: PrivateBucket) -> aws.s3.BucketPolicy:
        document = Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    tls_only(kept.bucket.arn),
                    _load_balancers_write(kept.bucket.arn, args.account_id, args.region),
                    _cloudfront_writes(kept.bucket.arn, args.account_id),
                ],
            }
        )
        return aws.s3.BucketPolicy(
            f"{self._logical_name}-policy",
            bucket=kept.bucket.bucket,
            policy=document,
            # S3 answers 409 to two changes of one bucket's access at once.
            opts=ResourceOptions(parent=self, depends_on=[kept.public_access, kept.ownership]),
        )


def _load_balancers_write(bucket_arn: Output[str], account_id: Input[str], region: Input[str]) -> dict[str, object]:
    """For the load balancers of one region, which ask for S3's own key too. As others cite AWS's document:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html (to be checked)."""
    return {
        "Sid": "LoadBalancersWrite",
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": Output.concat(bucket_arn, "/AWSLogs/", account_id, "/*"),
        # The account is in the ARN; AWS's document gives this key alone, so no aws:SourceAccount beside it.
        "Condition": {
            "ArnLike": {
                "aws:SourceArn": Output.format(
                    "arn:aws:elasticloadbalancing:{0}:{1}:loadbalancer/*", region, account_id
                )
            }
        },
    }


def _cloudfront_writes(bucket_arn: Output[str], account_id: Input[str]) -> dict[str, object]:
    """CloudFront's standard logging v2: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
    and https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html (from memory).

    Where it is missing AWS adds it to the policy by itself, which the next refresh shows as drift.
    """
    return {
        "Sid": "CloudFrontWrites",
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": Output.concat(bucket_arn, "/AWSLogs/", account_id, "/*"),
        "Condition": {
            "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": account_id},
            # CloudFront's delivery sources lie in us-east-1, wherever the bucket is.
            "ArnLike": {"aws:SourceArn": Output.format("arn:aws:logs:us-east-1:{0}:delivery-source:*", account_id)},
        },
    }
