"""Objects of Kubernetes that comply with the rules on them."""

from __future__ import annotations

import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.core.v1 import ContainerArgsDict, PodSpecArgsDict, PodTemplateSpecArgsDict

LABELS = {"app.kubernetes.io/name": "api"}


def deploy() -> None:
    kubernetes.core.v1.Namespace(
        "k8s-namespace", metadata={"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}
    )
    kubernetes.apps.v1.Deployment(
        "k8s-deployment",
        spec={"selector": {"match_labels": LABELS}, "template": _template(serves=True)},
    )
    kubernetes.apps.v1.StatefulSet(
        "k8s-stateful-set",
        spec={"selector": {"match_labels": LABELS}, "service_name": "api", "template": _template(serves=True)},
    )
    kubernetes.apps.v1.DaemonSet(
        "k8s-daemon-set", spec={"selector": {"match_labels": LABELS}, "template": _template(serves=True)}
    )
    kubernetes.batch.v1.Job("k8s-job", spec={"template": _template()})
    kubernetes.batch.v1.CronJob(
        "k8s-cron-job", spec={"schedule": "@daily", "job_template": {"spec": {"template": _template()}}}
    )
    kubernetes.core.v1.Pod("k8s-pod", spec=_spec())


def _template(*, serves: bool = False) -> PodTemplateSpecArgsDict:
    return {"metadata": {"labels": LABELS}, "spec": _spec(serves=serves)}


def _spec(*, serves: bool = False) -> PodSpecArgsDict:
    container: ContainerArgsDict = {
        "name": "app",
        "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api@sha256:0",
        "env": [{"name": "JWT_SECRET", "value_from": {"secret_key_ref": {"name": "api-secrets", "key": "JWT_SECRET"}}}],
        "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"memory": "512Mi"}},
        "security_context": {
            "allow_privilege_escalation": False,
            "read_only_root_filesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    if serves:
        container["ports"] = [{"container_port": 5000}]
        container["readiness_probe"] = {"http_get": {"path": "/health", "port": 5000}}
        container["liveness_probe"] = {"tcp_socket": {"port": 5000}}
    return {
        "service_account_name": "api",
        "automount_service_account_token": False,
        "security_context": {"run_as_non_root": True, "seccomp_profile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
