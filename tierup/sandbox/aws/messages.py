"""SQS, SNS, EventBridge and Pipes: policies, patterns, connections and the sources of pipes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, documented, rule
from .arns import account_of, service_of
from .network import APPLY
from .policy_documents import foreign_actions
from .same_scope import known
from .service_roles import untrusting
from .sources import quoted, sdk, unread
from .sqs import QUEUE, dead_letter_violations

_OUT_OF_SCOPE = documented(
    "AWS's error as public repositories quote it: 'Policy statement action out of service scope!' of SNS. That of SQS:"
    " from memory",
    read="2026-11-28",
)


@rule("policy-actions-of-service", Stage.PLAN, source=_OUT_OF_SCOPE)
def _topic_actions(call: Call) -> Iterator[Rejection]:
    for action in foreign_actions(known(call, "policy"), "sns"):
        yield Rejection(
            "policy", f"Invalid parameter: Policy statement action out of service scope! (got '{action}')",
            "InvalidParameterException",
        )  # fmt: skip


@rule("policy-actions-of-service", Stage.PLAN, source=_OUT_OF_SCOPE)
def _queue_actions(call: Call) -> Iterator[Rejection]:
    for action in foreign_actions(known(call, "policy"), "sqs"):
        yield Rejection(
            "policy", f"Value for parameter Policy is invalid. Reason: the action '{action}' is not one of SQS.",
            "InvalidAttributeValue",
        )  # fmt: skip


@rule("redrive-target-exists", *APPLY, source=unread("sqs", "SetQueueAttributes: RedrivePolicy"))
def _redrive(call: Call) -> Iterator[Rejection]:
    queue = call.cloud.get(QUEUE, str(call.get("queueUrl")))
    if queue is not None:
        yield from dead_letter_violations(call, fifo=queue.value("fifoQueue") is True)


@rule(
    "queue-and-topic-are-both-fifo",
    *APPLY,
    source=quoted("FIFO SQS Queues can not be subscribed to standard SNS topics"),
)
def _fifo_pair(call: Call) -> Iterator[Rejection]:
    topic, endpoint = str(call.get("topic")), str(call.get("endpoint"))
    if call.get("protocol") == "sqs" and endpoint.endswith(".fifo") and not topic.endswith(".fifo"):
        yield Rejection(
            "endpoint", "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS"
            " topics", "InvalidParameterException",
        )  # fmt: skip


@rule(
    "event-pattern-values-are-lists",
    Stage.PLAN,
    source=unread("events", "PutRule: InvalidEventPatternException"),
)
def _pattern(call: Call) -> Iterator[Rejection]:
    text = known(call, "eventPattern")
    try:
        pattern = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return
    for key in _scalars(pattern if isinstance(pattern, dict) else {}):
        yield Rejection(
            "eventPattern",
            f'Event pattern is not valid. Reason: "{key}" must be an object or an array',
            "InvalidEventPatternException",
        )


def _scalars(pattern: Mapping[str, Any]) -> Iterator[str]:
    for key, value in pattern.items():
        if isinstance(value, dict):
            yield from _scalars(value)
        elif not isinstance(value, list):
            yield key
        elif key == "$or":
            for each in value:
                yield from _scalars(each if isinstance(each, dict) else {})


_PARAMETERS = {"BASIC": "basic", "API_KEY": "apiKey", "OAUTH_CLIENT_CREDENTIALS": "oauth"}


@rule("connection-has-its-parameters", Stage.PLAN, source=unread("events", "CreateConnection: AuthParameters"))
def _connection(call: Call) -> Iterator[Rejection]:
    kind = str(known(call, "authorizationType"))
    wanted = _PARAMETERS.get(kind)
    if wanted and call.get("authParameters") is not None and call.get(f"authParameters.{wanted}") is None:
        yield Rejection(
            f"authParameters.{wanted}", f"It must be set for the authorization type {kind} (got none).",
            "ValidationException",
        )  # fmt: skip


_SOURCES = ("sqs", "kinesis", "dynamodb", "mq", "kafka", "kafka-cluster")
_PIPES = assumed(
    "from memory; to check: "
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html: DynamoDB and Kinesis streams,"
    " Amazon MQ, Amazon MSK, self-managed Apache Kafka and SQS"
)
_BY_SERVICE = {"sqs": "aws:sqs/queue:Queue", "sns": "aws:sns/topic:Topic", "kinesis": "aws:kinesis/stream:Stream"}


@rule("pipe-source-is-supported", Stage.PLAN, source=_PIPES)
def _pipe_source(call: Call) -> Iterator[Rejection]:
    source = known(call, "source")
    if not isinstance(source, str) or not source.startswith("arn:"):
        return
    service = service_of(source)
    if service not in _SOURCES or (service == "dynamodb" and "/stream/" not in source):
        yield Rejection(
            "source", f"The source is not supported (got '{source}'). Allowed are DynamoDB and Kinesis streams, Amazon"
            " MQ, Amazon MSK and SQS queues.", "ValidationException",
        )  # fmt: skip
    if service in ("kinesis", "dynamodb"):
        at = "kinesisStreamParameters" if service == "kinesis" else "dynamodbStreamParameters"
        if call.get("sourceParameters") is None or call.get(f"sourceParameters.{at}.startingPosition") is None:
            yield Rejection(
                f"sourceParameters.{at}.startingPosition", "It must be set for this source (got none).",
                "ValidationException",
            )  # fmt: skip


@rule("pipe-ends-exist", Stage.CREATE, source=unread("pipes", "CreatePipe"))
def _pipe_ends(call: Call) -> Iterator[Rejection]:
    for path in ("source", "target"):
        arn = str(call.get(path))
        kind = _BY_SERVICE.get(service_of(arn))
        if kind and account_of(arn) == call.account and next(call.cloud.find(kind, arn=arn), None) is None:
            name = kind.rpartition(":")[2]
            yield Rejection(path, f"the {name} '{arn}' does not exist", "ValidationException")
    yield from untrusting(call, "roleArn", "pipes", "ValidationException")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:sns/topicPolicy:TopicPolicy", source=sdk("sns/topicpolicy"), rules=(_topic_actions,)),
    Behaviour(
        type="aws:sns/topicSubscription:TopicSubscription", source=sdk("sns/topicsubscription"), rules=(_fifo_pair,)
    ),
    Behaviour(type="aws:sqs/queuePolicy:QueuePolicy", source=sdk("sqs/queuepolicy"), rules=(_queue_actions,)),
    Behaviour(type="aws:sqs/redrivePolicy:RedrivePolicy", source=sdk("sqs/redrivepolicy"), rules=(_redrive,)),
    Behaviour(type="aws:cloudwatch/eventRule:EventRule", source=sdk("cloudwatch/eventrule"), rules=(_pattern,)),
    Behaviour(
        type="aws:cloudwatch/eventArchive:EventArchive", source=sdk("cloudwatch/eventarchive"), rules=(_pattern,)
    ),
    Behaviour(
        type="aws:cloudwatch/eventConnection:EventConnection",
        source=sdk("cloudwatch/eventconnection"),
        rules=(_connection,),
    ),
    Behaviour(type="aws:pipes/pipe:Pipe", source=sdk("pipes/pipe"), rules=(_pipe_source, _pipe_ends)),
)
