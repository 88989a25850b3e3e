"""SQS: queues and their dead-letter queues."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Plain, Rejection, Stage, rule
from .policy_documents import policy_document
from .same_scope import known
from .sources import FORCE_NEW, quoted, schema_of, sdk

QUEUE = "aws:sqs/queue:Queue"
_PROVIDER = schema_of("sqs/queue.go")
_MAX_RECEIVES = 1_000  # SetQueueAttributes: RedrivePolicy


def fifo_suffix(path: str) -> Callable[[Mapping[str, Plain]], str]:
    """Return the suffix of automatic names: .fifo if the input at `path` is true.

    Source: provider/resources.go of https://github.com/pulumi/pulumi-aws, PostTransform of aws_sqs_queue and
    aws_sns_topic (read 2026-11-28).
    """

    def suffix(inputs: Mapping[str, Plain]) -> str:
        return ".fifo" if inputs.get(path) is True else ""

    return suffix


@rule("queue-name", Stage.PLAN, source=_PROVIDER)
def _name(call: Call) -> Iterator[Rejection]:
    name, fifo = known(call, "name"), call.get("fifoQueue")
    if fifo is UNKNOWN:
        return
    if isinstance(name, str) and name.endswith(".fifo") != (fifo is True):
        yield Rejection(
            "name",
            f"the name and fifoQueue {'true' if fifo is True else 'false'} conflict (got '{name}')."
            " The names of FIFO queues, and of no others, end with '.fifo'.",
        )
    if fifo is not True and call.get("contentBasedDeduplication") is True:
        yield Rejection("contentBasedDeduplication", "content-based deduplication can only be set for FIFO queue")


@rule(
    "dead-letter-queue-exists",
    Stage.CREATE,
    Stage.UPDATE,
    source=quoted("for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist."),
)
def _dead_letters(call: Call) -> Iterator[Rejection]:
    yield from dead_letter_violations(call, fifo=call.get("fifoQueue") is True)


def dead_letter_violations(call: Call, *, fifo: bool) -> Iterator[Rejection]:
    """Yield what is wrong with the redrivePolicy of a queue, which is a FIFO queue or not."""
    try:
        policy = json.loads(str(call.get("redrivePolicy") or "{}"))
        arn, receives = policy.get("deadLetterTargetArn"), policy.get("maxReceiveCount")
    except (ValueError, AttributeError):
        yield Rejection("redrivePolicy", "the redrive policy must be a JSON object", "InvalidParameterValue")
        return
    if arn is None:
        return
    if not str(receives).isdigit() or not 1 <= int(receives) <= _MAX_RECEIVES:
        yield Rejection(
            "redrivePolicy",
            f"maxReceiveCount is invalid (got {receives}). Allowed are 1 to {_MAX_RECEIVES}.",
            "InvalidParameterValue",
        )
    target = next(call.nearby(QUEUE, arn=arn), None)
    if target is None:
        yield Rejection("redrivePolicy", f"Dead letter target does not exist (got '{arn}').", "InvalidParameterValue")
    elif bool(target.value("fifoQueue")) != fifo:
        yield Rejection(
            "redrivePolicy",
            "the dead-letter queue of a FIFO queue must be a FIFO queue, and that of a standard queue a standard one",
            "InvalidParameterValue",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=QUEUE,
        source=sdk("sqs/queue"),
        id=lambda call: f"https://sqs.{call.region}.amazonaws.com/{call.account}/{call.inputs['name']}",
        outputs={
            "arn": lambda call: f"arn:aws:sqs:{call.region}:{call.account}:{call.inputs['name']}",
            "url": "{id}",
            "contentBasedDeduplication": False,
            "deduplicationScope": "",
            "delaySeconds": 0,
            "fifoQueue": False,
            "fifoThroughputLimit": "",
            "kmsDataKeyReusePeriodSeconds": 300,
            "kmsMasterKeyId": "",
            "maxMessageSize": 262_144,
            "messageRetentionSeconds": 345_600,
            "namePrefix": "",
            "policy": "",
            "receiveWaitTimeSeconds": 0,
            "redriveAllowPolicy": "",
            "redrivePolicy": "",
            "sqsManagedSseEnabled": lambda call: call.get("kmsMasterKeyId") is None,
            "visibilityTimeoutSeconds": 30,
        },
        replaces=frozenset({"fifoQueue", "name", "namePrefix"}),
        replace_source=_PROVIDER,
        enums={
            "deduplicationScope": ("messageGroup", "queue"),
            "fifoThroughputLimit": ("perQueue", "perMessageGroupId"),
        },
        ranges={
            "delaySeconds": (0, 900),
            "kmsDataKeyReusePeriodSeconds": (60, 86_400),
            "maxMessageSize": (1_024, 1_048_576),
            "messageRetentionSeconds": (60, 1_209_600),
            "receiveWaitTimeSeconds": (0, 20),
            "visibilityTimeoutSeconds": (0, 43_200),
        },
        conflicts=(("name", "namePrefix"), ("kmsMasterKeyId", "sqsManagedSseEnabled")),
        name=Name(
            longest=80,
            pattern=r"[0-9A-Za-z_-]+(\.fifo)?",
            allowed="letters, digits, '_' and '-' (and '.fifo' at the end for a FIFO queue)",
            taken="QueueNameExists",
            source=_PROVIDER,
            suffix=fifo_suffix("fifoQueue"),
        ),
        rules=(_name, _dead_letters, policy_document("policy", "resource", code="InvalidAttributeValue")),
    ),
    Behaviour(
        type="aws:sqs/queuePolicy:QueuePolicy",
        source=sdk("sqs/queuepolicy"),
        id="{queueUrl}",
        replaces=frozenset({"queueUrl"}),
        replace_source=FORCE_NEW,
        rules=(policy_document("policy", "resource", code="InvalidAttributeValue"),),
    ),
)
