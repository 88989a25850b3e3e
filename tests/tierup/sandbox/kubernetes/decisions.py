"""Manifests that a Kubernetes API server accepts or refuses.

tests/kubernetes/test_decisions.py compares each row with a real API server, and test_decisions.py in this folder with
the sandbox. A row changes one valid manifest. A workload whose pods are refused counts as refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .manifests import REMOVED

POD = "spec.template.spec"
CONTAINER = f"{POD}.containers[0]"
CRON_POD = "spec.jobTemplate.spec.template.spec"
_FAILURE_POLICY: Mapping[str, Any] = {
    "rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1]}}],
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ManifestDecision:
    """One manifest, and whether an API server accepts it."""

    kind: str
    changes: Mapping[str, Any]
    """Path -> value, of the valid manifest of the kind."""
    accepted: bool
    """Whether the API server accepts the object and its pods."""
    works: bool = True
    """Whether an accepted object does what it says. The sandbox refuses one that does not, as a wait for it would fail:
    a pod that cannot start, or an autoscaler that cannot scale."""

    def __str__(self) -> str:
        changes = ", ".join(
            f"{path}={'removed' if value is REMOVED else repr(value)[:60]}" for path, value in self.changes.items()
        )
        return f"{self.kind}: {changes or 'unchanged'}"


def _rows(
    kind: str,
    *,
    accepted: list[Mapping[str, Any]],
    refused: list[Mapping[str, Any]],
    accepted_without_effect: Sequence[Mapping[str, Any]] = (),
) -> list[ManifestDecision]:
    return [
        *(ManifestDecision(kind=kind, changes=changes, accepted=True) for changes in accepted),
        *(
            ManifestDecision(kind=kind, changes=changes, accepted=True, works=False)
            for changes in accepted_without_effect
        ),
        *(ManifestDecision(kind=kind, changes=changes, accepted=False) for changes in refused),
    ]


_OBJECTS = [
    *_rows(
        "Namespace",
        accepted=[
            {},
            {'metadata.labels."pod-security.kubernetes.io/enforce"': "baseline"},
            {'metadata.labels."pod-security.kubernetes.io/enforce-version"': "v1.30"},
            {'metadata.labels."example.com/team"': "A_b.c-1"},
            {"metadata.labels.team": ""},
        ],
        refused=[
            {"metadata.name": "Other"},
            {"metadata.name": "a" * 64},
            {"metadata.name": "a.b"},
            {"metadata.name": "-a"},
            {'metadata.labels."pod-security.kubernetes.io/enforce"': "strict"},
            {'metadata.labels."pod-security.kubernetes.io/warn-version"': "1.30"},
            {"metadata.labels.team": "a b"},
            {"metadata.labels.team": "a" * 64},
            {"metadata.labels.team": "-a"},
            {'metadata.labels."Example.com/team"': "a"},
            {'metadata.labels."a b"': "a"},
            {'metadata.annotations."a b"': "a"},
        ],
    ),
    *_rows(
        "ServiceAccount",
        accepted=[{}, {"automountServiceAccountToken": False}, {"metadata.name": "a.b"}],
        refused=[{"metadata.name": "a_b"}, {"metadata.namespace": "missing"}],
    ),
    *_rows(
        "ConfigMap",
        accepted=[
            {},
            {"data": {"a.b_c-1": ""}},
            {"data": {".env": "a"}},
            {"binaryData": {"image": "AAEC"}},
            {"immutable": True},
            {"metadata.annotations": {"note": "any text: ä"}},
        ],
        refused=[
            {"metadata.name": "Settings"},
            {"metadata.name": "a" * 254},
            {"metadata.namespace": "missing"},
            {"data": {"a b": "1"}},
            {"data": {"": "1"}},
            {"data": {"..": "1"}},
            {"data": {"a/b": "1"}},
            {"data": {"a": "x" * 1_048_577}},
            {"binaryData": {"image": "not base64!"}},
            {"binaryData": {"MODE": "AAEC"}},
            {"metadata.annotations": {"note": "x" * 262_145}},
        ],
    ),
    *_rows(
        "Secret",
        accepted=[
            {},
            {"data": {"TOKEN": "YQ=="}, "stringData": REMOVED},
            {"type": "example.com/any"},
            {"type": "kubernetes.io/basic-auth", "stringData": {"username": "a"}},
            {"type": "kubernetes.io/tls", "stringData": {"tls.crt": "", "tls.key": ""}},
        ],
        refused=[
            {"data": {"TOKEN": "not base64!"}},
            {"stringData": {"a b": "1"}},
            {"stringData": {"a": "x" * 1_048_577}},
            {"type": "kubernetes.io/tls"},
            {"type": "kubernetes.io/dockerconfigjson"},
            {"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": "{"}},
            {"type": "kubernetes.io/basic-auth"},
            {"type": "kubernetes.io/ssh-auth"},
            {"type": "kubernetes.io/service-account-token"},
        ],
    ),
    *_rows(
        "Service",
        accepted=[
            {},
            {"spec.type": "NodePort"},
            {"spec.type": "NodePort", "spec.ports[0].nodePort": 30_080},
            {"spec.type": "LoadBalancer"},
            {"spec.type": "LoadBalancer", "spec.loadBalancerSourceRanges": ["10.0.0.0/8"]},
            {"spec.type": "ExternalName", "spec.externalName": "db.example.com", "spec.ports": REMOVED},
            {"spec.clusterIP": "None"},
            {"spec.clusterIP": "None", "spec.ports": REMOVED},
            {"spec.ports[0].targetPort": 3000},
            {"spec.ports[0].targetPort": 0},
            {"spec.ports[0].name": REMOVED},
            {"spec.ports[1]": {"name": "admin", "port": 81}},
            {"spec.ports[1]": {"name": "dns", "port": 80, "protocol": "UDP"}},
            {"spec.sessionAffinity": "ClientIP"},
            {"spec.selector": REMOVED},
        ],
        refused=[
            {"metadata.name": "a" * 64},
            {"metadata.name": "a.b"},
            {"metadata.name": "1api"},
            {"spec.type": "Internal"},
            {"spec.ports": REMOVED},
            {"spec.ports": []},
            {"spec.ports[0].port": 0},
            {"spec.ports[0].port": 65_536},
            {"spec.ports[0].port": REMOVED},
            {"spec.ports[0].name": "HTTP"},
            {"spec.ports[0].name": "a" * 64},
            {"spec.ports[0].protocol": "HTTP"},
            {"spec.ports[0].targetPort": "a" * 16},
            {"spec.ports[0].targetPort": "Http"},
            {"spec.ports[0].nodePort": 30_080},
            {"spec.type": "NodePort", "spec.ports[0].nodePort": 80},
            {"spec.ports[1]": {"port": 81}},
            {"spec.ports[1]": {"name": "http", "port": 81}},
            {"spec.ports[1]": {"name": "other", "port": 80}},
            {"spec.type": "ExternalName"},
            {"spec.type": "ExternalName", "spec.externalName": "not a name"},
            {"spec.type": "NodePort", "spec.clusterIP": "None"},
            {"spec.sessionAffinity": "Cookie"},
            {"spec.externalTrafficPolicy": "Local"},
            {"spec.selector": {"app": "a b"}},
            {"spec.clusterIP": "any"},
            {"spec.loadBalancerSourceRanges": ["10.0.0.0/8"]},
            {"spec.type": "LoadBalancer", "spec.loadBalancerSourceRanges": ["10.0.0.0/33"]},
            {"spec.type": "LoadBalancer", "spec.loadBalancerSourceRanges": ["10.0.0.1"]},
        ],
    ),
]

_PODS = [
    *_rows(
        "Deployment",
        accepted=[
            {},
            {"spec.replicas": 0},
            {"spec.replicas": REMOVED},
            {f"{POD}.restartPolicy": "Always"},
            {f"{POD}.terminationGracePeriodSeconds": 0},
            {f"{POD}.terminationGracePeriodSeconds": -1},
            {f"{POD}.serviceAccountName": "default"},
            {f"{CONTAINER}.imagePullPolicy": "Always"},
            {f"{CONTAINER}.env[0].name": "my.MODE-1"},
            {f"{CONTAINER}.env[1]": {"name": "ADDRESS", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}},
            {f"{CONTAINER}.env[1]": {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}},
            {f"{CONTAINER}.ports": REMOVED, f"{CONTAINER}.readinessProbe": REMOVED},
            {f"{CONTAINER}.ports[1]": {"containerPort": 3001}},
            {f"{CONTAINER}.resources": REMOVED},
            {f"{CONTAINER}.resources.limits": REMOVED},
            {f"{CONTAINER}.resources.requests.cpu": "0.5"},
            {f"{CONTAINER}.resources.requests.cpu": 1},
            {f"{CONTAINER}.resources.requests": {"ephemeral-storage": "1Gi"}},
            {f"{CONTAINER}.lifecycle": {"preStop": {"sleep": {"seconds": 30}}}},
            {f"{CONTAINER}.lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}}},
            {f"{CONTAINER}.livenessProbe": {"tcpSocket": {"port": 3000}}},
            {f"{CONTAINER}.startupProbe": {"exec": {"command": ["true"]}, "failureThreshold": 30}},
            {f"{CONTAINER}.securityContext.capabilities.add": ["NET_BIND_SERVICE"]},
            {f"{CONTAINER}.securityContext.runAsUser": 1},
            {f"{CONTAINER}.securityContext.readOnlyRootFilesystem": True},
            {f"{CONTAINER}.volumeMounts[0].subPath": "a/b"},
            {f"{CONTAINER}.volumeMounts[0].mountPath": "/a:b"},
            {f"{CONTAINER}.terminationMessagePolicy": "FallbackToLogsOnError"},
            {
                f"{POD}.containers[1]": {
                    "name": "sidecar",
                    "image": "a",
                    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                }
            },
            {f"{POD}.nodeSelector": {"kubernetes.io/arch": "arm64"}},
            {f"{POD}.tolerations": [{"key": "a", "operator": "Exists", "effect": "NoSchedule"}]},
            {f"{POD}.volumes[0].emptyDir": {"sizeLimit": "1Gi"}},
            {f"{POD}.volumes[1]": {"name": "s", "projected": {"sources": []}}},
            {f"{POD}.topologySpreadConstraints[0].matchLabelKeys": ["pod-template-hash"]},
            {f"{POD}.topologySpreadConstraints[0].nodeTaintsPolicy": "Honor"},
            {f"{POD}.topologySpreadConstraints[0].minDomains": 2},
            {"spec.strategy": {"type": "Recreate"}},
            {"spec.strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}},
            {"spec.strategy": {"rollingUpdate": {"maxSurge": "150%"}}},
            {"spec.minReadySeconds": 599},
            {"spec.selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["api"]}]}},
            {"spec.template.metadata.labels.version": "1"},
            {"metadata.namespace": "open", f"{CONTAINER}.securityContext": REMOVED},
            {
                "metadata.namespace": "open",
                f"{POD}.hostNetwork": True,
                f"{CONTAINER}.ports": REMOVED,
                f"{CONTAINER}.readinessProbe": REMOVED,
            },
            {"metadata.namespace": "baseline", f"{CONTAINER}.securityContext": REMOVED, f"{POD}.securityContext": {}},
        ],
        accepted_without_effect=[
            {f"{CONTAINER}.readinessProbe.httpGet.port": "other"},
            {f"{CONTAINER}.env[1]": {"name": "A", "valueFrom": {"secretKeyRef": {"name": "missing", "key": "A"}}}},
            {f"{CONTAINER}.env[1]": {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "missing", "key": "A"}}}},
            {f"{POD}.volumes[1]": {"name": "s", "configMap": {"name": "missing"}}},
            {f"{POD}.volumes[1]": {"name": "s", "secret": {"secretName": "missing"}}},
        ],
        refused=[
            {"metadata.name": "Api"},
            {"metadata.name": "a" * 254},
            {"metadata.namespace": "missing"},
            {"spec.replicas": -1},
            {"spec.selector": REMOVED},
            {"spec.selector": {}},
            {"spec.selector.matchLabels": {"app": "other"}},
            {"spec.selector.matchLabels": {"app": "a b"}},
            {"spec.selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["other"]}]}},
            {"spec.selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": []}]}},
            {"spec.selector": {"matchExpressions": [{"key": "app", "operator": "Exists", "values": ["api"]}]}},
            {"spec.selector": {"matchExpressions": [{"key": "app", "operator": "Is", "values": ["api"]}]}},
            {"spec.template.metadata": REMOVED},
            {"spec.template.metadata.labels.app": "a b"},
            {"spec.strategy": {"type": "Canary"}},
            {"spec.strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}},
            {"spec.strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}},
            {"spec.strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}},
            {"spec.strategy": {"rollingUpdate": {"maxSurge": "a lot"}}},
            {"spec.strategy": {"rollingUpdate": {"maxSurge": "1"}}},
            {"spec.strategy": {"rollingUpdate": {"maxUnavailable": "101%"}}},
            {"spec.strategy": {"rollingUpdate": {"maxSurge": -1}}},
            {"spec.minReadySeconds": 600},
            {"spec.minReadySeconds": -1},
            {"spec.progressDeadlineSeconds": 0},
            {"spec.revisionHistoryLimit": -1},
            {f"{POD}.containers": REMOVED},
            {f"{POD}.containers": []},
            {f"{POD}.restartPolicy": "Never"},
            {f"{POD}.restartPolicy": "Sometimes"},
            {f"{POD}.activeDeadlineSeconds": 60},
            {f"{POD}.dnsPolicy": "Cluster"},
            {f"{POD}.nodeSelector": {"a b": "c"}},
            {f"{POD}.nodeSelector": {"a": "b c"}},
            {f"{POD}.serviceAccountName": "Api"},
            {f"{POD}.serviceAccountName": "missing"},
            {f"{POD}.tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]},
            {f"{POD}.tolerations": [{"key": "a", "effect": "Never"}]},
            {f"{CONTAINER}.name": REMOVED},
            {f"{CONTAINER}.name": "App"},
            {f"{CONTAINER}.name": "a" * 64},
            {f"{CONTAINER}.image": REMOVED},
            {f"{CONTAINER}.image": ""},
            {f"{CONTAINER}.image": " a"},
            {f"{CONTAINER}.imagePullPolicy": "Sometimes"},
            {f"{CONTAINER}.env[0].name": ""},
            {f"{CONTAINER}.env[0].name": "A=B"},
            {f"{CONTAINER}.env[0].valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
            {f"{CONTAINER}.env[1]": {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "status.address"}}}},
            {f"{CONTAINER}.env[1]": {"name": "A", "valueFrom": {}}},
            {f"{CONTAINER}.env[1]": {"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}}}},
            {f"{CONTAINER}.ports[0].containerPort": 0},
            {f"{CONTAINER}.ports[0].containerPort": 65_536},
            {f"{CONTAINER}.ports[0].containerPort": REMOVED},
            {f"{CONTAINER}.ports[0].protocol": "HTTP"},
            {f"{CONTAINER}.ports[0].name": "a" * 16},
            {f"{CONTAINER}.ports[0].name": "1234"},
            {f"{CONTAINER}.ports[1]": {"name": "http", "containerPort": 3001}},
            {f"{CONTAINER}.resources.requests.cpu": "half"},
            {f"{CONTAINER}.resources.requests.cpu": "-1"},
            {f"{CONTAINER}.resources.requests.memory": "1Gi"},
            {f"{CONTAINER}.resources.requests.memory": "512 Mi"},
            {f"{CONTAINER}.resources.requests": {"disk": "1Gi"}},
            {f"{CONTAINER}.resources.limits.cpu": "100m"},
            {f"{CONTAINER}.readinessProbe.httpGet": REMOVED},
            {f"{CONTAINER}.readinessProbe.tcpSocket": {"port": 3000}},
            {f"{CONTAINER}.readinessProbe.httpGet.port": 0},
            {f"{CONTAINER}.readinessProbe.httpGet.port": "a" * 16},
            {f"{CONTAINER}.readinessProbe.httpGet.scheme": "FTP"},
            {f"{CONTAINER}.readinessProbe.periodSeconds": -1},
            {f"{CONTAINER}.readinessProbe.failureThreshold": -1},
            {f"{CONTAINER}.readinessProbe.terminationGracePeriodSeconds": 5},
            {f"{CONTAINER}.livenessProbe": {"tcpSocket": {"port": 3000}, "successThreshold": 2}},
            {f"{CONTAINER}.lifecycle": {"preStop": {"sleep": {"seconds": 31}}}},
            {f"{CONTAINER}.lifecycle": {"preStop": {}}},
            {f"{CONTAINER}.lifecycle": {"preStop": {"exec": {"command": []}}}},
            {f"{CONTAINER}.terminationMessagePolicy": "Logs"},
            {f"{CONTAINER}.volumeMounts[0].name": "other"},
            {f"{CONTAINER}.volumeMounts[0].mountPath": REMOVED},
            {f"{CONTAINER}.volumeMounts[0].subPath": "../a"},
            {f"{CONTAINER}.volumeMounts[1]": {"name": "tmp", "mountPath": "/tmp"}},
            {f"{POD}.containers[1]": {"name": "app", "image": "a"}},
            {f"{POD}.volumes[0].name": "Tmp"},
            {f"{POD}.volumes[0].configMap": {"name": "a"}},
            {f"{POD}.volumes[1]": {"name": "tmp", "emptyDir": {}}},
            {f"{POD}.volumes[1]": {"name": "s", "secret": {}}},
            {f"{POD}.volumes[1]": {"name": "s", "csi": {}}},
            {f"{POD}.volumes[1]": {"name": "s", "hostPath": {"path": "/var"}}},
            {f"{POD}.volumes[0].emptyDir": {"sizeLimit": "much"}},
            {f"{POD}.topologySpreadConstraints[0].maxSkew": 0},
            {f"{POD}.topologySpreadConstraints[0].topologyKey": REMOVED},
            {f"{POD}.topologySpreadConstraints[0].whenUnsatisfiable": "Wait"},
            {
                f"{POD}.topologySpreadConstraints[0].labelSelector": REMOVED,
                f"{POD}.topologySpreadConstraints[0].matchLabelKeys": ["pod-template-hash"],
            },
            {f"{POD}.topologySpreadConstraints[0].matchLabelKeys": ["app"]},
            {f"{POD}.topologySpreadConstraints[0].nodeTaintsPolicy": "Sometimes"},
            {f"{POD}.topologySpreadConstraints[0].minDomains": 0},
            {
                f"{POD}.topologySpreadConstraints[0].whenUnsatisfiable": "ScheduleAnyway",
                f"{POD}.topologySpreadConstraints[0].minDomains": 2,
            },
            {
                f"{POD}.topologySpreadConstraints[1]": {
                    "maxSkew": 2,
                    "topologyKey": "topology.kubernetes.io/zone",
                    "whenUnsatisfiable": "DoNotSchedule",
                }
            },
            # Pod security
            {f"{POD}.securityContext.runAsNonRoot": REMOVED},
            {f"{POD}.securityContext.runAsUser": 0},
            {f"{POD}.securityContext.seccompProfile": REMOVED},
            {f"{POD}.securityContext.seccompProfile.type": "Unconfined"},
            {f"{POD}.securityContext.sysctls": [{"name": "kernel.msgmax", "value": "1"}]},
            {f"{POD}.hostNetwork": True, f"{CONTAINER}.ports": REMOVED, f"{CONTAINER}.readinessProbe": REMOVED},
            {f"{POD}.hostPID": True},
            {f"{CONTAINER}.securityContext": REMOVED},
            {f"{CONTAINER}.securityContext.allowPrivilegeEscalation": REMOVED},
            {f"{CONTAINER}.securityContext.capabilities": {"drop": ["NET_RAW"]}},
            {f"{CONTAINER}.securityContext.capabilities.add": ["SYS_ADMIN"]},
            {f"{CONTAINER}.securityContext.runAsNonRoot": False},
            {f"{CONTAINER}.securityContext.runAsUser": 0},
            {f"{CONTAINER}.securityContext.privileged": True},
            {f"{CONTAINER}.securityContext.procMount": "Unmasked"},
            {f"{CONTAINER}.securityContext.seccompProfile": {"type": "Unconfined"}},
            {f"{CONTAINER}.ports[0].hostPort": 3000},
            {f"{POD}.initContainers": [{"name": "init", "image": "a"}]},
            {"metadata.namespace": "baseline", f"{POD}.hostPID": True},
            {"metadata.namespace": "baseline", f"{CONTAINER}.securityContext.capabilities.add": ["SYS_ADMIN"]},
            {"metadata.namespace": "baseline", f"{POD}.securityContext.seccompProfile.type": "Unconfined"},
            {
                "metadata.namespace": "baseline",
                f"{POD}.securityContext.sysctls": [{"name": "kernel.msgmax", "value": "1"}],
            },
            {"metadata.namespace": "open", f"{CONTAINER}.securityContext.privileged": True},
        ],
    ),
    *_rows(
        "StatefulSet",
        accepted=[{}, {"spec.podManagementPolicy": "Parallel"}, {"spec.updateStrategy": {"type": "OnDelete"}}],
        refused=[
            {"spec.selector.matchLabels": {"app": "other"}},
            {"spec.replicas": -1},
            {"spec.podManagementPolicy": "Random"},
            {"spec.updateStrategy": {"type": "Recreate"}},
            {f"{POD}.restartPolicy": "Never"},
        ],
    ),
    *_rows(
        "DaemonSet",
        accepted=[{}, {"spec.updateStrategy": {"type": "OnDelete"}}],
        refused=[
            {"spec.selector": {}},
            {"spec.updateStrategy": {"type": "Recreate"}},
            {f"{POD}.hostPID": True},
            {f"{POD}.restartPolicy": "OnFailure"},
        ],
    ),
    *_rows(
        "Job",
        accepted=[
            {},
            {f"{POD}.restartPolicy": "OnFailure"},
            {"spec.completions": 2, "spec.parallelism": 2},
            {"spec.parallelism": 0},
            {"spec.ttlSecondsAfterFinished": 0},
            {"spec.completionMode": "Indexed"},
            {"spec.completionMode": "Indexed", "spec.completions": 2},
            {"spec.suspend": True},
            {"spec.completionMode": "Indexed", "spec.completions": 2, "spec.backoffLimitPerIndex": 1},
            {"spec.podFailurePolicy": _FAILURE_POLICY},
        ],
        refused=[
            {"metadata.name": "a" * 64},
            {"spec.completions": 2, "spec.backoffLimitPerIndex": 1},
            {"spec.podFailurePolicy": _FAILURE_POLICY, f"{POD}.restartPolicy": "OnFailure"},
            {f"{POD}.restartPolicy": REMOVED},
            {f"{POD}.restartPolicy": "Always"},
            {"spec.backoffLimit": -1},
            {"spec.activeDeadlineSeconds": -1},
            {"spec.completions": -1},
            {"spec.parallelism": -1},
            {"spec.ttlSecondsAfterFinished": -1},
            {"spec.completionMode": "Indexed", "spec.parallelism": 2},
            {"spec.completionMode": "Random"},
            {"spec.selector": {"matchLabels": {"app": "api"}}},
            {f"{CONTAINER}.image": ""},
            {f"{POD}.securityContext.runAsUser": 0},
        ],
    ),
    *_rows(
        "CronJob",
        accepted=[
            {},
            {"spec.schedule": "*/5 0-6,12 * * MON-FRI"},
            {"spec.schedule": "@hourly"},
            {"spec.schedule": "@every 1h30m"},
            {"spec.schedule": "0 0 1 jan ?"},
            {"spec.timeZone": "Europe/Berlin"},
            {"spec.concurrencyPolicy": "Forbid"},
            {"spec.startingDeadlineSeconds": 0},
            {"spec.suspend": True},
            {"metadata.name": "a" * 52},
        ],
        refused=[
            {"metadata.name": "a" * 53},
            {"spec.schedule": ""},
            {"spec.schedule": "* * * *"},
            {"spec.schedule": "* * * * * *"},
            {"spec.schedule": "60 * * * *"},
            {"spec.schedule": "* 24 * * *"},
            {"spec.schedule": "* * 0 * *"},
            {"spec.schedule": "* * * 13 *"},
            {"spec.schedule": "* * * * 8"},
            {"spec.schedule": "* * L * *"},
            {"spec.schedule": "*/0 * * * *"},
            {"spec.schedule": "5-1 * * * *"},
            {"spec.schedule": "* * * FOO *"},
            {"spec.schedule": "@never"},
            {"spec.schedule": "@every soon"},
            {"spec.schedule": "TZ=UTC 0 3 * * *"},
            {"spec.timeZone": "Mars/Base"},
            {"spec.timeZone": ""},
            {"spec.timeZone": "Local"},
            {"spec.concurrencyPolicy": "Sometimes"},
            {"spec.startingDeadlineSeconds": -1},
            {"spec.successfulJobsHistoryLimit": -1},
            {"spec.failedJobsHistoryLimit": -1},
            {"spec.jobTemplate.spec.backoffLimit": -1},
            {f"{CRON_POD}.restartPolicy": "Always"},
            {f"{CRON_POD}.restartPolicy": REMOVED},
            {f"{CRON_POD}.containers[0].name": "App"},
            {f"{CRON_POD}.hostPID": True},
        ],
    ),
]

_METRIC = "spec.metrics[0]"
_EXTERNAL: Mapping[str, Any] = {
    "type": "External",
    "external": {"metric": {"name": "depth"}, "target": {"type": "AverageValue", "averageValue": "10"}},
}
_SCALING = [
    *_rows(
        "HorizontalPodAutoscaler",
        accepted=[
            {},
            {"spec.minReplicas": 4},
            {"spec.minReplicas": REMOVED},
            {"spec.metrics": REMOVED},
            {"spec.metrics[1]": _EXTERNAL},
            {"spec.metrics[0]": _EXTERNAL},
            {f"{_METRIC}.resource.target": {"type": "AverageValue", "averageValue": "200Mi"}},
            {f"{_METRIC}.resource.target.averageUtilization": 300},
            {"spec.behavior": {"scaleDown": {"stabilizationWindowSeconds": 3600}}},
            {"spec.behavior": {"scaleDown": {"selectPolicy": "Disabled"}}},
            {"spec.behavior": {"scaleUp": {"policies": [{"type": "Pods", "value": 4, "periodSeconds": 1800}]}}},
        ],
        accepted_without_effect=[
            {"spec.scaleTargetRef.name": "missing"},
            {f"{_METRIC}.resource.name": "ephemeral-storage"},
        ],
        refused=[
            {"spec.minReplicas": 0},
            {"spec.minReplicas": 0, "spec.metrics[0]": _EXTERNAL},
            {"spec.minReplicas": 5},
            {"spec.maxReplicas": 0},
            {"spec.maxReplicas": REMOVED},
            {"spec.scaleTargetRef.kind": REMOVED},
            {"spec.scaleTargetRef.name": REMOVED},
            {f"{_METRIC}.type": "Disk"},
            {f"{_METRIC}.type": "External"},
            {f"{_METRIC}.resource.name": REMOVED},
            {f"{_METRIC}.resource.target": {"type": "Utilization"}},
            {f"{_METRIC}.resource.target.averageUtilization": 0},
            {f"{_METRIC}.resource.target": {"type": "Value", "value": "1"}},
            {f"{_METRIC}.resource.target.averageValue": "1"},
            {f"{_METRIC}.external": _EXTERNAL["external"]},
            {
                "spec.metrics[0]": {
                    "type": "External",
                    "external": {"metric": {"name": "a/b"}, "target": {"type": "AverageValue", "averageValue": "10"}},
                }
            },
            {
                "spec.metrics[0]": {
                    "type": "External",
                    "external": {"metric": {}, "target": {"type": "AverageValue", "averageValue": "10"}},
                }
            },
            {
                "spec.metrics[0]": {
                    "type": "External",
                    "external": {"metric": {"name": "a"}, "target": {"type": "AverageValue", "averageValue": "0"}},
                }
            },
            {
                "spec.metrics[0]": {
                    "type": "External",
                    "external": {"metric": {"name": "a"}, "target": {"type": "Utilization", "averageUtilization": 5}},
                }
            },
            {"spec.behavior": {"scaleDown": {"stabilizationWindowSeconds": 3601}}},
            {"spec.behavior": {"scaleDown": {"stabilizationWindowSeconds": -1}}},
            {"spec.behavior": {"scaleDown": {"selectPolicy": "Any"}}},
            {"spec.behavior": {"scaleUp": {"policies": []}}},
            {"spec.behavior": {"scaleUp": {"policies": [{"type": "Pods", "value": 0, "periodSeconds": 30}]}}},
            {"spec.behavior": {"scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 1801}]}}},
            {"spec.behavior": {"scaleUp": {"policies": [{"type": "Some", "value": 1, "periodSeconds": 30}]}}},
        ],
    ),
    *_rows(
        "PodDisruptionBudget",
        accepted=[
            {},
            {"spec.maxUnavailable": 0},
            {"spec.maxUnavailable": REMOVED, "spec.minAvailable": 1},
            {"spec.maxUnavailable": REMOVED},
            {"spec.selector": {}},
            {"spec.selector": REMOVED},
            {"spec.unhealthyPodEvictionPolicy": "AlwaysAllow"},
        ],
        refused=[
            {"spec.minAvailable": 1},
            {"spec.maxUnavailable": "25"},
            {"spec.maxUnavailable": "101%"},
            {"spec.maxUnavailable": "a%"},
            {"spec.maxUnavailable": -1},
            {"spec.unhealthyPodEvictionPolicy": "Sometimes"},
            {"spec.selector.matchLabels": {"app": "a b"}},
        ],
    ),
]

_PEER = "spec.ingress[0].from[0]"
_PORT = "spec.ingress[0].ports[0]"
_NETWORKING = _rows(
    "NetworkPolicy",
    accepted=[
        {},
        {"spec.podSelector": {}},
        {"spec.ingress": REMOVED},
        {"spec.policyTypes": REMOVED},
        {f"{_PEER}": {"podSelector": {}, "namespaceSelector": {}}},
        {f"{_PEER}.ipBlock": {"cidr": "::/0", "except": ["fe80::/10"]}},
        {f"{_PORT}.endPort": 3010},
        {f"{_PORT}.port": "http"},
        {"spec.ingress[0].from": REMOVED},
        {"spec.egress": [{"ports": [{"protocol": "UDP", "port": 53}]}]},
    ],
    refused=[
        {"metadata.namespace": "missing"},
        {f"{_PEER}": {}},
        {f"{_PEER}.podSelector": {}},
        {f"{_PEER}.ipBlock.cidr": "10.0.0.0"},
        {f"{_PEER}.ipBlock.cidr": "10.0.0.0/33"},
        {f"{_PEER}.ipBlock.cidr": REMOVED},
        {f"{_PEER}.ipBlock.except": ["10.1.0.0/24"]},
        {f"{_PEER}.ipBlock.except": ["10.0.0.0/16"]},
        {f"{_PEER}.ipBlock.except": ["any"]},
        {f"{_PORT}.protocol": "ICMP"},
        {f"{_PORT}.port": 0},
        {f"{_PORT}.port": "a" * 16},
        {f"{_PORT}.endPort": 2999},
        {f"{_PORT}.port": "http", f"{_PORT}.endPort": 3010},
        {f"{_PORT}.port": REMOVED, f"{_PORT}.endPort": 3010},
        {"spec.policyTypes": ["Inbound"]},
        {"spec.policyTypes": ["Ingress", "Egress", "Ingress"]},
        {"spec.podSelector.matchLabels": {"app": "a b"}},
    ],
)

_TERM = f"{POD}.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"
_PREFERENCE = f"{POD}.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution"


def _preferred(weight: int = 100, **expression: Any) -> list[Mapping[str, Any]]:
    wanted = {"key": "zone", "operator": "In", "values": ["a"], **expression}
    return [{"weight": weight, "preference": {"matchExpressions": [wanted]}}]


def _term(key: str, label: str = "api") -> list[Mapping[str, Any]]:
    return [{"topologyKey": key, "labelSelector": {"matchLabels": {"app": label}}}]


_NAMED = "aa_b"
_FIELDS = [
    *_rows(
        "Deployment",
        accepted=[
            {f"{POD}.hostname": "a"},
            {f"{POD}.hostAliases": [{"ip": "10.0.0.1", "hostnames": ["db.example.com"]}]},
            {f"{POD}.tolerations": [{"key": "a", "value": "b", "effect": "NoExecute", "tolerationSeconds": 5}]},
            {f"{POD}.volumes[1]": {"name": "s", "configMap": {"name": "a", "optional": True, "defaultMode": 0o444}}},
            {f"{POD}.volumes[1]": {"name": "s", "csi": {"driver": "Efs.csi.aws.com"}}},
            {f"{CONTAINER}.envFrom": [{"prefix": "A_", "secretRef": {"name": "a", "optional": True}}]},
            {f"{CONTAINER}.imagePullPolicy": "", f"{CONTAINER}.ports[0].protocol": "", f"{POD}.dnsPolicy": ""},
            {_TERM: _term("kubernetes.io/hostname")},
            {_PREFERENCE: _preferred()},
            {_PREFERENCE: _preferred(operator="Gt", values=["3"])},
        ],
        refused=[
            {"spec.replicas": "two"},
            {"spec.template.metadata.labels.version": 1},
            {f"{CONTAINER}.env[0].value": 1},
            {f"{CONTAINER}.ports[0].containerPort": "3000"},
            {f"{CONTAINER}.securityContext.readOnlyRootFilesystem": "true"},
            {f"{POD}.hostname": _NAMED},
            {f"{POD}.subdomain": "a" * 64},
            {f"{POD}.priorityClassName": _NAMED},
            {f"{POD}.hostAliases": [{"ip": "db", "hostnames": ["a"]}]},
            {f"{POD}.hostAliases": [{"ip": "10.0.0.1", "hostnames": [_NAMED]}]},
            {f"{POD}.securityContext.supplementalGroups": [-1]},
            {f"{POD}.tolerations": [{"key": "a b", "operator": "Exists"}]},
            {f"{POD}.tolerations": [{"key": "a", "value": "b c"}]},
            {f"{POD}.tolerations": [{"key": "a", "value": "b", "tolerationSeconds": 5}]},
            {f"{POD}.topologySpreadConstraints[0].topologyKey": ""},
            {f"{POD}.volumes[1]": {"name": "s", "configMap": {"name": ""}}},
            {f"{POD}.volumes[1]": {"name": "s", "configMap": {"name": "a", "optional": True, "defaultMode": 512}}},
            {f"{POD}.volumes[1]": {"name": "s", "csi": {"driver": _NAMED}}},
            {
                f"{POD}.volumes[1]": {
                    "name": "s",
                    "projected": {"sources": [{"serviceAccountToken": {"path": "a", "expirationSeconds": 599}}]},
                }
            },
            {f"{CONTAINER}.volumeMounts[0].mountPath": ""},
            {f"{CONTAINER}.envFrom": [{}]},
            {f"{CONTAINER}.envFrom": [{"configMapRef": {"name": "", "optional": True}}]},
            {f"{CONTAINER}.envFrom": [{"secretRef": {"name": _NAMED, "optional": True}}]},
            {
                f"{CONTAINER}.env[1]": {
                    "name": "A",
                    "valueFrom": {"secretKeyRef": {"name": _NAMED, "key": "a", "optional": True}},
                }
            },
            {
                f"{CONTAINER}.env[1]": {
                    "name": "A",
                    "valueFrom": {"configMapKeyRef": {"name": "a", "key": "a b", "optional": True}},
                }
            },
            {_TERM: _term("")},
            {_TERM: _term("a b")},
            {_TERM: _term("zone", label="a b")},
            {_PREFERENCE: _preferred(weight=0)},
            {_PREFERENCE: _preferred(key="a b")},
            {_PREFERENCE: _preferred(operator="Is")},
            {_PREFERENCE: _preferred(values=[])},
            {_PREFERENCE: _preferred(operator="Gt", values=["3", "4"])},
        ],
    ),
    *_rows(
        "Service",
        accepted=[{"spec.type": "", "spec.sessionAffinity": ""}, {"spec.ports[0].appProtocol": "http"}],
        refused=[{"spec.ports[0].appProtocol": "a b"}, {"spec.ipFamilyPolicy": "Any"}, {"spec.ports[0].port": "80"}],
    ),
    *_rows("ConfigMap", accepted=[], refused=[{"data": {"PORT": 3000}}]),
    *_rows(
        "HorizontalPodAutoscaler",
        accepted=[],
        refused=[
            {"spec.scaleTargetRef.apiVersion": REMOVED},
            {"spec.scaleTargetRef.apiVersion": "v1"},
            {"spec.scaleTargetRef.kind": "a/b"},
        ],
    ),
    *_rows("PodDisruptionBudget", accepted=[{"metadata.name": "Api"}], refused=[{"metadata.name": "a%2Fb"}]),
    *_rows("Job", accepted=[{"spec.activeDeadlineSeconds": 3_000_000_000}], refused=[{"spec.backoffLimit": "1"}]),
    *_rows(
        "DaemonSet",
        accepted=[
            {"spec.updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}},
        ],
        refused=[
            {"spec.updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0}}},
            {"spec.updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}},
            {"spec.updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "x"}}},
        ],
    ),
    *_rows(
        "StatefulSet",
        accepted=[
            {
                "spec.volumeClaimTemplates": [
                    {
                        "metadata": {"name": "d"},
                        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
                    }
                ]
            },
        ],
        refused=[
            {"metadata.name": "a" * 64},
            {"spec.serviceName": _NAMED},
            {"spec.updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": -1}}},
            {"spec.volumeClaimTemplates": [{"metadata": {"name": "d"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]},
            {
                "spec.volumeClaimTemplates": [
                    {"metadata": {"name": "d"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}
                ]
            },
            {
                "spec.volumeClaimTemplates": [
                    {
                        "metadata": {"name": "d"},
                        "spec": {"accessModes": ["Any"], "resources": {"requests": {"storage": "1Gi"}}},
                    }
                ]
            },
        ],
    ),
]

_PATH = "spec.rules[0].http.paths[0]"
_STORAGE = "spec.resources.requests.storage"
_ACCESS = [
    *_rows(
        "Role",
        accepted=[
            {},
            {"metadata.name": "Read:Pods"},
            {"rules": []},
            {"rules[0].resources": ["pods/log"], "rules[0].resourceNames": ["api"]},
            {"rules[0].verbs": ["*"], "rules[0].apiGroups": ["*"], "rules[0].resources": ["*"]},
        ],
        refused=[
            {"metadata.namespace": "missing"},
            {"metadata.name": "a/b"},
            {"rules[0].verbs": []},
            {"rules[0].apiGroups": REMOVED},
            {"rules[0].resources": []},
            {"rules": [{"nonResourceURLs": ["/healthz"], "verbs": ["get"]}]},
        ],
    ),
    *_rows(
        "ClusterRole",
        accepted=[
            {},
            {"rules": [{"nonResourceURLs": ["/healthz"], "verbs": ["get"]}]},
            {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}},
        ],
        refused=[
            {"rules[0].nonResourceURLs": ["/healthz"]},
            {"aggregationRule": {"clusterRoleSelectors": []}},
            {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a b": "c"}}]}},
        ],
    ),
    *_rows(
        "RoleBinding",
        accepted=[
            {},
            {"roleRef.kind": "ClusterRole", "roleRef.name": "view"},
            {"subjects": REMOVED},
            {"subjects[0].namespace": REMOVED},
            {"subjects": [{"kind": "User", "name": "a@example.com"}]},
            {"subjects": [{"kind": "Group", "name": "system:masters", "apiGroup": "rbac.authorization.k8s.io"}]},
        ],
        refused=[
            {"roleRef.kind": "Policy"},
            {"roleRef.name": ""},
            {"roleRef.apiGroup": "apps"},
            {"subjects[0].kind": "Robot"},
            {"subjects[0].name": "Api"},
            {"subjects[0].name": ""},
            {"subjects[0].apiGroup": "rbac.authorization.k8s.io"},
            {"subjects": [{"kind": "User", "name": "a", "apiGroup": "apps"}]},
        ],
    ),
    *_rows(
        "ClusterRoleBinding",
        accepted=[{}],
        refused=[{"roleRef.kind": "Role"}, {"subjects[0].namespace": REMOVED}],
    ),
]
_VOLUMES = [
    *_rows(
        "PersistentVolumeClaim",
        accepted=[
            {},
            {"spec.storageClassName": ""},
            {"spec.storageClassName": "missing"},
            {"spec.volumeMode": "Block"},
            {"spec.accessModes": ["ReadWriteOnce", "ReadOnlyMany"]},
            {_STORAGE: "1.5Gi"},
        ],
        refused=[
            {"spec.accessModes": []},
            {"spec.accessModes": ["Any"]},
            {"spec.accessModes": ["ReadWriteOncePod", "ReadWriteOnce"]},
            {_STORAGE: REMOVED},
            {_STORAGE: "0"},
            {_STORAGE: "-1Gi"},
            {_STORAGE: "1 Gi"},
            {"spec.resources": REMOVED},
            {"spec.volumeMode": "Disk"},
            {"spec.storageClassName": "Gp3"},
            {"spec.selector": {"matchLabels": {"a": "b c"}}},
        ],
    ),
    *_rows(
        "PersistentVolume",
        accepted=[
            {},
            {"spec.persistentVolumeReclaimPolicy": "Retain"},
            {"spec.csi": REMOVED, "spec.nfs": {"server": "10.0.0.1", "path": "/"}},
            {"spec.csi": REMOVED, "spec.hostPath": {"path": "/data"}},
        ],
        refused=[
            {"spec.csi": REMOVED},
            {"spec.nfs": {"server": "10.0.0.1", "path": "/"}},
            {"spec.capacity": REMOVED},
            {"spec.capacity.storage": "0"},
            {"spec.accessModes": []},
            {"spec.persistentVolumeReclaimPolicy": "Keep"},
            {"spec.csi.volumeHandle": ""},
            {"spec.csi": REMOVED, "spec.local": {"path": "/data"}},
        ],
    ),
    *_rows(
        "StorageClass",
        accepted=[
            {},
            {"reclaimPolicy": "Retain"},
            {"volumeBindingMode": "WaitForFirstConsumer"},
            {"parameters": {"type": "gp3"}, "allowVolumeExpansion": True},
        ],
        refused=[
            {"provisioner": ""},
            {"provisioner": "a b"},
            {"reclaimPolicy": "Recycle"},
            {"volumeBindingMode": "Late"},
        ],
    ),
]
_LIMITS = [
    *_rows(
        "PriorityClass",
        accepted=[{}, {"value": -5}, {"value": 1_000_000_000}, {"preemptionPolicy": "Never"}],
        refused=[{"value": 1_000_000_001}, {"metadata.name": "system-api"}, {"preemptionPolicy": "Always"}],
    ),
    *_rows(
        "ResourceQuota",
        accepted=[
            {},
            {"spec.hard": {"count/deployments.apps": "5", "limits.memory": "8Gi", "requests.storage": "1Ti"}},
            {"spec.hard": {"services.loadbalancers": "2", "persistentvolumeclaims": "4"}},
            {"spec.hard": {"requests.nvidia.com/gpu": "4"}},
        ],
        refused=[
            {"spec.hard": {"pods": "many"}},
            {"spec.hard": {"pods": "-1"}},
            {"spec.hard": {"pods": "1.5"}},
            {"spec.hard": {"podz": "1"}},
            {"spec.scopes": ["Some"]},
        ],
    ),
    *_rows(
        "LimitRange",
        accepted=[
            {},
            {"spec.limits[0].min": {"cpu": "100m"}, "spec.limits[0].max": {"cpu": "2"}},
            {"spec.limits": [{"type": "PersistentVolumeClaim", "max": {"storage": "1Ti"}}]},
            {"spec.limits": [{"type": "Pod", "max": {"cpu": "4"}}]},
        ],
        refused=[
            {"spec.limits[0].type": "Any"},
            {"spec.limits[0].min": {"cpu": "2"}, "spec.limits[0].max": {"cpu": "1"}},
            {"spec.limits[0].max": {"cpu": "500m"}},
            {"spec.limits[0].defaultRequest": {"cpu": "2"}},
            {"spec.limits[0].min": {"cpu": "2"}},
            {"spec.limits": [{"type": "Pod", "default": {"cpu": "1"}}]},
            {"spec.limits": [{"type": "PersistentVolumeClaim", "default": {"storage": "1Gi"}}]},
            {"spec.limits": [{"type": "Pod", "max": {"cpu": "1"}}, {"type": "Pod", "max": {"cpu": "2"}}]},
        ],
    ),
]
_INGRESSES = [
    *_rows(
        "Ingress",
        accepted=[
            {},
            {"spec.rules[0].host": "*.example.com"},
            {"spec.rules[0].host": REMOVED},
            {"spec.rules": [{"host": "api.example.com"}]},
            {"spec.rules": REMOVED, "spec.defaultBackend": {"service": {"name": "api", "port": {"name": "http"}}}},
            {f"{_PATH}.pathType": "ImplementationSpecific", f"{_PATH}.path": REMOVED},
            {f"{_PATH}.pathType": "ImplementationSpecific", f"{_PATH}.path": "/*"},
            {f"{_PATH}.path": "/a//b", f"{_PATH}.pathType": "ImplementationSpecific"},
            {f"{_PATH}.backend": {"resource": {"kind": "Bucket", "name": "a"}}},
            {"spec.tls": [{"hosts": ["api.example.com"], "secretName": "missing"}]},
            {"spec.ingressClassName": "missing"},
        ],
        refused=[
            {"spec.rules": REMOVED},
            {"spec.rules[0].host": "10.0.0.1"},
            {"spec.rules[0].host": "Api.example.com"},
            {"spec.rules[0].host": "a.*.example.com"},
            {"spec.rules[0].http.paths": []},
            {f"{_PATH}.path": "api"},
            {f"{_PATH}.path": REMOVED},
            {f"{_PATH}.path": "/a//b"},
            {f"{_PATH}.path": "/a/.."},
            {f"{_PATH}.path": "/a%2fb"},
            {f"{_PATH}.pathType": REMOVED},
            {f"{_PATH}.pathType": "Regex"},
            {f"{_PATH}.backend": {}},
            {f"{_PATH}.backend.resource": {"kind": "Bucket", "name": "a"}},
            {f"{_PATH}.backend.service.port.name": "http"},
            {f"{_PATH}.backend.service.port": {}},
            {f"{_PATH}.backend.service.port.number": 65_536},
            {f"{_PATH}.backend.service.name": "Api"},
            {"spec.tls": [{"hosts": ["api_1.example.com"]}]},
            {"spec.tls": [{"secretName": "a_b"}]},
            {"spec.ingressClassName": "A"},
            {"spec.ingressClassName": "a", "metadata.annotations": {"kubernetes.io/ingress.class": "b"}},
        ],
    ),
    *_rows(
        "IngressClass",
        accepted=[{}, {"spec.controller": "ingress.k8s.aws/alb"}],
        refused=[{"spec.controller": ""}, {"spec.controller": "alb"}, {"spec.controller": "A/b"}, {"spec": {}}],
    ),
    *_rows(
        "CustomResourceDefinition",
        accepted=[{}, {"spec.scope": "Cluster"}],
        refused=[
            {"metadata.name": "task.example.com"},
            {"spec.scope": "Any"},
            {"spec.versions[0].storage": False},
            {"spec.versions[0].schema": REMOVED},
            {"spec.versions[0].schema.openAPIV3Schema.type": "string"},
            {"spec.versions[0].name": "V1"},
            {"spec.group": "Example.com", "metadata.name": "tasks.Example.com"},
        ],
    ),
]
_SINGLE_PODS = [
    *_rows(
        "Pod",
        accepted=[
            {},
            {"spec.restartPolicy": "Never"},
            {"spec.restartPolicy": "OnFailure", "spec.activeDeadlineSeconds": 60},
            {"spec.activeDeadlineSeconds": 60},
            {"spec.priorityClassName": "system-cluster-critical"},
        ],
        accepted_without_effect=[
            {"spec.volumes[1]": {"name": "s", "persistentVolumeClaim": {"claimName": "missing"}}},
        ],
        refused=[
            {"spec.restartPolicy": "Sometimes"},
            {"spec.containers": []},
            {"spec.containers[0].image": REMOVED},
            {"spec.containers[0].ports[0].containerPort": 0},
            {"spec.serviceAccountName": "missing"},
            {"spec.priorityClassName": "missing"},
            {"spec.nodeSelector": {"a b": "c"}},
            {"metadata.namespace": "missing"},
        ],
    ),
    *_rows(
        "ReplicaSet",
        accepted=[{}, {"spec.replicas": 0}],
        refused=[
            {"spec.replicas": -1},
            {"spec.selector.matchLabels": {"app": "other"}},
            {"spec.selector": REMOVED},
            {f"{POD}.restartPolicy": "Never"},
        ],
    ),
    *_rows(
        "Deployment",
        accepted=[
            {f"{CONTAINER}.ports[0].hostPort": 3000, "metadata.namespace": "open"},
            {f"{POD}.dnsPolicy": "None", f"{POD}.dnsConfig": {"nameservers": ["10.0.0.2"]}},
        ],
        accepted_without_effect=[{f"{CONTAINER}.envFrom": [{"configMapRef": {"name": "missing"}}]}],
        refused=[
            {f"{POD}.priorityClassName": "missing"},
            {f"{POD}.dnsPolicy": "None"},
            {
                "metadata.namespace": "open",
                f"{CONTAINER}.ports[0].hostPort": 3000,
                f"{CONTAINER}.ports[1]": {"containerPort": 3001, "hostPort": 3000, "protocol": "TCP"},
            },
            {
                f"{CONTAINER}.resources": {
                    "requests": {"hugepages-2Mi": "2Mi", "cpu": "1"},
                    "limits": {"hugepages-2Mi": "4Mi"},
                }
            },
            {f"{CONTAINER}.resources": {"limits": {"nvidia.com/gpu": "0.5"}}},
            {f"{CONTAINER}.resources": {"limits": {"nvidia.com/gpu": "2"}, "requests": {"nvidia.com/gpu": "1"}}},
            {
                "metadata.namespace": "open",
                f"{POD}.initContainers": [{"name": "i", "image": "i", "readinessProbe": {"tcpSocket": {"port": 1}}}],
            },
        ],
    ),
    *_rows(
        "ValidatingWebhookConfiguration",
        accepted=[
            {},
            {
                "webhooks[0].clientConfig": {"service": {"name": "a", "namespace": "b", "path": "/c"}},
                "webhooks[0].failurePolicy": "Ignore",
            },
        ],
        refused=[
            {"webhooks[0].name": "hook"},
            {"webhooks[0].clientConfig.url": "http://hooks.example.com"},
            {"webhooks[0].clientConfig": {}},
            {"webhooks[0].sideEffects": "Some"},
            {"webhooks[0].timeoutSeconds": 31},
            {"webhooks[0].admissionReviewVersions": []},
        ],
    ),
    *_rows(
        "EndpointSlice",
        accepted=[{}, {"ports": REMOVED}],
        refused=[
            {"addressType": "IPv5"},
            {"endpoints[0].addresses": []},
            {"endpoints[0].addresses": ["2001:db8::1"]},
            {"endpoints[0].addresses": ["api.example.com"]},
        ],
    ),
    *_rows("Lease", accepted=[{}], refused=[{"spec.leaseDurationSeconds": 0}]),
    *_rows("RuntimeClass", accepted=[{}], refused=[{"handler": ""}, {"handler": "A_b"}]),
    *_rows("CSIDriver", accepted=[{}], refused=[{"spec.fsGroupPolicy": "Maybe"}]),
    *_rows(
        "ResourceQuota",
        accepted=[{"spec.scopes": ["NotTerminating"]}],
        refused=[
            {"spec.scopes": ["BestEffort"]},
            {"spec.hard": {"services": "1"}, "spec.scopes": ["NotBestEffort"]},
            {"spec.hard": {"pods": "1"}, "spec.scopes": ["BestEffort", "NotBestEffort"]},
        ],
    ),
    *_rows(
        "HorizontalPodAutoscaler",
        accepted=[],
        accepted_without_effect=[{"spec.scaleTargetRef.kind": "StatefulSet"}],
        refused=[],
    ),
]

DECISIONS: tuple[ManifestDecision, ...] = (
    *_OBJECTS,
    *_PODS,
    *_SCALING,
    *_NETWORKING,
    *_FIELDS,
    *_ACCESS,
    *_VOLUMES,
    *_LIMITS,
    *_INGRESSES,
    *_SINGLE_PODS,
)
