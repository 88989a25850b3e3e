"""CloudWatch Logs: log groups, streams, filters and policies, and the delivery of CloudFront's logs."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import Behaviour, Call, Name, Plain, Quota, Reference, Rejection, Stage, rule

from .access import decide
from .policy_documents import policy_document
from .same_scope import known, others_in_region
from .sources import api, created_only, schema_of, sdk

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
LOG_STREAM = "aws:cloudwatch/logStream:LogStream"
LOG_METRIC_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
LOG_RESOURCE_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
LOG_DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery"
LOG_DELIVERY_SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
LOG_DELIVERY_DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
KEY = "aws:kms/key:Key"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
BUCKET = "aws:s3/bucket:Bucket"

RETENTION_DAYS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""The allowed retention periods, in days; 0 means that events never expire."""

_TO_GROUP = Reference(
    path="logGroupName",
    to=LOG_GROUP,
    by="name",
    code="ResourceNotFoundException",
    holds=False,  # deleting a group deletes its streams and filters
    source=api("logs", "CreateLogStream"),
)


@rule("kms-key-allows-logs", Stage.CREATE, Stage.UPDATE, source=api("logs", "CreateLogGroup"))
def key_allows_logs(call: Call) -> Iterator[Rejection]:
    arn = call.get("kmsKeyId")
    if not arn or next(call.cloud.find(KEY, arn=arn), None) is None:
        return
    group = f"arn:aws:logs:{call.region}:{call.account}:log-group:{call.get('name')}"
    context = {"kms:EncryptionContext:aws:logs:arn": group, "aws:SourceArn": group, "aws:SourceAccount": call.account}
    principals = (f"logs.{call.region}.amazonaws.com", "logs.amazonaws.com")
    for action in ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"):
        found = [decide(principal, action, str(arn), context, call.cloud) for principal in principals]
        if all(each.denied for each in found):
            yield Rejection(
                "kmsKeyId",
                f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}'. Its policy must"
                f" allow {action} to {principals[0]} ({found[0].reason}).",
                "AccessDeniedException",
            )
            return


@rule("log-group-deletion-protection", Stage.DELETE, source=api("logs", "DeleteLogGroup"))
def protected(call: Call) -> Iterator[Rejection]:
    if call.this and call.this.outputs.get("deletionProtectionEnabled"):
        yield Rejection(
            "deletionProtectionEnabled",
            f"log group {call.this.outputs.get('name')} has deletion protection. Disable deletionProtectionEnabled in"
            " an update first.",
            "ValidationException",
        )


@rule("metric-filter-transformation", Stage.PLAN, source=sdk("cloudwatch/logmetricfilter"))
def transformation(call: Call) -> Iterator[Rejection]:
    at = "metricTransformation"
    if call.get(f"{at}.defaultValue") is not None and call.get(f"{at}.dimensions"):
        yield Rejection(
            f"{at}.defaultValue", "defaultValue and dimensions are mutually exclusive", "InvalidParameterException"
        )
    pattern = known(call, "pattern", "")
    if len(pattern) > 1024:
        yield Rejection(
            "pattern",
            f"the filter pattern is too long (got {len(pattern)} characters). Allowed are at most 1,024.",
            "InvalidParameterException",
        )


@rule("cloudfront-delivery-source-in-us-east-1", Stage.PLAN, source=sdk("cloudwatch/logdeliverysource"))
def delivery_source_region(call: Call) -> Iterator[Rejection]:
    arn = known(call, "resourceArn", "")
    if not arn.startswith("arn:aws:cloudfront:"):
        return
    if call.region != "us-east-1":
        yield Rejection(
            "region",
            f"the delivery source of a CloudFront distribution must be in us-east-1 (got {call.region})",
            "ValidationException",
        )
    if known(call, "logType", "ACCESS_LOGS") not in ("ACCESS_LOGS", "CONNECTION_LOGS"):
        yield Rejection(
            "logType",
            f"invalid log type for CloudFront (got '{call.get('logType')}'). Allowed is ACCESS_LOGS.",
            "ValidationException",
        )


