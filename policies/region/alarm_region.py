"""REG-004: an alarm is in the region of the resource that it monitors, and of the topic that it notifies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..ecs.clusters import CLUSTER
from ..ecs.services import SERVICE
from ..load_balancer.balancers import LOAD_BALANCERS
from ..monitoring.alarms import METRIC_ALARM
from ..monitoring.caches import REPLICATION_GROUP
from ..monitoring.topics import TOPIC, TOPIC_POLICY
from ..network.sources import sources
from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .places import named, region_of

_MONITORED: Final = (
    *LOAD_BALANCERS,
    "aws:lb/targetGroup:TargetGroup",
    "aws:alb/targetGroup:TargetGroup",
    CLUSTER,
    SERVICE,
    REPLICATION_GROUP,
    "aws:sqs/queue:Queue",
)
_NOTIFIED: Final = (TOPIC, TOPIC_POLICY)
TYPES: Final = {
    "dimensions": _MONITORED,
    "metricQueries": _MONITORED,
    "alarmActions": _NOTIFIED,
    "okActions": _NOTIFIED,
}
"""By property of the alarm, the types of regional resources that it may refer to."""


def check(alarm: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    own = region_of(alarm)
    for key, types in TYPES.items():
        regions = {region_of(each) for each in sources(alarm, key, stack, types, "arn")} - {own}
        for region in sorted(regions):
            yield Finding(key, f"a resource in {named(region)}", f"resources in the alarm's region, {named(own)}")


RULE = StackRule(
    id="REG-004",
    name="alarm-region",
    title="An alarm is in the region of the resource that it monitors and of the topic that it notifies.",
    item=ChecklistItem.REQUEST_RATE,
    pitfall=Pitfall.NO_MONITORING,
    severity=Severity.HIGH,
    applies_to=(METRIC_ALARM,),
    check=check,
    remediation=(
        "Create the alarms and the topic of a region in that region: CloudWatch alarms read no metric of another one."
    ),
    example="""aws.cloudwatch.MetricAlarm(
    "cpu-eu-central-1",
    region="eu-central-1",
    dimensions={"ClusterName": cluster.name, "ServiceName": service.name},  # both in eu-central-1
    alarm_actions=[topic.arn],  # in eu-central-1
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    read=None,
    unproven=(
        "The rules MON-003 to MON-006, MON-013 and MON-014 require the alarms of each region's load balancer, service "
        "and cache. This rule finds those that read nothing because they are elsewhere."
    ),
)
