"""What the providers have changed since the state that the tables were read from: paths of inputs, by type."""

from __future__ import annotations

from collections.abc import Mapping

CHANGED: Mapping[str, frozenset[str]] = {
    # Redis OSS to Valkey is an upgrade in place: elasticache/replication_group.go, user.go and user_group.go.
    "aws:elasticache/replicationGroup:ReplicationGroup": frozenset({"engine", "transitEncryptionEnabled"}),
    "aws:elasticache/user:User": frozenset({"engine"}),
    "aws:elasticache/userGroup:UserGroup": frozenset({"engine"}),
    # launchType replaces unless forceNewDeployment is set: ecs/service.go, capacityProviderStrategyCustomizeDiff.
    "aws:ecs/service:Service": frozenset({"launchType"}),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": frozenset({"clientIdLists"}),
}
"""Inputs whose facts of the table no longer hold, as read on 2026-11-28 for the rows of these types."""
