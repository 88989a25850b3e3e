"""SNS topics that alarms notify, and their subscriptions.

An action contains the topic's ARN, which flows from the topic or from its policy (so that the policy is created before
an alarm publishes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache

from ..rule import Resource, Stack
from ..values import UnknownValue
from .alarms import ALARMS

TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
# They subscribe automatically.
CHATBOTS = (
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
)


def topic_at(stack: Stack, source: str) -> Resource | None:
    """Return the stack's topic with this URN (its own or its policy's) or ARN."""
    return _topics(stack).get(source)


def policies_of(stack: Stack, topic: Resource) -> Iterator[Resource]:
    """Yield the topic's policies that are separate resources."""
    yield from stack.referring((TOPIC_POLICY,), "arn", topic, "arn")


def subscriptions(stack: Stack, topic: Resource) -> Iterator[Resource]:
    """Yield the subscriptions to the topic, and chat clients that subscribe automatically."""
    for holder in (topic, *policies_of(stack, topic)):
        yield from stack.referring((SUBSCRIPTION,), "topic", holder, "arn")
        yield from stack.referring(CHATBOTS, "snsTopicArns", holder, "arn")


def notifying_alarms(stack: Stack, topic: Resource) -> Iterator[Resource]:
    """Yield the alarms whose actions contain the topic."""
    for holder in (topic, *policies_of(stack, topic)):
        yield from stack.referring(ALARMS, "alarmActions", holder, "arn")


@lru_cache(maxsize=1)  # every alarm evaluates the same stack
def _topics(stack: Stack) -> Mapping[str, Resource]:
    found: dict[str, Resource] = {}
    for topic in stack.of((TOPIC,)):
        found[topic.urn] = topic
        with suppress(KeyError, UnknownValue):  # at preview a reference identifies it
            found[str(topic.outputs["arn"])] = topic
    for policy in stack.of((TOPIC_POLICY,)):
        for source in policy.references.get("arn", ()):
            if source in found:
                found[policy.urn] = found[source]
    return found
