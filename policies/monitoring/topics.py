"""SNS topics that alarms tell, and who listens to them.

An action holds the topic's ARN, which flows from the topic itself or from its policy (so that nobody publishes before
the policy stands).
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
# They subscribe by themselves.
CHATBOTS = (
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
)


def topic_at(stack: Stack, source: str) -> Resource | None:
    """The topic of this stack that a URN (its own or its policy's) or an ARN means."""
    return _topics(stack).get(source)


def policies_of(stack: Stack, topic: Resource) -> Iterator[Resource]:
    """The topic's policies that are resources of their own."""
    yield from stack.referring((TOPIC_POLICY,), "arn", topic, "arn")


def listeners(stack: Stack, topic: Resource) -> Iterator[Resource]:
    """Subscriptions to the topic, and chat clients that subscribe themselves."""
    for holder in (topic, *policies_of(stack, topic)):
        yield from stack.referring((SUBSCRIPTION,), "topic", holder, "arn")
        yield from stack.referring(CHATBOTS, "snsTopicArns", holder, "arn")


def alarms_telling(stack: Stack, topic: Resource) -> Iterator[Resource]:
    """The alarms whose actions hold the topic."""
    for holder in (topic, *policies_of(stack, topic)):
        yield from stack.referring(ALARMS, "alarmActions", holder, "arn")


@lru_cache(maxsize=1)  # every alarm asks it of the same stack
def _topics(stack: Stack) -> Mapping[str, Resource]:
    found: dict[str, Resource] = {}
    for topic in stack.of((TOPIC,)):
        found[topic.urn] = topic
        with suppress(KeyError, UnknownValue):  # at preview it is known by its flow
            found[str(topic.outputs["arn"])] = topic
    for policy in stack.of((TOPIC_POLICY,)):
        for source in policy.references.get("arn", ()):
            if source in found:
                found[policy.urn] = found[source]
    return found
