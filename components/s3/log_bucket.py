"""The S3 bucket for access logs of the load balancer and of CloudFront.

Creates the bucket, its public access block, ownership controls, encryption, versioning, lifecycle and policy. The
bucket has no access log of its own, because each log delivery would create another log.
Checklist: logging configured, HTTPS enforced (the policy denies plain HTTP).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.s3.private_bucket import PrivateBucket, tls_only

# How long an overwritten or deleted log can be restored. AWS never overwrites one.
_OLD_VERSION_DAYS = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class LogBucketArgs:
    """Arguments of LogBucket."""

    account_id: Input[str]
    """Id of the AWS account, 12 digits."""
    region: Input[str]
    """Region of the bucket and of the load balancers that write to it; AWS requires the same region."""
    retention_days: int
    """Days after which logs are deleted; 1 or more."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    force_destroy: bool = False
    """Whether a destroy may delete a bucket that holds logs."""

    def __post_init__(self) -> None:
        if self.retention_days < 1:
            raise ValueError(
                f"retention_days: must be positive (got {self.retention_days}). Give 1 or more; S3 counts whole days."
            )


class LogBucket(ComponentResource):
    """A private bucket that load balancers and CloudFront distributions of this account may write to."""

    bucket_name: Output[str]
    """Name of the bucket, available once its policy exists, because a load balancer tests the access at once."""
    bucket_arn: Output[str]
    """ARN of the bucket, available once its policy exists."""

    def __init__(self, name: str, args: LogBucketArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:LogBucket", name, None, opts)
        self._logical_name = name
        private = PrivateBucket(
            name, force_destroy=args.force_destroy, tags=args.tags, child=ResourceOptions(parent=self)
        )
        self._lifecycle(args.retention_days, private)
        policy = self._policy(args, private)

        self.bucket_name = Output.all(private.bucket.bucket, policy.id).apply(lambda both: str(both[0]))
        self.bucket_arn = Output.all(private.bucket.arn, policy.id).apply(lambda both: str(both[0]))
        self.register_outputs({"bucket_name": self.bucket_name, "bucket_arn": self.bucket_arn})

    def _lifecycle(self, retention_days: int, private: PrivateBucket) -> None:
        # S3 accepts `days` and `expiredObjectDeleteMarker` only in separate rules.
        aws.s3.BucketLifecycleConfiguration(
            f"{self._logical_name}-lifecycle",
            bucket=private.bucket.bucket,
            rules=[
                {
                    "id": "old-logs",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": retention_days},
                    "noncurrent_version_expiration": {"noncurrent_days": _OLD_VERSION_DAYS},
                },
                {
                    "id": "delete-markers-and-uploads",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"expired_object_delete_marker": True},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                },
            ],
            opts=ResourceOptions(parent=self, depends_on=[private.versioning]),
        )

    def _policy(self, args: LogBucketArgs, private: PrivateBucket) -> aws.s3.BucketPolicy:
        document = Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    tls_only(private.bucket.arn),
                    _load_balancers_write(private.bucket.arn, args.account_id, args.region),
                    _cloudfront_writes(private.bucket.arn, args.account_id),
                ],
            }
        )
        return aws.s3.BucketPolicy(
            f"{self._logical_name}-policy",
            bucket=private.bucket.bucket,
            policy=document,
            # S3 returns 409 for concurrent changes of one bucket's access settings.
            opts=ResourceOptions(parent=self, depends_on=[private.public_access, private.ownership]),
        )


def _load_balancers_write(bucket_arn: Output[str], account_id: Input[str], region: Input[str]) -> dict[str, object]:
    """Return the statement for load balancers of one region, which also require S3-managed encryption (SSE-S3).

    As others cite AWS's document:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html (to be checked).
    """
    return {
        "Sid": "LoadBalancersWrite",
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": Output.concat(bucket_arn, "/AWSLogs/", account_id, "/*"),
        # The ARN contains the account. AWS documents this condition key only, so aws:SourceAccount is omitted.
        "Condition": {
            "ArnLike": {
                "aws:SourceArn": Output.format(
                    "arn:aws:elasticloadbalancing:{0}:{1}:loadbalancer/*", region, account_id
                )
            }
        },
    }


def _cloudfront_writes(bucket_arn: Output[str], account_id: Input[str]) -> dict[str, object]:
    """Return the statement for CloudFront's standard logging v2.

    AWS adds it if it is missing, which the next refresh shows as drift.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html and
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html (from memory)
    """
    return {
        "Sid": "CloudFrontWrites",
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": Output.concat(bucket_arn, "/AWSLogs/", account_id, "/*"),
        "Condition": {
            "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": account_id},
            # CloudFront's delivery sources are in us-east-1 whatever the bucket's region.
            "ArnLike": {"aws:SourceArn": Output.format("arn:aws:logs:us-east-1:{0}:delivery-source:*", account_id)},
        },
    }
