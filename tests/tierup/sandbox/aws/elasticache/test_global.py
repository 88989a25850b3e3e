"""Tests of the behaviour rows of Global Datastores."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.elasticache_global import GLOBAL_GROUP
from tierup.sandbox.aws.elasticache_replication_groups import REPLICATION_GROUP
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import ENCRYPTED, SMALL, TOKEN

LARGE = {**SMALL, "nodeType": "cache.m7g.large", **ENCRYPTED, "authToken": TOKEN}
SHARDED = {"numNodeGroups": 2, "replicasPerNodeGroup": 1, "automaticFailoverEnabled": True}


@pytest.fixture
def primary(account: Account) -> CloudResource:
    return account.make(REPLICATION_GROUP, "cache", **LARGE, **SHARDED)


@pytest.fixture
def everywhere(account: Account, primary: CloudResource) -> CloudResource:
    return account.make(GLOBAL_GROUP, "all", primaryReplicationGroupId=primary.id, globalReplicationGroupIdSuffix="app")


def secondary(everywhere: CloudResource) -> dict[str, object]:
    return {
        "description": "Cache", "globalReplicationGroupId": everywhere.id,
        "replicasPerNodeGroup": 1, "authToken": TOKEN, "automaticFailoverEnabled": True,
    }  # fmt: skip


def elsewhere(account: Account, region: str) -> Account:
    return Account(region, account.cloud)


def test_secondary_takes_shards_and_encryption_of_the_primary(account: Account, everywhere: CloudResource) -> None:
    made = elsewhere(account, "eu-central-1").make(REPLICATION_GROUP, "other", **secondary(everywhere))

    assert everywhere.id.endswith("-app")
    assert made.outputs["nodeType"] == "cache.m7g.large"
    assert made.outputs["transitEncryptionEnabled"] is True
    assert len(made.outputs["memberClusters"]) == 4
    assert made.outputs["configurationEndpointAddress"].startswith("clustercfg.")
    assert ".euc1." in made.outputs["configurationEndpointAddress"]


def test_secondary_with_inputs_of_the_primary_is_rejected(account: Account, everywhere: CloudResource) -> None:
    given = {**secondary(everywhere), "nodeType": "cache.m7g.large", "engine": "valkey"}
    found = account.planned(REPLICATION_GROUP, "other", **given)
    assert sorted(rejection.path for rejection in found) == ["engine", "nodeType"]


def test_region_has_one_member_and_the_datastore_two_secondaries(account: Account, everywhere: CloudResource) -> None:
    assert account.codes(REPLICATION_GROUP, "here", **secondary(everywhere)) == {"InvalidParameterValue"}
    for region in ("eu-central-1", "eu-west-3"):
        elsewhere(account, region).make(REPLICATION_GROUP, region, **secondary(everywhere))
    third = elsewhere(account, "eu-west-2").codes(REPLICATION_GROUP, "third", **secondary(everywhere))
    assert third == {"InvalidParameterValue"}


def test_burstable_primary_is_rejected(account: Account) -> None:
    small = account.make(REPLICATION_GROUP, "small", **SMALL)
    inputs = {"primaryReplicationGroupId": small.id, "globalReplicationGroupIdSuffix": "app"}
    assert account.codes(GLOBAL_GROUP, "all", **inputs) == {"InvalidParameterValue"}


def test_members_are_deleted_before_the_datastore_and_the_primary_last(
    account: Account, primary: CloudResource, everywhere: CloudResource
) -> None:
    elsewhere(account, "eu-central-1").make(REPLICATION_GROUP, "other", **secondary(everywhere))
    assert account.delete_codes(everywhere) == {"InvalidGlobalReplicationGroupState"}
    assert account.delete_codes(primary) == {"InvalidReplicationGroupState"}


def test_node_type_of_a_member_changes_on_the_datastore_only(
    account: Account, primary: CloudResource, everywhere: CloudResource
) -> None:
    assert everywhere.id
    assert account.change_codes(primary, nodeType="cache.m7g.xlarge") == {"InvalidParameterValue"}
