"""SNS, EventBridge and Scheduler: the queues, topics and functions that receive messages, and what they take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import available_timezones

from ..behaviour import Behaviour, BehaviourRule, Call, Rejection, Stage, assumed, located, rule
from .arns import account_of, region_of, service_of
from .eventbridge import EVENT_TARGET
from .kms import key_exists
from .network import APPLY
from .same_scope import known
from .sources import api, sdk

_SCHEDULE = "aws:scheduler/schedule:Schedule"
_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
_KINDS = {
    "sqs": "aws:sqs/queue:Queue",
    "sns": "aws:sns/topic:Topic",
    "lambda": "aws:lambda/function:Function",
}


def destinations_exist(*paths: str, code: str) -> BehaviourRule:
    """Return the rule that the queues, topics and functions of the account that inputs name exist."""

    @rule(
        "destination-exists",
        *APPLY,
        source=assumed(
            "Lambda rejects such a destination, and other services accept some of them: no message ever arrives"
        ),
    )
    def check(call: Call) -> Iterator[Rejection]:
        for path in paths:
            for at, arn in located(call.inputs, path):
                if not isinstance(arn, str) or not arn.startswith("arn:") or account_of(arn) != call.account:
                    continue
                kind = _KINDS.get(service_of(arn))
                plain = ":".join(arn.split(":")[:7]) if kind == _KINDS["lambda"] else arn
                if kind and next(call.cloud.find(kind, arn=plain), None) is None:
                    yield Rejection(at, f"the {kind.rpartition(':')[2]} '{arn}' does not exist", code)

    return check


def _fifo_group(path: str, group: str, code: str) -> BehaviourRule:
    @rule("fifo-queue-target-has-a-group", Stage.PLAN, source=api("events", "SqsParameters: MessageGroupId"))
    def check(call: Call) -> Iterator[Rejection]:
        arn = known(call, path)
        if isinstance(arn, str) and service_of(arn) == "sqs" and arn.endswith(".fifo") and call.get(group) is None:
            yield Rejection(group, "Parameter(s) SqsParameters must be specified for a FIFO queue.", code)

    return check


_WITH_ROLE = ("states", "kinesis", "firehose", "batch", "codebuild", "codepipeline", "execute-api")


@rule("event-target-has-a-role", Stage.PLAN, source=api("events", "Target: RoleArn; PutTargets"))
def _role(call: Call) -> Iterator[Rejection]:
    arn = known(call, "arn")
    if not isinstance(arn, str) or not arn.startswith("arn:") or call.get("roleArn") is not None:
        return
    service = service_of(arn)
    if service in _WITH_ROLE or (service == "events" and region_of(arn) not in ("", call.region)):
        yield Rejection("roleArn", f"RoleArn is required for target {arn}.", "ValidationException")


@rule("input-paths-are-json-paths", Stage.PLAN, source=api("events", "InputTransformer: InputPathsMap"))
def _paths(call: Call) -> Iterator[Rejection]:
    given = known(call, "inputTransformer.inputPaths")
    for name, path in given.items() if isinstance(given, dict) else ():
        if isinstance(path, str) and not path.startswith("$"):
            yield Rejection(
                f"inputTransformer.inputPaths.{name}", f"Invalid JSON path (got '{path}'). It begins with '$'.",
                "ValidationException",
            )  # fmt: skip


@rule("schedule-dates-and-zone", *APPLY, source=api("scheduler", "CreateSchedule: StartDate, EndDate, Timezone"))
def _dates(call: Call) -> Iterator[Rejection]:
    zone, zones = call.get("scheduleExpressionTimezone"), available_timezones()
    if zone and zones and zone not in zones:
        yield Rejection(
            "scheduleExpressionTimezone", f"Invalid ScheduleExpressionTimezone {zone}.", "ValidationException"
        )
    start, end = _date(call.get("startDate")), _date(call.get("endDate"))
    if start and end and end <= start:
        yield Rejection("endDate", "EndDate must come after StartDate.", "ValidationException")


def _date(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


_UNIVERSAL = "arn:aws:scheduler:::aws-sdk:"


@rule("universal-target-names-an-action", Stage.PLAN, source=assumed("arn:aws:scheduler:::aws-sdk:service:apiAction"))
def _universal(call: Call) -> Iterator[Rejection]:
    arn = known(call, "target.arn")
    if isinstance(arn, str) and arn.startswith(_UNIVERSAL):
        service, _, action = arn.removeprefix(_UNIVERSAL).partition(":")
        if not action or not action[:1].islower() or not service.islower():
            yield Rejection(
                "target.arn", f"Provided Arn is not in correct format (got '{arn}'). Write the service in lower"
                " case and the action in lower camel case.", "ValidationException",
            )  # fmt: skip


@rule("raw-delivery-of-protocol", Stage.PLAN, source=api("sns", "Subscribe: RawMessageDelivery"))
def _raw(call: Call) -> Iterator[Rejection]:
    protocol = known(call, "protocol")
    if known(call, "rawMessageDelivery") is True and protocol not in (None, "sqs", "http", "https", "firehose"):
        yield Rejection(
            "rawMessageDelivery",
            f"Invalid parameter: Delivery protocol [{protocol}] does not support raw message delivery.",
            "InvalidParameter",
        )


@rule("dead-letter-queue-of-subscription-exists", *APPLY, source=api("sns", "Subscribe: RedrivePolicy"))
def _redrive(call: Call) -> Iterator[Rejection]:
    try:
        arn = json.loads(str(call.get("redrivePolicy") or "{}")).get("deadLetterTargetArn")
    except (AttributeError, ValueError):
        return
    if arn and account_of(arn) == call.account and next(call.cloud.find(_KINDS["sqs"], arn=arn), None) is None:
        yield Rejection("redrivePolicy", f"the Queue '{arn}' does not exist", "InvalidParameter")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=EVENT_TARGET,
        source=sdk("cloudwatch/eventtarget"),
        rules=(
            destinations_exist("arn", "deadLetterConfig.arn", code="ResourceNotFoundException"),
            _fifo_group("arn", "sqsTarget.messageGroupId", "ValidationException"),
            _role,
            _paths,
        ),
    ),
    Behaviour(
        type=_SCHEDULE,
        source=sdk("scheduler/schedule"),
        rules=(
            destinations_exist("target.arn", "target.deadLetterConfig.arn", code="ValidationException"),
            _fifo_group("target.arn", "target.sqsParameters.messageGroupId", "ValidationException"),
            key_exists("kmsKeyArn", "ValidationException"),
            _dates,
            _universal,
        ),
    ),
    Behaviour(
        type=_SUBSCRIPTION,
        source=sdk("sns/topicsubscription"),
        rules=(destinations_exist("endpoint", code="InvalidParameter"), _raw, _redrive),
    ),
)
