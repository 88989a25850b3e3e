"""The delivery of a distribution's access logs to an S3 bucket, by standard logging v2 (vended logs).

The older `loggingConfig` writes through ACLs, which a log bucket with bucket-owner-enforced ownership does not have
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html, from memory).
The resources live in us-east-1 whatever the bucket's region; the bucket's policy lets delivery.logs.amazonaws.com
write below AWSLogs/<account>/.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

CLOUDFRONT_REGION = "us-east-1"


def deliver_logs(
    name: str,
    distribution: aws.cloudfront.Distribution,
    *,
    bucket_arn: Input[str],
    tags: Mapping[str, str],
    child: ResourceOptions,
) -> None:
    """Makes the source, the destination and the delivery between them, as `<name>-log-...`."""
    source = aws.cloudwatch.LogDeliverySource(
        f"{name}-log-source",
        log_type="ACCESS_LOGS",
        resource_arn=distribution.arn,
        region=CLOUDFRONT_REGION,
        tags={**tags, "Name": f"{name}-log-source"},
        opts=child,
    )
    destination = aws.cloudwatch.LogDeliveryDestination(
        f"{name}-log-destination",
        delivery_destination_configuration={"destination_resource_arn": bucket_arn},
        output_format="json",
        region=CLOUDFRONT_REGION,
        tags={**tags, "Name": f"{name}-log-destination"},
        opts=child,
    )
    aws.cloudwatch.LogDelivery(
        f"{name}-log-delivery",
        delivery_source_name=source.name,
        delivery_destination_arn=destination.arn,
        # AWS puts AWSLogs/<account>/CloudFront/ before it, where the bucket's policy lets the logs in, but takes a
        # change of it as it is given: the provider has to say the whole path then, and does since February 2026
        # (hashicorp/terraform-provider-aws#46328, mended by #46455; read 2026-11-24).
        s3_delivery_configurations=[
            {"suffix_path": "{DistributionId}/{yyyy}/{MM}/{dd}", "enable_hive_compatible_path": False}
        ],
        region=CLOUDFRONT_REGION,
        tags={**tags, "Name": f"{name}-log-delivery"},
        opts=child,
    )
