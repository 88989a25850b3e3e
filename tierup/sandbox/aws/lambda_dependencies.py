"""Lambda: what a function and its settings need of buckets, layers, networks, images and destinations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, documented, located, rule
from .access.needs import Need, denied_needs, is_known_role
from .arns import region_of, service_of
from .kms import key_exists
from .lambda_ import FUNCTION, INVALID, function_of
from .message_destinations import destinations_exist
from .network import APPLY, subnets_in_vpc, to_security_group, to_subnet, vpc_of_subnets
from .same_scope import known
from .sources import sdk, unread

_BUCKET = "aws:s3/bucket:Bucket"
_MESSAGES = documented(
    "messages of Lambda as public repositories quote them: Two different versions of the same layer are not allowed;"
    " Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution; The provided"
    " principal was invalid. The messages on buckets, images and execution roles: from memory",
    read="2026-11-29",
)


@rule("function-code-in-bucket-of-region", *APPLY, source=_MESSAGES)
def _bucket(call: Call) -> Iterator[Rejection]:
    name = call.get("s3Bucket")
    bucket = call.cloud.get(_BUCKET, str(name)) if name else None
    if bucket is not None and bucket.region not in ("", call.region):
        yield Rejection(
            "s3Bucket",
            f"Error occurred while GetObject. S3 Error Code: PermanentRedirect. The bucket is in {bucket.region}, the"
            f" function in {call.region}.",
            INVALID,
        )


@rule("layers-of-the-region", Stage.PLAN, source=_MESSAGES)
def _layers(call: Call) -> Iterator[Rejection]:
    seen: set[str] = set()
    for at, arn in located(call.inputs, "layers[*]"):
        if not isinstance(arn, str) or ":layer:" not in arn:
            continue
        layer, _, version = arn.rpartition(":")
        if not version.isdigit():
            yield Rejection(
                at, f"'{arn}' is not the ARN of a layer version. It ends with the version's number.", INVALID
            )
            continue
        if region_of(arn) != call.region:
            yield Rejection(at, f"The layer '{arn}' is not in the region of the function, {call.region}.", INVALID)
        if layer in seen:
            yield Rejection(
                at, "Two different versions of the same layer are not allowed to be referenced in the same function.",
                INVALID,
            )  # fmt: skip
        seen.add(layer)


_SENDS = {
    "sqs": ("SQS", "sqs:SendMessage"),
    "sns": ("SNS", "sns:Publish"),
    "lambda": ("Lambda", "lambda:InvokeFunction"),
    "events": ("EventBridge", "events:PutEvents"),
}


def _may_send(call: Call, role: object, path: str) -> Iterator[Rejection]:
    for at, arn in located(call.inputs, path):
        service, action = _SENDS.get(service_of(str(arn)), ("", ""))
        if action and is_known_role(call.cloud, role):
            need = Need(caller=str(role), action=action, resource=str(arn))
            message = (
                f"The provided execution role does not have permissions to call {action.partition(':')[2]} on {service}"
            )
            yield from denied_needs(call, at, [need], message, INVALID)


@rule("function-may-send-dead-letters", *APPLY, source=_MESSAGES)
def _dead_letters(call: Call) -> Iterator[Rejection]:
    yield from _may_send(call, call.get("role"), "deadLetterConfig.targetArn")


@rule("function-may-send-to-destinations", *APPLY, source=_MESSAGES)
def _destinations(call: Call) -> Iterator[Rejection]:
    function = function_of(call)
    role = function.inputs.get("role") if function is not None else None
    for outcome in ("onFailure", "onSuccess"):
        for path in ("destination", "destinationArn"):
            yield from _may_send(call, role, f"destinationConfig.{outcome}.{path}")


@rule("function-in-one-vpc", *APPLY, source=unread("lambda", "VpcConfig"))
def _one_vpc(call: Call) -> Iterator[Rejection]:
    subnets = list(located(call.inputs, "vpcConfig.subnetIds[*]"))
    yield from subnets_in_vpc(call, subnets, vpc_of_subnets(call, subnets), code=INVALID)


@rule(
    "snap-start-options",
    Stage.PLAN,
    source=assumed("to check: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html, supported features"),
)
def _snap_start(call: Call) -> Iterator[Rejection]:
    if known(call, "snapStart.applyOn") != "PublishedVersions":
        return
    size = known(call, "ephemeralStorage.size", 512)
    if isinstance(size, (int, float)) and size > 512:
        yield Rejection(
            "ephemeralStorage.size", f"SnapStart supports up to 512 MB of ephemeral storage (got {size:g}).", INVALID
        )
    if call.get("fileSystemConfig") is not None:
        yield Rejection("fileSystemConfig", "SnapStart does not support Amazon EFS.", INVALID)


@rule("image-of-a-registry-in-the-region", Stage.PLAN, source=_MESSAGES)
def _image(call: Call) -> Iterator[Rejection]:
    uri = known(call, "imageUri")
    if not isinstance(uri, str):
        return
    found = re.match(r"\d{12}\.dkr[.-]ecr\.([a-z0-9-]+)\.(amazonaws\.com(\.cn)?|on\.aws)/", uri)
    if found is None or found[1] != call.region:
        yield Rejection(
            "imageUri", f"Source image {uri} is not valid. Provide a valid source image: one of a private repository of"
            f" ECR in {call.region}.", INVALID,
        )  # fmt: skip


_PRINCIPAL = re.compile(r"\*|\d{12}|arn:.+|[a-z0-9.-]+\.[a-z.]+")


@rule("permission-principal", *APPLY, source=_MESSAGES)
def _principal(call: Call) -> Iterator[Rejection]:
    principal = str(call.get("principal"))
    kinds = {"role": "aws:iam/role:Role", "user": "aws:iam/user:User"}
    found = re.fullmatch(r"arn:[^:]*:iam::(\d{12}):(role|user)/.+", principal)
    missing = (
        found is not None
        and found[1] == call.account
        and not re.search(r":role/(aws-)?service-role/", principal)
        and next(call.cloud.find(kinds[found[2]], arn=principal), None) is None
    )
    if missing or not _PRINCIPAL.fullmatch(principal):
        yield Rejection(
            "principal", f"The provided principal was invalid. Please check the principal (got '{principal}').",
            INVALID, retried=missing,
        )  # fmt: skip
    if call.get("functionUrlAuthType") and call.get("action") != "lambda:InvokeFunctionUrl":
        yield Rejection(
            "functionUrlAuthType", "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action", INVALID
        )


@rule("alias-routes-between-versions", Stage.PLAN, source=unread("lambda", "AliasRoutingConfiguration"))
def _routing(call: Call) -> Iterator[Rejection]:
    if known(call, "functionVersion") == "$LATEST" and call.get("routingConfig.additionalVersionWeights"):
        yield Rejection(
            "routingConfig", "$LATEST is not supported for an alias that routes to further versions.", INVALID
        )


@rule("event-source-options", Stage.PLAN, source=unread("lambda", "ScalingConfig, FilterCriteria"))
def _source(call: Call) -> Iterator[Rejection]:
    arn = known(call, "eventSourceArn")
    if isinstance(arn, str) and service_of(arn) != "sqs" and call.get("scalingConfig.maximumConcurrency"):
        yield Rejection("scalingConfig", "ScalingConfig is supported only for SQS event sources.", INVALID)
    for at, text in located(call.inputs, "filterCriteria.filters[*].pattern"):
        try:
            pattern = json.loads(text) if isinstance(text, str) else {}
        except ValueError:
            pattern = None
        if not isinstance(pattern, dict) or any(_scalars(pattern)):
            yield Rejection(at, "Invalid filter pattern definition.", INVALID)


def _scalars(pattern: Mapping[str, Any]) -> Iterator[str]:
    for key, value in pattern.items():
        if isinstance(value, dict):
            yield from _scalars(value)
        elif not isinstance(value, list):
            yield key


@rule("provisioned-within-reserved-concurrency", *APPLY, source=_MESSAGES)
def _provisioned(call: Call) -> Iterator[Rejection]:
    function = function_of(call)
    reserved = function.inputs.get("reservedConcurrentExecutions") if function is not None else None
    wanted = call.get("provisionedConcurrentExecutions")
    if isinstance(reserved, (int, float)) and 0 <= reserved < float(wanted or 0):
        yield Rejection(
            "provisionedConcurrentExecutions",
            f"Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"
            f" (got {wanted:g}, reserved {reserved:g}).",
            INVALID,
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=FUNCTION,
        source=sdk("lambda/function"),
        references=(
            to_subnet("vpcConfig.subnetIds[*]", INVALID, holds=False),
            to_security_group("vpcConfig.securityGroupIds[*]", INVALID, holds=False),
        ),
        rules=(
            _bucket, _layers, _dead_letters, _one_vpc, _snap_start, _image, key_exists("kmsKeyArn", INVALID),
        ),
    ),
    Behaviour(type="aws:lambda/permission:Permission", source=sdk("lambda/permission"), rules=(_principal,)),
    Behaviour(type="aws:lambda/alias:Alias", source=sdk("lambda/alias"), rules=(_routing,)),
    Behaviour(
        type="aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        source=sdk("lambda/provisionedconcurrencyconfig"),
        rules=(_provisioned,),
    ),
    Behaviour(
        type="aws:lambda/eventSourceMapping:EventSourceMapping",
        source=sdk("lambda/eventsourcemapping"),
        rules=(
            _source,
            destinations_exist("destinationConfig.onFailure.destinationArn", code=INVALID),
            _destinations,
        ),
    ),
    Behaviour(
        type="aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        source=sdk("lambda/functioneventinvokeconfig"),
        rules=(
            destinations_exist(
                "destinationConfig.onFailure.destination", "destinationConfig.onSuccess.destination", code=INVALID
            ),
            _destinations,
        ),
    ),
)  # fmt: skip
