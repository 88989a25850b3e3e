"""SQS: attributes of queues that depend on each other, and who may use a dead-letter queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..behaviour import Behaviour, Call, Rejection, Stage, documented, rule
from .network import APPLY
from .same_scope import known
from .sources import sdk
from .sqs import QUEUE

_MODEL = documented(
    "AWS API model of sqs (botocore 1.44), CreateQueue: FifoThroughputLimit, RedriveAllowPolicy", read="2026-11-29"
)
_CODE = "InvalidAttributeValue"


def _object(text: object) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@rule("queue-attributes", Stage.PLAN, source=_MODEL)
def _attributes(call: Call) -> Iterator[Rejection]:
    scope = known(call, "deduplicationScope")
    if known(call, "fifoThroughputLimit") == "perMessageGroupId" and (
        scope == "queue" or call.get("deduplicationScope") is None
    ):
        yield Rejection(
            "fifoThroughputLimit",
            "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
            _CODE,
        )
    yield from _allow_policy(known(call, "redriveAllowPolicy"))


def _allow_policy(text: object) -> Iterator[Rejection]:
    policy = _object(text)
    permission, queues = policy.get("redrivePermission"), policy.get("sourceQueueArns")
    if permission not in (None, "allowAll", "byQueue", "denyAll"):
        yield Rejection("redriveAllowPolicy", f"invalid redrivePermission (got '{permission}').", _CODE)
    if queues and permission != "byQueue":
        yield Rejection("redriveAllowPolicy", "sourceQueueArns requires the redrivePermission byQueue.", _CODE)
    if isinstance(queues, list) and len(queues) > 10:
        yield Rejection("redriveAllowPolicy", f"at most 10 sourceQueueArns (got {len(queues)}).", _CODE)


@rule("dead-letter-queue-allows-redrive", *APPLY, source=_MODEL)
def _allowed(call: Call) -> Iterator[Rejection]:
    target = _object(call.get("redrivePolicy")).get("deadLetterTargetArn")
    found = next(call.nearby(QUEUE, arn=target), None) if target else None
    if found is not None and _object(found.inputs.get("redriveAllowPolicy")).get("redrivePermission") == "denyAll":
        yield Rejection(
            "redrivePolicy", f"The queue '{target}' is no dead-letter queue for others (redrivePermission denyAll).",
            _CODE,
        )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=QUEUE, source=sdk("sqs/queue"), rules=(_attributes, _allowed)),
    Behaviour(
        type="aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", source=sdk("sqs/redriveallowpolicy"), rules=(_attributes,)
    ),
)
