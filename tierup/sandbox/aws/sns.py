"""SNS: topics, subscriptions and topic policies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Name, Quota, Reference, Rejection, Stage, assumed, rule
from .arns import region_of, service_of
from .kms import key_exists
from .policy_documents import policy_document
from .same_scope import known, others_in_region
from .sources import FORCE_NEW, api, created_only, sdk
from .sqs import fifo_suffix

TOPIC = "aws:sns/topic:Topic"

_POLICY_ACTIONS = (
    "GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe",
    "ListSubscriptionsByTopic", "Publish",
)  # fmt: skip

_ENDPOINTS = {
    "email": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "an address such as 'ops@example.com'"),
    "email-json": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "an address such as 'ops@example.com'"),
    "http": (r"http://.+", "a URL that starts with 'http://'"),
    "https": (r"https://.+", "a URL that starts with 'https://'"),
    "sms": (r"\+[1-9]\d{1,14}", "a phone number such as '+491701234567'"),
    "sqs": (r"arn:aws[^:]*:sqs:.+", "the ARN of a queue"),
    "lambda": (r"arn:aws[^:]*:lambda:.+", "the ARN of a function"),
    "firehose": (r"arn:aws[^:]*:firehose:.+", "the ARN of a delivery stream"),
    "application": (r"arn:aws[^:]*:sns:.+", "the ARN of an application endpoint"),
}


def _default_policy(call: Call) -> str:
    return json.dumps(
        {
            "Version": "2008-10-17",
            "Id": "__default_policy_ID",
            "Statement": [
                {
                    "Sid": "__default_statement_ID",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": [f"SNS:{action}" for action in _POLICY_ACTIONS],
                    "Resource": call.id,
                    "Condition": {"StringEquals": {"AWS:SourceOwner": call.account}},
                }
            ],
        }
    )


@rule("fifo-topic-name", Stage.PLAN, source=sdk("sns/topic"))
def _fifo(call: Call) -> Iterator[Rejection]:
    name, fifo = known(call, "name"), call.get("fifoTopic") is True
    if isinstance(name, str) and name.endswith(".fifo") != fifo:
        yield Rejection(
            "name",
            f"name '{name}' and fifoTopic {str(fifo).lower()} conflict: the names of FIFO topics, and of no others, end"
            " with '.fifo'",
            "InvalidParameterException",
        )


@rule("endpoint-matches-protocol", Stage.PLAN, source=api("sns", "Subscribe"))
def _endpoint(call: Call) -> Iterator[Rejection]:
    protocol, endpoint, topic = known(call, "protocol"), known(call, "endpoint"), known(call, "topic")
    if protocol not in _ENDPOINTS or not isinstance(endpoint, str):
        return
    pattern, words = _ENDPOINTS[protocol]
    if not re.fullmatch(pattern, endpoint):
        yield Rejection(
            "endpoint",
            f"invalid endpoint for protocol {protocol} (got '{endpoint}'). Allowed are {words}.",
            "InvalidParameterException",
        )
    if isinstance(topic, str) and topic.endswith(".fifo") and protocol != "sqs":
        yield Rejection(
            "protocol",
            f"a FIFO topic does not support protocol {protocol}. Allowed is sqs.",
            "InvalidParameterException",
        )


@rule("subscription-in-region-of-topic", Stage.PLAN, source=api("sns", "Subscribe"))
def _topic_region(call: Call) -> Iterator[Rejection]:
    topic = known(call, "topic")
    if isinstance(topic, str) and service_of(topic) != "sns":
        yield Rejection(
            "topic", f"invalid topic (got '{topic}'). It must be the ARN of a topic.", "InvalidParameterException"
        )
    elif isinstance(topic, str) and region_of(topic) != call.region:
        yield Rejection(
            "topic",
            f"the topic is in {region_of(topic)}, this resource is in {call.region}",
            "InvalidParameterException",
        )


@rule(
    "one-policy-a-topic",
    Stage.CREATE,
    source=assumed("SNS has one policy per topic and overwrites it; the sandbox rejects the second resource"),
)
def _one_policy(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, call.type, arn=call.get("arn")):
        yield Rejection("arn", f"the topic already has a policy: '{other.name}'", "InvalidParameterException")


def _by_human(call: Call) -> bool:
    """Return whether a person must confirm the subscription."""
    return str(call.inputs.get("protocol")).startswith(("email", "http")) and not call.get("endpointAutoConfirms")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=TOPIC,
        source=sdk("sns/topic"),
        id=lambda call: f"arn:aws:sns:{call.region}:{call.account}:{call.inputs['name']}",
        outputs={
            "arn": "{id}",
            "owner": "{account}",
            "beginningArchiveTime": "",
            "contentBasedDeduplication": False,
            "fifoThroughputScope": lambda call: "Topic" if call.get("fifoTopic") is True else "",
            "fifoTopic": False,
            "maximumMessageSize": 262_144,
            "namePrefix": "",
            "policy": _default_policy,
            "signatureVersion": 0,
            "tracingConfig": "",
        },
        replaces=frozenset({"name", "namePrefix", "fifoTopic"}),
        replace_source=created_only("AWS::SNS::Topic"),
        enums={
            "fifoThroughputScope": ("Topic", "MessageGroup"),
            "signatureVersion": (1, 2),
            "tracingConfig": ("PassThrough", "Active"),
        },
        ranges={"maximumMessageSize": (1_024, 1_048_576)},
        conflicts=(("name", "namePrefix"),),
        name=Name(
            longest=256,
            pattern=r"[A-Za-z0-9_-]+(\.fifo)?",
            allowed="letters, digits, '_' and '-' (and '.fifo' at the end for a FIFO topic)",
            taken="InvalidParameterException",
            source=sdk("sns/topic"),
            suffix=fifo_suffix("fifoTopic"),
        ),
        quotas=(
            Quota(
                limit=100_000,
                per="account",
                what="standard topics per account",
                code="TopicLimitExceededException",
                source=api("sns", "CreateTopic"),
            ),
        ),
        rules=(
            _fifo,
            policy_document("policy", "resource", code="InvalidParameterException"),
            key_exists("kmsMasterKeyId", "KMSNotFoundException"),
        ),
    ),
    Behaviour(
        type="aws:sns/topicSubscription:TopicSubscription",
        source=sdk("sns/topicsubscription"),
        id="{topic}:{uuid}",
        outputs={
            "arn": "{id}",
            "ownerId": "{account}",
            "confirmationTimeoutInMinutes": 1,
            "confirmationWasAuthenticated": lambda call: not _by_human(call),
            "endpointAutoConfirms": False,
            "filterPolicyScope": lambda call: "MessageAttributes" if call.get("filterPolicy") else "",
            "pendingConfirmation": _by_human,
            "rawMessageDelivery": False,
        },
        replaces=frozenset({"topic", "protocol", "endpoint"}),
        replace_source=created_only("AWS::SNS::Subscription"),
        enums={"protocol": tuple(_ENDPOINTS), "filterPolicyScope": ("MessageAttributes", "MessageBody")},
        # Deleting a topic deletes its subscriptions, so they do not block its deletion.
        references=(
            Reference(
                path="topic", to=TOPIC, by="arn", code="NotFoundException", holds=False, source=api("sns", "Subscribe")
            ),
        ),
        rules=(_endpoint, _topic_region),
    ),
    Behaviour(
        type="aws:sns/topicPolicy:TopicPolicy",
        source=sdk("sns/topicpolicy"),
        id="{arn}",
        outputs={"owner": "{account}"},
        replaces=frozenset({"arn"}),
        replace_source=FORCE_NEW,
        references=(
            Reference(
                path="arn",
                to=TOPIC,
                by="arn",
                code="NotFoundException",
                holds=False,
                source=api("sns", "SetTopicAttributes"),
            ),
        ),
        rules=(policy_document("policy", "resource", code="InvalidParameterException"), _one_policy),
    ),
)
