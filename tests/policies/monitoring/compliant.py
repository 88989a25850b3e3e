"""The compliant program's monitoring: alarms on its load balancer, service and cache, and their topic.

Its load balancer, service and cache have the names that CloudWatch uses: the end of the ARN that the recorder gives
them.
"""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws

from .. import compliant

_BALANCER = {"LoadBalancer": "balancer"}
_SERVICE = {"ClusterName": "main", "ServiceName": "service"}
_NODES = ("cache-001", "cache-002")
ACCOUNT = "111122223333"


def deploy() -> None:
    """Declare the resources."""
    topic_arn = topic("monitored")
    _alarms(topic_arn)
    _logs(topic_arn)
    _from_outside(topic_arn)
    aws.cloudwatch.Dashboard("board", dashboard_name="board", dashboard_body=json.dumps(board()))


def board() -> dict[str, Any]:
    """Return the dashboard's body."""
    return {
        "widgets": [
            {"type": "text", "properties": {"markdown": "# Requests"}},
            {
                "type": "metric",
                "properties": {
                    "metrics": [
                        ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "balancer", {"stat": "Sum"}],
                        ["AWS/ECS", "CPUUtilization", "ClusterName", "main", "ServiceName", "service"],
                        [".", "MemoryUtilization", ".", ".", ".", "."],
                        ["shop/business", "TasksCreated", "Stack", "tests"],
                    ]
                },
            },
        ]
    }


def topic(prefix: str, region: str | None = None) -> aws.sns.TopicPolicy:
    """Declare a topic. Alarms reference its policy, so that none fires before CloudWatch may publish."""
    key = aws.kms.Key(
        f"{prefix}-key",
        region=region,
        enable_key_rotation=True,
        deletion_window_in_days=30,
        policy=_policy(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
            },
        ),
    )
    created = aws.sns.Topic(f"{prefix}-topic", region=region, kms_master_key_id=key.arn)
    policy = aws.sns.TopicPolicy(
        f"{prefix}-policy",
        region=region,
        arn=created.arn,
        policy=_policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            },
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ),
    )
    aws.sns.TopicSubscription(
        f"{prefix}-mail", region=region, topic=created.arn, protocol="email", endpoint="on-call@example.com"
    )
    return policy


def _alarms(policy: aws.sns.TopicPolicy) -> None:
    _alarm(
        "monitored-slow", policy, "AWS/ApplicationELB", "TargetResponseTime", _BALANCER, 0.5, extended_statistic="p95"
    )
    _alarm("monitored-cpu", policy, "AWS/ECS", "CPUUtilization", _SERVICE, 70)
    _alarm("monitored-memory", policy, "AWS/ECS", "MemoryUtilization", _SERVICE, 80)
    _alarm("monitored-inner", policy, "AWS/ECS", "MemoryUtilization", {**_SERVICE, "ServiceName": "internal"}, 80)
    for node in _NODES:
        of = {"CacheClusterId": node}
        _alarm(f"monitored-memory-{node}", policy, "AWS/ElastiCache", "DatabaseMemoryUsagePercentage", of, 80)
        _alarm(f"monitored-cpu-{node}", policy, "AWS/ElastiCache", "EngineCPUUtilization", of, 70)
        _alarm(f"monitored-evictions-{node}", policy, "AWS/ElastiCache", "Evictions", of, 0, statistic="Sum")
    aws.cloudwatch.MetricAlarm(
        "monitored-failures",
        alarm_actions=[policy.arn],
        comparison_operator="GreaterThanThreshold",
        threshold=0.1,
        evaluation_periods=1,
        metric_queries=[
            _counted("m1", "HTTPCode_Target_5XX_Count"),
            _counted("m2", "RequestCount"),
            {"id": "percent", "expression": "100 * FILL(m1, 0) / m2", "return_data": True},
        ],
    )
    part = aws.cloudwatch.MetricAlarm(
        "monitored-part",
        name="part",
        comparison_operator="LessThanThreshold",
        threshold=1,
        evaluation_periods=1,
        namespace="AWS/ApplicationELB",
        metric_name="HealthyHostCount",
        dimensions=_BALANCER,
        treat_missing_data="breaching",
    )
    aws.cloudwatch.CompositeAlarm(
        "monitored-whole",
        alarm_name="whole",
        alarm_rule=part.name.apply(lambda name: f'ALARM("{name}")'),
        alarm_actions=[policy.arn],
    )


def _alarm(
    name: str,
    policy: aws.sns.TopicPolicy,
    namespace: str,
    metric: str,
    dimensions: dict[str, str],
    threshold: float,
    *,
    statistic: str | None = None,
    extended_statistic: str | None = None,
) -> None:
    aws.cloudwatch.MetricAlarm(
        name,
        alarm_actions=[policy.arn],
        namespace=namespace,
        metric_name=metric,
        dimensions=dimensions,
        statistic=statistic if statistic or extended_statistic else "Average",
        extended_statistic=extended_statistic,
        comparison_operator="GreaterThanThreshold",
        threshold=threshold,
        period=300,
        evaluation_periods=3,
    )


def _counted(key: str, metric: str) -> aws.cloudwatch.MetricAlarmMetricQueryArgsDict:
    return {
        "id": key,
        "metric": {
            "namespace": "AWS/ApplicationELB",
            "metric_name": metric,
            "dimensions": _BALANCER,
            "stat": "Sum",
            "period": 300,
        },
    }


def _logs(policy: aws.sns.TopicPolicy) -> None:
    group = aws.cloudwatch.LogGroup(
        "monitored-logs",
        name="monitored-logs",
        retention_in_days=365,
        kms_key_id="arn:aws:kms:eu-west-1:111122223333:key/1",
    )
    logging = {"logDriver": "awslogs", "options": {"awslogs-group": "monitored-logs", "awslogs-region": "eu-west-1"}}
    aws.ecs.TaskDefinition(
        "monitored-task",
        family="api",
        container_definitions=json.dumps([{**compliant.container(), "logConfiguration": logging}]),
    )
    aws.cloudwatch.LogMetricFilter(
        "monitored-filter",
        log_group_name=group.name,
        pattern='{ $.level = "error" }',
        metric_transformation={"namespace": "shop", "name": "logged-errors", "value": "1", "default_value": "0"},
    )
    _alarm("monitored-log", policy, "shop", "logged-errors", {}, 10, statistic="Sum")


def _from_outside(policy: aws.sns.TopicPolicy) -> None:
    aws.route53.HealthCheck(
        "monitored-outside",
        type="HTTPS",
        fqdn="api.example.com",
        port=443,
        resource_path="/health",
        request_interval=30,
        failure_threshold=3,
    )
    aws.cloudwatch.MetricAlarm(
        "monitored-down",
        alarm_actions=[policy.arn],
        namespace="AWS/Route53",
        metric_name="HealthCheckStatus",
        dimensions={"HealthCheckId": "monitored-outside"},
        statistic="Minimum",
        comparison_operator="LessThanThreshold",
        threshold=1,
        period=60,
        evaluation_periods=2,
        treat_missing_data="breaching",
    )


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
