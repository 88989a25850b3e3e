"""MON-001: an alarm notifies an SNS topic that has a subscriber."""

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
from .topics import TOPIC, TOPIC_POLICY, subscriptions, topic_at

# Resources that read an alarm's state to roll back a deployment or change DNS, so that it needs no action.
READERS = (
    ("aws:ecs/service:Service", "alarms"),
    ("aws:codedeploy/deploymentGroup:DeploymentGroup", "alarmConfiguration"),
    ("aws:appconfig/environment:Environment", "monitors"),
    ("aws:route53/healthCheck:HealthCheck", "cloudwatchAlarmName"),
    ("aws:lambda/alias:Alias", "routingConfig"),
)
# Actions other than notifications: scale, recover, run a function, open an incident.
ACTION_TYPES = ("aws:appautoscaling/", "aws:autoscaling/", "aws:lambda/", "aws:ssmincidents/")
ACTION_ARNS = (":autoscaling:", ":automate:", ":swf:", ":lambda:", ":ssm:", ":ssm-incidents:", ":aiops:")


def check(alarm: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if is_part(stack, alarm):
        raise NotApplicable("a composite alarm reads its state")
    if not declared(alarm.properties, "alarmActions") or not len(alarm.properties["alarmActions"]):
        if any(True for type_, key in READERS for _ in stack.referring((type_,), key, alarm, "name")):
            raise NotApplicable("a deployment or another check reads its state")
        yield Finding("alarmActions", "not set", "the ARN of an SNS topic with a subscription")
        return
    topics, acts, external = _actions(alarm, stack)
    if acts or any(True for topic in topics for _ in subscriptions(stack, topic)):
        return
    if external or not topics:
        raise Indeterminate("its topic is not in this stack, so the rule cannot see the topic's subscriptions")
    for topic in topics:
        yield Finding(f"alarmActions, topic {topic.name}", "no subscription", "a subscription for the on-call engineer")


def _actions(alarm: Resource, stack: Stack) -> tuple[list[Resource], bool, bool]:
    """Return the stack's topics in the actions, and whether there is another action or a topic of another stack."""
    found: dict[str, Resource] = {}
    acts = external = False
    for source in alarm.references.get("alarmActions", ()):
        type_ = source.split("::")[2].rsplit("$", 1)[-1]
        if topic := topic_at(stack, source):
            found[topic.urn] = topic
        elif type_.startswith(ACTION_TYPES):
            acts = True
        elif type_ not in (TOPIC, TOPIC_POLICY):
            external = True
    try:
        for _, action in items(alarm.properties, "alarmActions"):
            if topic := topic_at(stack, str(action)):
                found[topic.urn] = topic
            elif any(service in str(action) for service in ACTION_ARNS):
                acts = True
            else:
                external = True
    except UnknownValue:
        if not (found or acts or external):
            raise
    return list(found.values()), acts, external


RULE = StackRule(
    id="MON-001",
    name="alarm-has-subscriber",
    title="An alarm notifies a topic that has a subscriber.",
    item=ChecklistItem.UPTIME,
    severity=Severity.HIGH,
    applies_to=ALARMS,
    check=check,
    remediation="Add an SNS topic to alarm_actions, and a subscription for the on-call engineer to the topic.",
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
    unproven="The rule does not see whether an email subscription was confirmed, nor whether anyone reads the message.",
)
