"""Lambda: versions, event sources and options of functions against what exists in the account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, assumed, documented, rule
from ..cloud import CloudResource
from .access.needs import Need, denied_needs, is_known_role
from .arns import service_of
from .lambda_ import FUNCTION, INVALID, function_name, function_of
from .network import APPLY
from .same_scope import known, others_in_region
from .sources import sdk, unread
from .sqs import QUEUE

_NOT_FOUND = "ResourceNotFoundException"
_CONCURRENCY, _UNRESERVED = 1_000, 100
_SNAP_START = re.compile(r"java(11|17|21|25)(\.al2023)?|python3\.(1[2-9])|dotnet([89]|10)")


@rule("image-has-no-handler", Stage.PLAN, source=unread("lambda", "CreateFunction: PackageType"))
def _image(call: Call) -> Iterator[Rejection]:
    if known(call, "packageType") != "Image":
        return
    for path in ("handler", "runtime", "layers"):
        if call.get(path) not in (None, [], "", UNKNOWN):
            yield Rejection(
                path, f"Please don't provide {path} when the intended function PackageType is Image.", INVALID
            )


@rule(
    "snap-start-runtime",
    Stage.PLAN,
    source=assumed("Java 11, Python 3.12 and .NET 8 or later, from memory; page to check:"
                   " https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html"),
)  # fmt: skip
def _snap_start(call: Call) -> Iterator[Rejection]:
    if known(call, "snapStart.applyOn") != "PublishedVersions":
        return
    runtime = known(call, "runtime")
    if known(call, "packageType") == "Image" or (isinstance(runtime, str) and not _SNAP_START.fullmatch(runtime)):
        yield Rejection("snapStart", f"{runtime or 'A container image'} is not supported for SnapStart.", INVALID)


@rule("file-system-requires-vpc", Stage.PLAN, source=unread("lambda", "CreateFunction: FileSystemConfigs"))
def _file_system(call: Call) -> Iterator[Rejection]:
    if call.get("fileSystemConfig") is not None and call.get("vpcConfig") is None:
        yield Rejection("vpcConfig", "The function must be connected to a VPC to use a file system.", INVALID)


@rule(
    "unreserved-concurrency",
    *APPLY,
    source=documented("AWS API model of lambda (botocore 1.43), PutFunctionConcurrency", read="2026-11-28"),
)
def _concurrency(call: Call) -> Iterator[Rejection]:
    own = call.get("reservedConcurrentExecutions")
    if not isinstance(own, (int, float)) or own < 0:
        return
    reserved = own + sum(
        float(value)
        for other in others_in_region(call, FUNCTION)
        if isinstance(value := other.inputs.get("reservedConcurrentExecutions"), (int, float)) and value > 0
    )
    if reserved > _CONCURRENCY - _UNRESERVED:
        yield Rejection(
            "reservedConcurrentExecutions",
            f"Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution"
            f" below its minimum value of [{_UNRESERVED}] (reserved {reserved:g} of {_CONCURRENCY}).",
            INVALID,
        )


def _has_version(call: Call, function: CloudResource, version: str) -> bool:
    if version == "$LATEST":
        return True
    if version.isdigit():
        return function.inputs.get("publish") is True
    aliases = call.cloud.find("aws:lambda/alias:Alias", name=version)
    name = function.outputs.get("name")
    return any(function_name(alias.inputs.get("functionName")) == name for alias in aliases)


@rule("version-exists", *APPLY, source=unread("lambda", "ResourceNotFoundException"))
def _version(call: Call) -> Iterator[Rejection]:
    function = function_of(call)
    for path in ("functionVersion", "qualifier"):
        version = call.get(path)
        if (
            function is not None
            and function.urn
            and isinstance(version, str)
            and not _has_version(call, function, version)
        ):
            yield Rejection(
                path,
                f"Function not found: {function.outputs.get('arn')}:{version}. A function has versions if publish is"
                " set.",
                _NOT_FOUND,
            )


_READS = {
    "sqs": ("SQS", ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")),
    "kinesis": ("Kinesis", ("GetRecords", "GetShardIterator", "DescribeStream")),
    "dynamodb": ("DynamoDB", ("GetRecords", "GetShardIterator", "DescribeStream")),
}


@rule("role-reads-event-source", *APPLY, source=unread("lambda", "CreateEventSourceMapping"))
def _reads(call: Call) -> Iterator[Rejection]:
    function, source = function_of(call), str(call.get("eventSourceArn"))
    prefix = service_of(source)
    role = function.inputs.get("role") if function else None
    if prefix not in _READS or not is_known_role(call.cloud, role):
        return
    service, actions = _READS[prefix]
    for action in actions:
        need = Need(caller=str(role), action=f"{prefix}:{action}", resource=source)
        message = f"The provided execution role does not have permissions to call {action} on {service}"
        denied = next(denied_needs(call, "functionName", [need], message, INVALID), None)
        if denied is not None:
            yield denied
            return


@rule("visibility-exceeds-timeout", *APPLY, source=unread("lambda", "CreateEventSourceMapping"))
def _visibility(call: Call) -> Iterator[Rejection]:
    function = function_of(call)
    queue = next(call.cloud.find(QUEUE, arn=call.get("eventSourceArn")), None)
    if function is None or queue is None:
        return
    visible, timeout = queue.value("visibilityTimeoutSeconds"), function.value("timeout")
    visible, timeout = 30 if visible is None else visible, 3 if timeout is None else timeout
    if float(visible) < float(timeout):
        yield Rejection(
            "eventSourceArn",
            f"Queue visibility timeout: {visible:g} seconds is less than Function timeout: {timeout:g} seconds",
            INVALID,
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=FUNCTION, source=sdk("lambda/function"), rules=(_image, _snap_start, _file_system, _concurrency)),
    Behaviour(type="aws:lambda/alias:Alias", source=sdk("lambda/alias"), rules=(_version,)),
    Behaviour(
        type="aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        source=sdk("lambda/provisionedconcurrencyconfig"),
        rules=(_version,),
    ),
    Behaviour(type="aws:lambda/functionUrl:FunctionUrl", source=sdk("lambda/functionurl"), rules=(_version,)),
    Behaviour(
        type="aws:lambda/eventSourceMapping:EventSourceMapping",
        source=sdk("lambda/eventsourcemapping"),
        rules=(_reads, _visibility),
    ),
)
