"""Rules of AWS types without a row of their own: what they accept beyond their schema. Outputs follow the schema."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from .arns import service_of
from .kms import key_exists
from .network import SECONDARY_BLOCK, to_security_group, to_subnet, to_vpc
from .same_scope import known
from .sources import api, schema_of, sdk, unread

_INVALID = "InvalidParameterValueException"


@rule("event-source-mapping", Stage.PLAN, source=api("lambda", "CreateEventSourceMapping"))
def _event_source(call: Call) -> Iterator[Rejection]:
    source = known(call, "eventSourceArn")
    if not isinstance(source, str):
        return
    position, batch = call.get("startingPosition"), known(call, "batchSize")
    service = service_of(source)
    if service in ("kinesis", "dynamodb") and position is None:
        yield Rejection("startingPosition", f"it must be set for {source} (got none).", _INVALID)
    if service == "sqs" and position is not None and position is not UNKNOWN:
        yield Rejection("startingPosition", "StartingPosition is not valid for SQS event sources.", _INVALID)
    if service == "dynamodb" and position == "AT_TIMESTAMP":
        yield Rejection("startingPosition", "AT_TIMESTAMP is not supported for DynamoDB streams.", _INVALID)
    window = known(call, "maximumBatchingWindowInSeconds", 0)
    if service == "sqs" and source.endswith(".fifo"):
        if isinstance(batch, (int, float)) and batch > 10:
            yield Rejection("batchSize", f"a FIFO queue has batches of 10 at most (got {batch:g}).", _INVALID)
        if window:
            yield Rejection("maximumBatchingWindowInSeconds", "FIFO queues have no batching window.", _INVALID)
    elif service == "sqs" and isinstance(batch, (int, float)) and batch > 10 and not window:
        yield Rejection(
            "maximumBatchingWindowInSeconds",
            f"it must be at least 1 for batches of more than 10 records (batchSize is {batch:g}).",
            _INVALID,
        )
    if service in ("sqs", "kafka", "mq") and (call.get("parallelizationFactor") or call.get("tumblingWindowInSeconds")):
        yield Rejection("parallelizationFactor", f"an event source of {service} has no shards.", _INVALID)


@rule("capacity-is-ordered", Stage.PLAN, source=api("autoscaling", "CreateAutoScalingGroup: ValidationError"))
def _capacity(call: Call) -> Iterator[Rejection]:
    minimum, maximum, desired = known(call, "minSize"), known(call, "maxSize"), known(call, "desiredCapacity")
    if isinstance(minimum, (int, float)) and isinstance(maximum, (int, float)) and minimum > maximum:
        yield Rejection(
            "maxSize", f"maxSize ({maximum:g}) must not be less than minSize ({minimum:g}).", "ValidationError"
        )
    elif isinstance(desired, (int, float)):
        if isinstance(maximum, (int, float)) and desired > maximum:
            yield Rejection(
                "desiredCapacity", f"it is more than maxSize (got {desired:g}, {maximum:g}).", "ValidationError"
            )
        if isinstance(minimum, (int, float)) and desired < minimum:
            yield Rejection(
                "desiredCapacity", f"it is less than minSize (got {desired:g}, {minimum:g}).", "ValidationError"
            )


@rule("user-data-is-base64", Stage.CREATE, Stage.UPDATE, source=api("ec2", "RequestLaunchTemplateData: UserData"))
def _user_data(call: Call) -> Iterator[Rejection]:
    text = known(call, "userData")
    if not isinstance(text, str):
        return
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        yield Rejection(
            "userData", "Invalid BASE64 encoding of user data. Encode it with base64.", "InvalidUserData.Malformed"
        )


@rule("parameter-value", Stage.PLAN, source=api("ssm", "PutParameter: Value, AllowedPattern"))
def _parameter(call: Call) -> Iterator[Rejection]:
    for path in ("value", "insecureValue"):
        value, tier, pattern = known(call, path), call.get("tier"), known(call, "allowedPattern")
        if not isinstance(value, str):
            continue
        maximum = 8192 if tier in ("Advanced", "Intelligent-Tiering") else 4096
        if len(value.encode()) > maximum and tier is not UNKNOWN:
            yield Rejection(
                path, f"the value has more than {maximum} bytes. Set tier to Advanced.", "ValidationException"
            )
        try:
            fits = not isinstance(pattern, str) or re.search(pattern, value) is not None
        except re.error:
            yield Rejection("allowedPattern", "it is no regular expression.", "InvalidAllowedPatternException")
            return
        if not fits:
            yield Rejection(
                path, f"the value does not match allowedPattern {pattern}.", "ParameterPatternMismatchException"
            )


@rule("usage-plan-offset", Stage.PLAN, source=schema_of("apigateway/usage_plan.go"))
def _quota_offset(call: Call) -> Iterator[Rejection]:
    period, offset = known(call, "quotaSettings.period"), known(call, "quotaSettings.offset", 0)
    maximum = {"DAY": 0, "WEEK": 6, "MONTH": 27}.get(str(period))
    if maximum is not None and isinstance(offset, (int, float)) and not 0 <= offset <= maximum:
        yield Rejection(
            "quotaSettings.offset", f"it is out of range (got {offset:g}). Allowed are 0 to {maximum} for {period}.",
            "BadRequestException",
        )  # fmt: skip


@rule("cors-credentials", Stage.PLAN, source=api("apigatewayv2", "Cors: AllowCredentials"))
def _cors(call: Call) -> Iterator[Rejection]:
    origins = [origin for _, origin in located(call.inputs, "corsConfiguration.allowOrigins[*]")]
    if call.get("corsConfiguration.allowCredentials") is True and "*" in origins:
        yield Rejection(
            "corsConfiguration.allowCredentials",
            "it must not be true if allowOrigins contains '*'.",
            "BadRequestException",
        )


_ROUTE_KEY = re.compile(r"\$default|(GET|HEAD|OPTIONS|PATCH|POST|PUT|DELETE|ANY) /\S*")


@rule("route-key-fits-protocol", Stage.CREATE, Stage.UPDATE, source=api("apigatewayv2", "CreateRoute: RouteKey"))
def _route_key(call: Call) -> Iterator[Rejection]:
    key, gateway = call.get("routeKey"), call.cloud.get("aws:apigatewayv2/api:Api", str(call.get("apiId")))
    if gateway is None or gateway.inputs.get("protocolType") != "HTTP" or not isinstance(key, str):
        return
    if not _ROUTE_KEY.fullmatch(key):
        yield Rejection(
            "routeKey",
            f"The provided route key is not formatted properly for HTTP protocol (got '{key}')."
            " Format should be '<HTTP METHOD> /<RESOURCE PATH>' or '$default'.",
            "BadRequestException",
        )


@rule("usage-limits-are-ordered", Stage.PLAN, source=unread("elasticache", "CacheUsageLimits"))
def _usage_limits(call: Call) -> Iterator[Rejection]:
    for path in ("cacheUsageLimits.dataStorage", "cacheUsageLimits.ecpuPerSeconds[*]"):
        for at, limit in located(call.inputs, path):
            low, high = (limit.get("minimum"), limit.get("maximum")) if isinstance(limit, dict) else (None, None)
            if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
                yield Rejection(
                    f"{at}.minimum", f"The minimum must not exceed the maximum (got {low:g}, {high:g}).",
                    "InvalidParameterValue",
                )  # fmt: skip


_LEGACY_FLOWS = {"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"}
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


@rule("user-pool-client", Stage.PLAN, source=api("cognito-idp", "CreateUserPoolClient"))
def _client(call: Call) -> Iterator[Rejection]:
    flows = {flow for _, flow in located(call.inputs, "explicitAuthFlows[*]") if isinstance(flow, str)}
    if flows & _LEGACY_FLOWS and flows - _LEGACY_FLOWS:
        yield Rejection(
            "explicitAuthFlows",
            "values with and without the prefix ALLOW_ must not be mixed.",
            "InvalidParameterException",
        )
    for path, unit, low, high in (
        ("refreshTokenValidity", "refreshToken", 3_600, 315_360_000),
        ("accessTokenValidity", "accessToken", 300, 86_400),
        ("idTokenValidity", "idToken", 300, 86_400),
    ):
        value = known(call, path)
        default = "days" if unit == "refreshToken" else "hours"
        seconds = _UNITS.get(str(known(call, f"tokenValidityUnits.{unit}", default)))
        if isinstance(value, (int, float)) and value and seconds and not low <= value * seconds <= high:
            yield Rejection(
                path, f"it is out of range (got {value:g}, in seconds {value * seconds:g}). Allowed are {low} to {high}"
                " seconds.", "InvalidParameterException",
            )  # fmt: skip


@rule("archive-days", Stage.PLAN, source=api("s3", "Tiering: Days"))
def _archive_days(call: Call) -> Iterator[Rejection]:
    for at, tiering in located(call.inputs, "tierings[*]"):
        if not isinstance(tiering, dict):
            continue
        minimum = {"ARCHIVE_ACCESS": 90, "DEEP_ARCHIVE_ACCESS": 180}.get(str(tiering.get("accessTier")), 0)
        days = tiering.get("days")
        if isinstance(days, (int, float)) and not minimum <= days <= 730:
            yield Rejection(
                f"{at}.days", f"it is out of range (got {days:g}). Allowed are {minimum} to 730.", "InvalidArgument"
            )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:apigateway/usagePlan:UsagePlan", source=sdk("apigateway/usageplan"), rules=(_quota_offset,)),
    Behaviour(type="aws:apigatewayv2/api:Api", source=sdk("apigatewayv2/api"), rules=(_cors,)),
    Behaviour(type="aws:apigatewayv2/route:Route", source=sdk("apigatewayv2/route"), rules=(_route_key,)),
    Behaviour(
        type="aws:autoscaling/group:Group",
        source=sdk("autoscaling/group"),
        references=(to_subnet("vpcZoneIdentifiers[*]", "ValidationError"),),
        rules=(_capacity,),
    ),
    Behaviour(type="aws:cognito/userPoolClient:UserPoolClient", source=sdk("cognito/userpoolclient"), rules=(_client,)),
    Behaviour(
        type="aws:ec2/launchTemplate:LaunchTemplate",
        source=sdk("ec2/launchtemplate"),
        references=(to_security_group("vpcSecurityGroupIds[*]"),),
        rules=(_user_data,),
    ),
    Behaviour(
        type="aws:ec2/networkInterface:NetworkInterface",
        source=sdk("ec2/networkinterface"),
        references=(to_subnet(), to_security_group("securityGroups[*]")),
    ),
    Behaviour(
        type="aws:elasticache/serverlessCache:ServerlessCache",
        source=sdk("elasticache/serverlesscache"),
        rules=(_usage_limits, key_exists("kmsKeyId", "InvalidParameterValue")),
    ),
    Behaviour(
        type="aws:lambda/eventSourceMapping:EventSourceMapping",
        source=sdk("lambda/eventsourcemapping"),
        rules=(_event_source,),
    ),
    Behaviour(
        type="aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
        source=sdk("s3/bucketintelligenttieringconfiguration"),
        rules=(_archive_days,),
    ),
    Behaviour(type="aws:ssm/parameter:Parameter", source=sdk("ssm/parameter"), rules=(_parameter,)),
    Behaviour(
        type=SECONDARY_BLOCK,
        source=sdk("ec2/vpcipv4cidrblockassociation"),
        references=(to_vpc(),),
    ),
)
