"""MON-001: an alarm is heard: it tells a topic that somebody listens to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
    items,
)
from ..values import UnknownValue
from .alarms import ALARMS, is_part
from .topics import TOPIC, TOPIC_POLICY, listeners, topic_at

# What undoes a deployment or moves DNS reads an alarm's state, and needs no action of it.
READERS = (
    ("aws:ecs/service:Service", "alarms"),
    ("aws:codedeploy/deploymentGroup:DeploymentGroup", "alarmConfiguration"),
    ("aws:appconfig/environment:Environment", "monitors"),
    ("aws:route53/healthCheck:HealthCheck", "cloudwatchAlarmName"),
    ("aws:lambda/alias:Alias", "routingConfig"),
)
# Actions that do something themselves: scale, recover, run a function, open an incident.
ACTING_TYPES = ("aws:appautoscaling/", "aws:autoscaling/", "aws:lambda/", "aws:ssmincidents/")
ACTING_ARNS = (":autoscaling:", ":automate:", ":swf:", ":lambda:", ":ssm:", ":ssm-incidents:", ":aiops:")


def check(alarm: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if is_part(stack, alarm):
        raise NotApplicable("it lends its state to a composite alarm")
    if not declared(alarm.properties, "alarmActions") or not len(alarm.properties["alarmActions"]):
        if any(True for type_, key in READERS for _ in stack.referring((type_,), key, alarm, "name")):
            raise NotApplicable("a deployment or another check reads its state")
        yield Finding("alarmActions", "not set", "the ARN of an SNS topic that somebody has subscribed to")
        return
    topics, acts, elsewhere = _told(alarm, stack)
    if acts or any(True for topic in topics for _ in listeners(stack, topic)):
        return
    if elsewhere or not topics:
        raise Indeterminate("its topic is not of this stack, so nobody can see who listens to it")
    for topic in topics:
        yield Finding(f"alarmActions, topic {topic.name}", "no subscription", "a subscription of whoever is on call")


def _told(alarm: Resource, stack: Stack) -> tuple[list[Resource], bool, bool]:
    """The topics of this stack that it tells, whether an action does something itself, and whether one is foreign."""
    found: dict[str, Resource] = {}
    acts = elsewhere = False
    for source in alarm.references.get("alarmActions", ()):
        type_ = source.split("::")[2].rsplit("$", 1)[-1]
        if topic := topic_at(stack, source):
            found[topic.urn] = topic
        elif type_.startswith(ACTING_TYPES):
            acts = True
        elif type_ not in (TOPIC, TOPIC_POLICY):
            elsewhere = True
    try:
        for _, action in items(alarm.properties, "alarmActions"):
            if topic := topic_at(stack, str(action)):
                found[topic.urn] = topic
            elif any(service in str(action) for service in ACTING_ARNS):
                acts = True
            else:
                elsewhere = True
    except UnknownValue:
        if not (found or acts or elsewhere):
            raise
    return list(found.values()), acts, elsewhere


RULE = StackRule(
    id="MON-001",
    name="alarm-has-subscriber",
    title="An alarm tells a topic that somebody listens to.",
    item=ChecklistItem.UPTIME,
    severity=Severity.HIGH,
    applies_to=ALARMS,
    check=check,
    remediation="Give the alarm an SNS topic in alarm_actions, and the topic a subscription of whoever is on call.",
    example="""topic = aws.sns.Topic("alarms")
aws.sns.TopicSubscription("on-call", topic=topic.arn, protocol="email", endpoint="on-call@example.com")
aws.cloudwatch.MetricAlarm(
    "errors",
    alarm_actions=[topic.arn],
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    read=date(2026, 11, 24),
    pitfall=Pitfall.NO_MONITORING,
    unproven="That an e-mail subscription was confirmed, and that whoever gets the message reads it.",
)
