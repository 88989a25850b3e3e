"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from policies.kubernetes.namespace_pod_security import LABEL
from policies.kubernetes.workloads import DEPLOYMENT
from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation

CONTAINER = "spec.template.spec.containers[0]"

VIOLATIONS: Mapping[str, Violation] = {
    "K8S-001": Violation(DEPLOYMENT, {f"{CONTAINER}.securityContext.privileged": True}),
    "K8S-002": Violation("kubernetes:core/v1:Namespace", {"metadata.labels": {LABEL: "privileged"}}),
    "K8S-003": Violation(DEPLOYMENT, {f"{CONTAINER}.resources": ABSENT}),
    "K8S-004": Violation(DEPLOYMENT, {f"{CONTAINER}.readinessProbe": ABSENT}),
    "K8S-005": Violation(DEPLOYMENT, {f"{CONTAINER}.env": [{"name": "JWT_SECRET", "value": "plain"}]}),
    "K8S-006": Violation(DEPLOYMENT, {f"{CONTAINER}.image": "registry.example.com/api:latest"}),
    "K8S-007": Violation(DEPLOYMENT, {f"{CONTAINER}.securityContext.readOnlyRootFilesystem": ABSENT}),
    "K8S-008": Violation(DEPLOYMENT, {"spec.template.spec.serviceAccountName": "default"}),
}
