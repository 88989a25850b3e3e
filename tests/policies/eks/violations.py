"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from policies.eks.clusters import ADDON, CLUSTER
from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation

VIOLATIONS: Mapping[str, Violation] = {
    "EKS-001": Violation(CLUSTER, {"vpcConfig.endpointPublicAccess": True}),
    "EKS-002": Violation(CLUSTER, {"encryptionConfig": ABSENT}),
    "EKS-003": Violation(CLUSTER, {"enabledClusterLogTypes": ["api"]}),
    "EKS-004": Violation(CLUSTER, {"accessConfig.authenticationMode": "API_AND_CONFIG_MAP"}),
    "EKS-005": Violation(CLUSTER, {"upgradePolicy": ABSENT}),
    "EKS-006": Violation(ADDON, {"addonVersion": ABSENT}),
}
