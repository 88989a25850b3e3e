"""Tests of the rules on EKS clusters and add-ons."""

from __future__ import annotations

from typing import Any

import pytest

from policies.eks import (
    access_entries,
    control_plane_logs,
    endpoint,
    pinned_addons,
    secrets_encryption,
    supported_version,
)
from policies.rule import Outcome, ResourceRule
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ON_CLUSTERS = [each.RULE for each in (access_entries, control_plane_logs, endpoint, secrets_encryption)]


@pytest.mark.parametrize("rule", [*ON_CLUSTERS, supported_version.RULE], ids=lambda rule: rule.id)
def test_compliant_cluster_passes(rule: ResourceRule) -> None:
    assert evaluate(rule, "eks-cluster").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("rule", "changes", "path"),
    [
        (endpoint.RULE, {"vpcConfig.endpointPublicAccess": True}, "vpcConfig.publicAccessCidrs"),
        (endpoint.RULE, {"vpcConfig.endpointPublicAccess": ABSENT}, "vpcConfig.publicAccessCidrs"),
        (
            endpoint.RULE,
            {"vpcConfig.endpointPublicAccess": True, "vpcConfig.publicAccessCidrs": ["0.0.0.0/0"]},
            "vpcConfig.publicAccessCidrs[0]",
        ),
        (secrets_encryption.RULE, {"encryptionConfig": ABSENT}, "encryptionConfig.provider.keyArn"),
        (control_plane_logs.RULE, {"enabledClusterLogTypes": ["audit"]}, "enabledClusterLogTypes"),
        (
            access_entries.RULE,
            {"accessConfig.bootstrapClusterCreatorAdminPermissions": ABSENT},
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
        ),
        (access_entries.RULE, {"accessConfig.authenticationMode": "CONFIG_MAP"}, "accessConfig.authenticationMode"),
        (supported_version.RULE, {"version": "1.30"}, "version"),
        (supported_version.RULE, {"upgradePolicy.supportType": "EXTENDED"}, "upgradePolicy.supportType"),
    ],
)
def test_violation_fails_at_its_property(rule: ResourceRule, changes: dict[str, Any], path: str) -> None:
    verdict = evaluate(rule, "eks-cluster", changes)
    assert [finding.path for finding in verdict.findings] == [path]


def test_small_public_ranges_pass() -> None:
    changes = {"vpcConfig.endpointPublicAccess": True, "vpcConfig.publicAccessCidrs": ["203.0.113.0/24"]}
    assert evaluate(endpoint.RULE, "eks-cluster", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (endpoint.RULE, "vpcConfig.endpointPublicAccess"),
        (control_plane_logs.RULE, "enabledClusterLogTypes"),
        (access_entries.RULE, "accessConfig.authenticationMode"),
        (supported_version.RULE, "version"),
    ],
)
def test_unknown_value_does_not_pass(rule: ResourceRule, path: str) -> None:
    assert evaluate(rule, "eks-cluster", {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_addon_without_a_version_fails() -> None:
    assert evaluate(pinned_addons.RULE, "eks-addon").outcome is Outcome.PASS
    assert evaluate(pinned_addons.RULE, "eks-addon", {"addonVersion": ABSENT}).outcome is Outcome.FAIL
