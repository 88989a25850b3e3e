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

# What a load balancer asks of its bucket (as others write it; the page is to be checked).
_LOAD_BALANCER_LOGS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html"

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
        self._child = ResourceOptions(parent=self)
        self._bucket = aws.s3.Bucket(
            f"{name}-bucket", force_destroy=args.force_destroy, tags={**args.tags, "Name": name}, opts=self._child
        )
        public_access = self._block_public_access()
        ownership = self._own_every_object()
        self._encrypt()
        self._expire(args.retention_days, self._keep_versions())
        policy = self._policy(args, public_access, ownership)

        self.bucket_name = Output.all(self._bucket.bucket, policy.id).apply(lambda both: str(both[0]))
        self.bucket_arn = Output.all(self._bucket.arn, policy.id).apply(lambda both: str(both[0]))
        self.register_outputs({"bucket_name": self.bucket_name, "bucket_arn": self.bucket_arn})

    def _block_public_access(self) -> aws.s3.BucketPublicAccessBlock:
        return aws.s3.BucketPublicAccessBlock(
            f"{self._logical_name}-public-access",
            bucket=self._bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )

    def _own_every_object(self) -> aws.s3.BucketOwnershipControls:
        return aws.s3.BucketOwnershipControls(
            f"{self._logical_name}-ownership",
            bucket=self._bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=self._child,
        )

    def _encrypt(self) -> None:
        # S3's own key: a load balancer cannot write to a bucket encrypted by a KMS key (_LOAD_BALANCER_LOGS).
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._logical_name}-encryption",
            bucket=self._bucket.bucket,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=self._child,
        )

    def _keep_versions(self) -> aws.s3.BucketVersioning:
        return aws.s3.BucketVersioning(
            f"{self._logical_name}-versioning",
            bucket=self._bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=self._child,
        )

    def _expire(self, retention_days: int, versioning: aws.s3.BucketVersioning) -> None:
        # S3 takes `days` and `expiredObjectDeleteMarker` only in rules of their own.
        aws.s3.BucketLifecycleConfiguration(
            f"{self._logical_name}-lifecycle",
            bucket=self._bucket.bucket,
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
            opts=ResourceOptions(parent=self, depends_on=[versioning]),
        )

    def _policy(
        self,
        args: LogBucketArgs,
        public_access: aws.s3.BucketPublicAccessBlock,
        ownership: aws.s3.BucketOwnershipControls,
    ) -> aws.s3.BucketPolicy:
        document = Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    _tls_only(self._bucket.arn),
                    _load_balancers_write(self._bucket.arn, args.account_id, args.region),
                    _cloudfront_writes(self._bucket.arn, args.account_id),
                ],
            }
        )
        return aws.s3.BucketPolicy(
            f"{self._logical_name}-policy",
            bucket=self._bucket.bucket,
            policy=document,
            # S3 answers 409 to two changes of one bucket's access at once.
            opts=ResourceOptions(parent=self, depends_on=[public_access, ownership]),
        )


def _tls_only(bucket_arn: Output[str]) -> dict[str, object]:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, Output.concat(bucket_arn, "/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _load_balancers_write(bucket_arn: Output[str], account_id: Input[str], region: Input[str]) -> dict[str, object]:
    """The statement that AWS's document (_LOAD_BALANCER_LOGS) gives, for the load balancers of one region."""
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
