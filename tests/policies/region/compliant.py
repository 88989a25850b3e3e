"""A weighted record, and the network, cache and task of a second region, of the compliant program."""

from __future__ import annotations

import json

import pulumi_aws as aws

from .. import compliant
from ..monitoring import compliant as monitoring

OTHER = "eu-central-1"
"""The second region. The resources of the first one name no region."""
_NODES = ("cache-other-001", "cache-other-002")
_ALARMS = {"DatabaseMemoryUsagePercentage": 80, "EngineCPUUtilization": 70, "Evictions": 0}
"""Metric to threshold of the alarms that each node of a cache needs."""


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    aws.route53.Record(
        "weighted-record",
        zone_id="Z1",
        name="origin.example.com",
        type="A",
        set_identifier="eu-west-1",
        weighted_routing_policies=[{"weight": 100}],
        aliases=[{"name": "a.eu-west-1.elb.amazonaws.com", "zone_id": "Z2", "evaluate_target_health": True}],
    )
    vpc = aws.ec2.Vpc("other-vpc", region=OTHER, cidr_block="10.10.0.0/16")
    aws.ec2.DefaultSecurityGroup("closed-group-other", region=OTHER, vpc_id=vpc.id)
    aws.ec2.FlowLog(
        "flow-log-other", region=OTHER, vpc_id=vpc.id, traffic_type="ALL", log_destination="arn:aws:s3:::flow-logs"
    )
    _cache()
    _task()


def _cache() -> None:
    group = aws.elasticache.GlobalReplicationGroup(
        "global-cache", global_replication_group_id_suffix="cache", primary_replication_group_id="cache-id"
    )
    aws.elasticache.ReplicationGroup(
        "cache-other",
        region=OTHER,
        global_replication_group_id=group.id,
        description="The secondary of the API's cache",
        tags=compliant.TAGS,
        at_rest_encryption_enabled=True,
        transit_encryption_enabled=True,
        auth_token="a-token-of-the-tests",  # pragma: allowlist secret
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        multi_az_enabled=True,
        snapshot_retention_limit=1,
        maintenance_window="sun:04:00-sun:05:00",
        parameter_group_name="cache-eviction",
    )
    topic = monitoring.topic("other", OTHER)
    for node in _NODES:
        for metric, threshold in _ALARMS.items():
            aws.cloudwatch.MetricAlarm(
                f"{node}-{metric}",
                region=OTHER,
                alarm_actions=[topic.arn],
                namespace="AWS/ElastiCache",
                metric_name=metric,
                dimensions={"CacheClusterId": node},
                statistic="Average",
                comparison_operator="GreaterThanThreshold",
                threshold=threshold,
                period=300,
                evaluation_periods=3,
            )


def _task() -> None:
    aws.ecr.ReplicationConfiguration(
        "replication",
        replication_configuration={"rules": [{"destinations": [{"region": OTHER, "registry_id": "111122223333"}]}]},
    )
    definition = json.dumps([compliant.container()]).replace("eu-west-1", OTHER)
    aws.ecs.TaskDefinition(
        "task-other",
        region=OTHER,
        family="api",
        network_mode="awsvpc",
        execution_role_arn="arn:aws:iam::111122223333:role/execution",
        task_role_arn="arn:aws:iam::111122223333:role/program",
        container_definitions=definition,
    )