@rule("one-delivery-source-per-log", Stage.CREATE, source=api("logs", "PutDeliverySource"))
def one_source(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(
        call, LOG_DELIVERY_SOURCE, resourceArn=call.get("resourceArn"), logType=call.get("logType")
    ):
        yield Rejection(
            "resourceArn",
            f"the delivery source {other.id} already exists for its {call.get('logType')}",
            "ConflictException",
        )


@rule("delivery-destination-has-arn", Stage.PLAN, source=sdk("cloudwatch/logdeliverydestination"))
def destination_is_named(call: Call) -> Iterator[Rejection]:
    has_target = call.get("deliveryDestinationConfiguration.destinationResourceArn") is not None
    if not has_target and known(call, "deliveryDestinationType") != "XRAY":
        yield Rejection(
            "deliveryDestinationConfiguration",
            "destinationResourceArn is required. Only XRAY destinations do not need it.",
            "ValidationException",
        )


def _destination_type(call: Call) -> str:
    service = str(call.get("deliveryDestinationConfiguration.destinationResourceArn", "")).split(":")[2:3]
    return {"s3": "S3", "logs": "CWL", "firehose": "FH"}.get("".join(service), "XRAY")


def _suffix_path(call: Call) -> list[dict[str, Plain]]:
    to = call.get("deliveryDestinationArn")
    if next(call.cloud.find(LOG_DELIVERY_DESTINATION, arn=to, deliveryDestinationType="S3"), None) is None:
        return []
    return [{"suffixPath": "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", "enableHiveCompatiblePath": False}]


def _delivery_name(operation: str) -> Name:
    return Name(
        longest=60,
        pattern=r"[A-Za-z0-9_-]*",
        allowed="letters, digits, hyphens and underscores",
        taken="ConflictException",
        source=api("logs", operation),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=LOG_GROUP,
        source=sdk("cloudwatch/loggroup"),
        id="{name}",
        outputs={
            "arn": "arn:aws:logs:{region}:{account}:log-group:{name}",
            "namePrefix": "",
            "retentionInDays": 0,
            "logGroupClass": "STANDARD",
            "skipDestroy": False,
            "deletionProtectionEnabled": False,
        },
        replaces=frozenset({"name", "namePrefix", "logGroupClass"}),
        replace_source=created_only("AWS::Logs::LogGroup"),
        enums={
            "retentionInDays": RETENTION_DAYS,
            "logGroupClass": ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
        },
        name=Name(
            longest=512,
            pattern=r"[.\-_/#A-Za-z0-9]+",
            allowed="letters, digits and ._-/#",
            taken="ResourceAlreadyExistsException",
            source=api("logs", "CreateLogGroup"),
        ),
        references=(
            Reference(
                path="kmsKeyId",
                to=KEY,
                by="arn",
                code="InvalidParameterException",
                holds=False,
                source=api("logs", "CreateLogGroup"),
            ),
        ),
        quotas=(
            Quota(
                limit=1_000_000,
                per="region",
                what="log groups per Region",
                code="LimitExceededException",
                source=api("logs", "CreateLogGroup"),
            ),
        ),
        rules=(key_allows_logs, protected),
    ),
    Behaviour(
        type=LOG_STREAM,
        source=sdk("cloudwatch/logstream"),
        id="{name}",
        outputs={"arn": "arn:aws:logs:{region}:{account}:log-group:{logGroupName}:log-stream:{name}"},
        replaces=frozenset({"name", "logGroupName"}),
        replace_source=created_only("AWS::Logs::LogStream"),
        name=Name(
            longest=512,
            pattern=r"[^:*]*",
            allowed="any characters but ':' and '*'",
            unique="logGroupName",
            taken="ResourceAlreadyExistsException",
            source=api("logs", "CreateLogStream"),
        ),
        references=(_TO_GROUP,),
    ),
    Behaviour(
        type=LOG_METRIC_FILTER,
        source=sdk("cloudwatch/logmetricfilter"),
        id="{name}",
        outputs={"applyOnTransformedLogs": False},
        replaces=frozenset({"name", "logGroupName"}),
        replace_source=created_only("AWS::Logs::MetricFilter"),
        name=Name(
            longest=512,
            pattern=r"[^:*]*",
            allowed="any characters but ':' and '*'",
            unique="logGroupName",
            taken="InvalidParameterException",
            source=api("logs", "PutMetricFilter"),
        ),
        references=(_TO_GROUP,),
        quotas=(
            Quota(
                limit=100,
                per="logGroupName",
                what="metric filters per log group",
                code="LimitExceededException",
                source=api("logs", "PutMetricFilter"),
            ),
        ),
        rules=(transformation,),
    ),
    Behaviour(
        type=LOG_RESOURCE_POLICY,
        source=sdk("cloudwatch/logresourcepolicy"),
        id=lambda call: call.get("policyName") or call.get("resourceArn"),
        outputs={
            "policyScope": lambda call: "RESOURCE" if call.get("resourceArn") else "ACCOUNT",
            "revisionId": lambda call: call.hex(16, "revision") if call.get("resourceArn") else "",
        },
        replaces=frozenset({"policyName", "resourceArn"}),
        replace_source=created_only("AWS::Logs::ResourcePolicy"),
        exactly_one=(("policyName", "resourceArn"),),
        quotas=(
            Quota(
                limit=10,
                per="region",
                what="resource policies per Region",
                code="LimitExceededException",
                source=sdk("cloudwatch/logresourcepolicy"),
            ),
        ),
        rules=(policy_document("policyDocument", "resource", longest=5120, code="InvalidParameterException"),),
    ),
    Behaviour(
        type=LOG_DELIVERY_SOURCE,
        source=sdk("cloudwatch/logdeliverysource"),
        id="{name}",
        outputs={
            "arn": "arn:aws:logs:{region}:{account}:delivery-source:{name}",
            "service": lambda call: f"{call.get('resourceArn')}::".split(":")[2],
        },
        replaces=frozenset({"name", "logType", "resourceArn"}),
        replace_source=created_only("AWS::Logs::DeliverySource"),
        name=_delivery_name("PutDeliverySource"),
        references=(
            Reference(
                path="resourceArn",
                to=DISTRIBUTION,
                by="arn",
                external=r"(?!arn:aws:cloudfront:).*",
                same_region=False,
                code="ResourceNotFoundException",
                holds=False,
                source=api("logs", "PutDeliverySource"),
            ),
        ),
        rules=(delivery_source_region, one_source),
    ),
    Behaviour(
        type=LOG_DELIVERY_DESTINATION,
        source=sdk("cloudwatch/logdeliverydestination"),
        id="{name}",
        outputs={
            "arn": "arn:aws:logs:{region}:{account}:delivery-destination:{name}",
            "deliveryDestinationType": _destination_type,
        },
        replaces=frozenset({"name", "deliveryDestinationType", "outputFormat"}),
        replace_source=created_only("AWS::Logs::DeliveryDestination"),
        enums={
            "deliveryDestinationType": ("S3", "CWL", "FH", "XRAY"),
            "outputFormat": ("json", "plain", "w3c", "raw", "parquet"),
        },
        name=_delivery_name("PutDeliveryDestination"),
        references=(
            Reference(
                path="deliveryDestinationConfiguration.destinationResourceArn",
                to=(BUCKET, LOG_GROUP),
                by="arn",
                external=r"arn:aws:firehose:.*|arn:aws:s3:::[^/]+/.*|arn:aws:logs:.*:\*",
                same_region=False,
                code="ResourceNotFoundException",
                holds=False,
                source=api("logs", "PutDeliveryDestination"),
            ),
        ),
        rules=(destination_is_named,),
    ),
    Behaviour(
        type=LOG_DELIVERY,
        source=sdk("cloudwatch/logdelivery"),
        id="{hex16}",
        outputs={
            "arn": "arn:aws:logs:{region}:{account}:delivery:{id}",
            "fieldDelimiter": "",
            "recordFields": [],
            "s3DeliveryConfigurations": _suffix_path,
        },
        replaces=frozenset({"deliveryDestinationArn", "deliverySourceName"}),
        replace_source=schema_of("logs/delivery.go"),
        references=(
            Reference(
                path="deliverySourceName",
                to=LOG_DELIVERY_SOURCE,
                by="name",
                code="ResourceNotFoundException",
                in_use="ConflictException",
                source=api("logs", "CreateDelivery"),
            ),
            Reference(
                path="deliveryDestinationArn",
                to=LOG_DELIVERY_DESTINATION,
                by="arn",
                code="ResourceNotFoundException",
                in_use="ConflictException",
                source=api("logs", "CreateDelivery"),
            ),
        ),
    ),
)
