"""The cluster and autoscaling of the compliant program's service, and a service without a load balancer."""

from __future__ import annotations

import json

import pulumi_aws as aws

from .. import compliant


def deploy() -> None:
    """Declare the resources; the tests refer to them by their logical names."""
    aws.ecs.Cluster(
        "cluster",
        name="main",
        settings=[{"name": "containerInsights", "value": "enabled"}],
        configuration={
            "execute_command_configuration": {
                "logging": "OVERRIDE",
                "log_configuration": {"cloud_watch_log_group_name": "sessions"},
            }
        },
    )
    target = aws.appautoscaling.Target(
        "scaling",
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id="service/main/service",
        min_capacity=2,
        max_capacity=10,
    )
    aws.appautoscaling.Policy(
        "scaling-cpu",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration={
            "target_value": 60,
            "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
        },
    )
    _internal()


def _internal() -> None:
    task = aws.ecs.TaskDefinition(
        "internal-task", family="internal", container_definitions=json.dumps([compliant.container()])
    )
    aws.ecs.Service(
        "internal",
        cluster="main",
        task_definition=task.arn,
        tags={"Project": "tests"},
        deployment_circuit_breaker={"enable": True, "rollback": True},
    )
