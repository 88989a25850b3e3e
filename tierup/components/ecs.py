"""ECS on Fargate: clusters, services, workers, tasks and their autoscaling."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.ecs.autoscaling import ServiceAutoscaling, ServiceAutoscalingArgs
    from components.ecs.blue_green import BlueGreen, BlueGreenArgs
    from components.ecs.cluster import ContainerInsights, EcsCluster, EcsClusterArgs
    from components.ecs.deployment import BlueGreenTraffic, Deployment, DeploymentStrategy
    from components.ecs.existing_cluster import ExistingCluster, ExistingClusterArgs
    from components.ecs.lifecycle_hooks import (
        HooksOfDeployment,
        LifecycleHook,
        LifecycleHooks,
        LifecycleHooksArgs,
        LifecycleStage,
    )
    from components.ecs.one_off_task import OneOffTask, OneOffTaskArgs
    from components.ecs.scaling_targets import MetricTarget, QueueTarget, RequestTarget, ScheduledCapacity
    from components.ecs.scheduled_task import ScheduledTask, ScheduledTaskArgs
    from components.ecs.service import EcsService, EcsServiceArgs
    from components.ecs.service_connect import ServiceConnect
    from components.ecs.service_namespace import ServiceNamespace, ServiceNamespaceArgs
    from components.ecs.sidecars import Sidecar, custom_sidecar, datadog_agent, log_router, opentelemetry_collector
    from components.ecs.task import CpuArchitecture, TaskArgs
    from components.ecs.task_permissions import (
        TaskPermissions,
        bucket_statements,
        email_statements,
        queue_statements,
        table_statements,
    )
    from components.ecs.task_security_group import EgressTarget
    from components.ecs.volumes import Volume
    from components.ecs.worker_service import WorkerService, WorkerServiceArgs

__all__ = [
    "BlueGreen",
    "BlueGreenArgs",
    "BlueGreenTraffic",
    "ContainerInsights",
    "CpuArchitecture",
    "Deployment",
    "DeploymentStrategy",
    "EcsCluster",
    "EcsClusterArgs",
    "EcsService",
    "EcsServiceArgs",
    "EgressTarget",
    "ExistingCluster",
    "ExistingClusterArgs",
    "HooksOfDeployment",
    "LifecycleHook",
    "LifecycleHooks",
    "LifecycleHooksArgs",
    "LifecycleStage",
    "MetricTarget",
    "OneOffTask",
    "OneOffTaskArgs",
    "QueueTarget",
    "RequestTarget",
    "ScheduledCapacity",
    "ScheduledTask",
    "ScheduledTaskArgs",
    "ServiceAutoscaling",
    "ServiceAutoscalingArgs",
    "ServiceConnect",
    "ServiceNamespace",
    "ServiceNamespaceArgs",
    "Sidecar",
    "TaskArgs",
    "TaskPermissions",
    "Volume",
    "WorkerService",
    "WorkerServiceArgs",
    "bucket_statements",
    "custom_sidecar",
    "datadog_agent",
    "email_statements",
    "log_router",
    "opentelemetry_collector",
    "queue_statements",
    "table_statements",
]
