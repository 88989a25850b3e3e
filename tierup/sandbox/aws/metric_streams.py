"""CloudWatch metric streams, and the delivery streams of Amazon Data Firehose that they write to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..behaviour import Behaviour, Call, Name, Reference, Rejection, Stage, documented, located, rule
from .sources import sdk

DELIVERY: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_ROLE: Final = "aws:iam/role:Role"
_FIREHOSE = documented(
    "https://github.com/hashicorp/terraform-provider-aws, as docstrings of pulumi-aws 7.51.1"
    " (kinesis.FirehoseDeliveryStream)",
    read="2026-11-28",
)
_STATISTICS = documented(
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStreamStatisticsConfiguration.html",
    read="2026-11-28",
)
_ENDPOINT: Final = "httpEndpointConfiguration"


@rule("http-endpoint-is-complete", Stage.PLAN, source=_FIREHOSE)
def _endpoint(call: Call) -> Iterator[Rejection]:
    if call.get("destination") != "http_endpoint":
        return
    config = call.get(_ENDPOINT)
    if config is None:
        yield Rejection(
            _ENDPOINT, "it is missing. The destination http_endpoint requires it.", "InvalidArgumentException"
        )
        return
    url = call.get(f"{_ENDPOINT}.url")
    if isinstance(url, str) and not url.startswith("https://"):
        yield Rejection(f"{_ENDPOINT}.url", f"it must be an https address (got {url}).", "InvalidArgumentException")
    secret = call.get(f"{_ENDPOINT}.secretsManagerConfiguration")
    if isinstance(secret, dict) and secret.get("enabled") and secret.get("secretArn") is None:
        yield Rejection(
            f"{_ENDPOINT}.secretsManagerConfiguration.secretArn", "it is missing.", "InvalidArgumentException"
        )


@rule("additional-statistics-are-percentiles", Stage.PLAN, source=_STATISTICS)
def _statistics(call: Call) -> Iterator[Rejection]:
    if call.get("outputFormat") == "json":
        return
    for at, statistic in located(call.inputs, "statisticsConfigurations[*].additionalStatistics[*]"):
        if isinstance(statistic, str) and not statistic.startswith("p"):
            yield Rejection(
                at, f"only percentiles are allowed with OpenTelemetry (got {statistic}).", "InvalidParameterValue"
            )


BEHAVIOURS = (
    Behaviour(
        type=DELIVERY,
        source=_FIREHOSE,
        id="arn:aws:firehose:{region}:{account}:deliverystream/{name}",
        outputs={
            "arn": "arn:aws:firehose:{region}:{account}:deliverystream/{name}",
            "destinationId": "destinationId-000000000001",
            "versionId": "1",
        },
        replaces=frozenset({"name", "destination", "kinesisSourceConfiguration", "mskSourceConfiguration"}),
        keeps=frozenset({"destinationId", "versionId"}),
        enums={
            "destination": (
                *("elasticsearch", "extended_s3", "http_endpoint", "iceberg", "opensearch", "opensearchserverless"),
                *("redshift", "snowflake", "splunk"),
            ),
            f"{_ENDPOINT}.s3BackupMode": ("FailedDataOnly", "AllData"),
            f"{_ENDPOINT}.requestConfiguration.contentEncoding": ("NONE", "GZIP"),
            "serverSideEncryption.keyType": ("AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"),
        },
        ranges={
            f"{_ENDPOINT}.bufferingSize": (1, 100),
            f"{_ENDPOINT}.bufferingInterval": (0, 900),
            f"{_ENDPOINT}.retryDuration": (0, 7_200),
        },
        secrets=frozenset({f"{_ENDPOINT}.accessKey"}),
        name=Name(
            longest=64,
            pattern=r"[a-zA-Z0-9_.-]+",
            allowed="letters, digits and _.-",
            taken="ResourceInUseException",
            source=_FIREHOSE,
        ),
        references=(
            Reference(path=f"{_ENDPOINT}.roleArn", to=_ROLE, by="arn", same_region=False, source=_FIREHOSE),
            Reference(
                path=f"{_ENDPOINT}.s3Configuration.bucketArn", to="aws:s3/bucket:Bucket", by="arn", source=_FIREHOSE
            ),
            Reference(
                path=f"{_ENDPOINT}.secretsManagerConfiguration.secretArn",
                to="aws:secretsmanager/secret:Secret",
                by="arn",
                holds=False,
                source=_FIREHOSE,
            ),
        ),
        rules=(_endpoint,),
    ),
    Behaviour(
        type="aws:cloudwatch/metricStream:MetricStream",
        source=sdk("cloudwatch/metricstream"),
        id="{name}",
        outputs={
            "arn": "arn:aws:cloudwatch:{region}:{account}:metric-stream/{name}",
            "creationDate": "2026-11-28T00:00:00Z",
            "lastUpdateDate": "2026-11-28T00:00:00Z",
            "state": "running",
        },
        replaces=frozenset({"name", "namePrefix"}),
        enums={"outputFormat": ("json", "opentelemetry0.7", "opentelemetry1.0")},
        conflicts=(("includeFilters", "excludeFilters"), ("name", "namePrefix")),
        name=Name(
            longest=255,
            pattern=r"[a-zA-Z0-9_-]+",
            allowed="letters, digits, _ and -",
            source=sdk("cloudwatch/metricstream"),
        ),
        references=(
            Reference(path="firehoseArn", to=DELIVERY, by="arn", holds=False, source=sdk("cloudwatch/metricstream")),
            Reference(path="roleArn", to=_ROLE, by="arn", same_region=False, source=sdk("cloudwatch/metricstream")),
        ),
        rules=(_statistics,),
    ),
)
