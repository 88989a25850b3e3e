"""A stream of CloudWatch metrics to the HTTP endpoint of a monitoring vendor, by Amazon Data Firehose.

Creates the delivery stream, its role, a bucket for data that the vendor does not accept, the secret with the vendor's
key, the metric stream and its role. Firehose reads the key from Secrets Manager, so that it is in no configuration.
CloudWatch bills each metric update that it streams, and Firehose the data.

Checklist: monitoring.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.s3.private_bucket import PrivateBucket, tls_only

_FAILED_DAYS = 14  # data that the vendor did not accept is too old to be useful afterwards


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricStreamArgs:
    """Arguments of MetricStream."""

    vendor: str
    """Name of the vendor, for descriptions."""
    endpoint: str
    """https address of the vendor's endpoint."""
    key: Input[str]
    """Key that the endpoint requires; secret."""
    namespaces: Sequence[str]
    """Namespaces whose metrics are streamed, such as AWS/ECS."""
    recovery_window_days: int
    """Days that the deleted secret can be restored: 7 to 30, or 0 to delete it at once (sandbox)."""
    force_destroy: bool
    """Whether a destroy may delete the bucket with its objects."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    output_format: Literal["opentelemetry0.7", "opentelemetry1.0", "json"] = "opentelemetry1.0"
    """Format of the metrics."""

    def __post_init__(self) -> None:
        if not self.endpoint.startswith("https://"):
            raise ValueError(f"endpoint: not an https address (got {self.endpoint!r}). Give the vendor's address.")
        wrong = [each for each in self.namespaces if not re.fullmatch(r"[A-Za-z0-9._/#:-]{1,255}", each)]
        if wrong or not self.namespaces:
            raise ValueError(
                f"namespaces: no namespaces of CloudWatch (got {', '.join(wrong) or 'none'}). Give one or more, such "
                "as AWS/ECS."
            )


class MetricStream(pulumi.ComponentResource):
    """A metric stream with its delivery stream."""

    delivery_stream_arn: Output[str]
    """ARN of the delivery stream."""
    metric_stream_arn: Output[str]
    """ARN of the metric stream."""

    def __init__(self, name: str, args: MetricStreamArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:MetricStream", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        secret = self._secret()
        failed = self._failed_data()
        delivery = self._delivery(secret, failed)
        stream = self._stream(delivery)
        self.delivery_stream_arn = delivery.arn
        self.metric_stream_arn = stream.arn
        self.register_outputs(
            {"delivery_stream_arn": self.delivery_stream_arn, "metric_stream_arn": self.metric_stream_arn}
        )

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _secret(self) -> aws.secretsmanager.SecretVersion:
        """Store the key in the form that Firehose reads.

        https://docs.aws.amazon.com/firehose/latest/dev/secrets-manager-whats-secret.html (from memory)
        """
        secret = aws.secretsmanager.Secret(
            f"{self._logical_name}-key",
            description=f"Key of {self._args.vendor} for the metric stream",
            recovery_window_in_days=self._args.recovery_window_days,
            tags=self._tags("key"),
            opts=self._child,
        )
        return aws.secretsmanager.SecretVersion(
            f"{self._logical_name}-key-value",
            secret_id=secret.id,
            secret_string=Output.secret(self._args.key).apply(lambda key: json.dumps({"api_key": key})),
            opts=ResourceOptions(parent=self, protect=False),
        )

    def _failed_data(self) -> aws.s3.Bucket:
        name = f"{self._logical_name}-failed"
        private = PrivateBucket(name, force_destroy=self._args.force_destroy, tags=self._args.tags, child=self._child)
        bucket = private.bucket
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "expire",
                    "status": "Enabled",
                    "filter": {},
                    "expiration": {"days": _FAILED_DAYS},
                    "noncurrent_version_expiration": {"noncurrent_days": 1},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
                }
            ],
            opts=ResourceOptions(parent=self, depends_on=[private.versioning]),
        )
        aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=Output.json_dumps({"Version": "2012-10-17", "Statement": [tls_only(bucket.arn)]}),
            # S3 returns 409 for concurrent changes of one bucket's access settings.
            opts=ResourceOptions(parent=self, depends_on=[private.public_access, private.ownership]),
        )
        return bucket

    def _role(self, part: str, service: str, statements: list[dict[str, object]]) -> aws.iam.Role:
        role = aws.iam.Role(
            f"{self._logical_name}-{part}-role",
            # AWS documents no condition for the trust of these services.
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-trustpolicy.html
            # (read 2026-11-28)
            assume_role_policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}],
                }
            ),
            tags=self._tags(f"{part}-role"),
            opts=self._child,
        )
        self._policy = aws.iam.RolePolicy(
            f"{self._logical_name}-{part}-policy",
            role=role.id,
            policy=Output.json_dumps({"Version": "2012-10-17", "Statement": statements}),
            opts=self._child,
        )
        return role

    def _delivery(
        self, secret: aws.secretsmanager.SecretVersion, failed: aws.s3.Bucket
    ) -> aws.kinesis.FirehoseDeliveryStream:
        role = self._role(
            "delivery",
            "firehose.amazonaws.com",
            [
                {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": secret.secret_arn},
                {
                    "Effect": "Allow",
                    "Action": ["s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:ListBucket", "s3:PutObject"],
                    "Resource": [failed.arn, Output.concat(failed.arn, "/*")],
                },
            ],
        )
        return aws.kinesis.FirehoseDeliveryStream(
            f"{self._logical_name}-delivery",
            destination="http_endpoint",
            http_endpoint_configuration={
                "url": self._args.endpoint,
                "name": self._args.vendor,
                "role_arn": role.arn,
                "buffering_size": 1,
                "buffering_interval": 60,
                "retry_duration": 300,
                "s3_backup_mode": "FailedDataOnly",
                "request_configuration": {"content_encoding": "GZIP"},
                "secrets_manager_configuration": {
                    "enabled": True,
                    "secret_arn": secret.secret_arn,
                    "role_arn": role.arn,
                },
                "s3_configuration": {
                    "role_arn": role.arn,
                    "bucket_arn": failed.arn,
                    "buffering_size": 10,
                    "buffering_interval": 400,
                    "compression_format": "GZIP",
                },
            },
            server_side_encryption={"enabled": True, "key_type": "AWS_OWNED_CMK"},
            tags=self._tags("delivery"),
            # Firehose checks the role's access to the secret when it creates the stream.
            opts=ResourceOptions(parent=self, depends_on=[self._policy]),
        )

    def _stream(self, delivery: aws.kinesis.FirehoseDeliveryStream) -> aws.cloudwatch.MetricStream:
        role = self._role(
            "stream",
            "streams.metrics.cloudwatch.amazonaws.com",
            [
                {
                    "Effect": "Allow",
                    "Action": ["firehose:PutRecord", "firehose:PutRecordBatch"],
                    "Resource": delivery.arn,
                }
            ],
        )
        return aws.cloudwatch.MetricStream(
            f"{self._logical_name}-stream",
            firehose_arn=delivery.arn,
            role_arn=role.arn,
            output_format=self._args.output_format,
            include_filters=[{"namespace": each} for each in self._args.namespaces],
            tags=self._tags("stream"),
            opts=ResourceOptions(parent=self, depends_on=[self._policy]),
        )
