"""Kubernetes: namespaces, deployments, jobs, autoscaling and the connection to a load balancer.

The module needs the extra `eks`: pip install 'tierup[eks]'.
"""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.kubernetes.autoscaler import ExternalMetric, PodAutoscaler, PodAutoscalerArgs
    from components.kubernetes.cron_job import ScheduledJob, ScheduledJobArgs
    from components.kubernetes.disruption_budget import DisruptionBudget, DisruptionBudgetArgs
    from components.kubernetes.job_template import JobTemplate, JobTemplateArgs
    from components.kubernetes.keda_autoscaler import KedaAutoscaler, KedaAutoscalerArgs, KedaQueue, KedaRequests
    from components.kubernetes.namespace import KubernetesNamespace, KubernetesNamespaceArgs
    from components.kubernetes.network_policy import PodEgressTarget
    from components.kubernetes.network_policy_controller import NetworkPolicyController, NetworkPolicyControllerArgs
    from components.kubernetes.node_pool import NodePool, NodePoolArgs
    from components.kubernetes.pod import HttpPort, PodArgs
    from components.kubernetes.release_job import ReleaseJob, ReleaseJobArgs
    from components.kubernetes.service_account import WorkloadServiceAccount, WorkloadServiceAccountArgs
    from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
    from components.kubernetes.web_service import WebService, WebServiceArgs
    from components.kubernetes.worker_deployment import WorkerDeployment, WorkerDeploymentArgs

__all__ = [
    "DisruptionBudget",
    "DisruptionBudgetArgs",
    "ExternalMetric",
    "HttpPort",
    "JobTemplate",
    "JobTemplateArgs",
    "KedaAutoscaler",
    "KedaAutoscalerArgs",
    "KedaQueue",
    "KedaRequests",
    "KubernetesNamespace",
    "KubernetesNamespaceArgs",
    "NetworkPolicyController",
    "NetworkPolicyControllerArgs",
    "NodePool",
    "NodePoolArgs",
    "PodArgs",
    "PodAutoscaler",
    "PodAutoscalerArgs",
    "PodEgressTarget",
    "ReleaseJob",
    "ReleaseJobArgs",
    "ScheduledJob",
    "ScheduledJobArgs",
    "WebDeployment",
    "WebDeploymentArgs",
    "WebService",
    "WebServiceArgs",
    "WorkerDeployment",
    "WorkerDeploymentArgs",
    "WorkloadServiceAccount",
    "WorkloadServiceAccountArgs",
]
