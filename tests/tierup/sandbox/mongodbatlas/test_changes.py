"""Changes of Atlas resources: update, replacement, rejection or no change, as the Terraform provider decides."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.registry import registry

from ..provider_calls import Engine, urn
from .test_clusters import cluster, region

PROJECT, CLUSTER = "mongodbatlas:index/project:Project", "mongodbatlas:index/advancedCluster:AdvancedCluster"
SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
COMPLIANCE = "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy"
WINDOW = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow"
ACCESS = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"
ENDPOINT = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
ENDPOINT_SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
ENTRY = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"
AUDITING = "mongodbatlas:index/auditing:Auditing"
ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"


@pytest.fixture
def engine() -> Engine:
    return Engine(package="mongodbatlas")


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (SCHEDULE, {"clusterName": "a"}, {"clusterName": "b"}),
        (COMPLIANCE, {"projectId": "a"}, {"projectId": "b"}),
        (WINDOW, {"projectId": "a"}, {"projectId": "b"}),
        (ACCESS, {"projectId": "a"}, {"projectId": "b"}),
        (ENDPOINT_SERVICE, {"privateEndpointIpAddress": "10.0.0.1"}, {"privateEndpointIpAddress": "10.0.0.2"}),
    ],
)
def test_change_is_an_update(engine: Engine, type: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert engine.diff(type, old, new) == (set(new), set())


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (ENDPOINT, {"deleteOnCreateTimeout": True}, {"deleteOnCreateTimeout": False}),
        (ENTRY, {"comment": "a"}, {"comment": "b"}),
        (ACCESS, {"providerName": "AWS"}, {"providerName": "GCP"}),
        (CLUSTER, {"name": "a"}, {"name": "b"}),
    ],
)
def test_change_is_a_replacement(engine: Engine, type: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert engine.diff(type, old, new) == (set(), set(new))


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (ENDPOINT, {"portMappingEnabled": True}, {"portMappingEnabled": False}),
        (CLUSTER, {"deleteOnCreateTimeout": True}, {"deleteOnCreateTimeout": False}),
        (CLUSTER, {}, {"deleteOnCreateTimeout": False}),
        (PROJECT, {"withDefaultAlertsSettings": True}, {"withDefaultAlertsSettings": False}),
    ],
)
def test_change_is_rejected_in_a_preview(engine: Engine, type: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match=f"^{next(iter(new))}: .*does not allow a change after creation"):
        engine.diff(type, old, new)


@pytest.mark.parametrize(
    ("type", "removed"),
    [
        (CLUSTER, {"backupEnabled": True}),
        (CLUSTER, {"pitEnabled": True}),
        (CLUSTER, {"terminationProtectionEnabled": True}),
        (CLUSTER, {"mongoDbMajorVersion": "8.0"}),
        (CLUSTER, {"versionReleaseSystem": "LTS"}),
        (CLUSTER, {"advancedConfiguration": {"javascriptEnabled": False}}),
        (PROJECT, {"isDataExplorerEnabled": False}),
        (PROJECT, {"withDefaultAlertsSettings": False}),
        (AUDITING, {"enabled": True}),
        (AUDITING, {"auditFilter": "{}"}),
        (SCHEDULE, {"referenceHourOfDay": 3}),
        (SCHEDULE, {"restoreWindowDays": 7}),
        (ENTRY, {"comment": "office"}),
        (ALERT, {"enabled": True}),
    ],
)
def test_removed_input_keeps_its_value(engine: Engine, type: str, removed: dict[str, Any]) -> None:
    assert engine.diff(type, removed, {}) == (set(), set())


@pytest.mark.parametrize("field", ["delayMin", "intervalMin"])
def test_removed_field_of_a_notification_keeps_its_value(engine: Engine, field: str) -> None:
    old = {"notifications": [{"typeName": "GROUP", field: 5}]}
    assert engine.diff(ALERT, old, {"notifications": [{"typeName": "GROUP"}]}) == (set(), set())
    assert engine.diff(ALERT, old, {"notifications": [{"typeName": "ORG"}]}) == ({"notifications"}, set())


def test_removed_inputs_keep_their_value_in_the_cloud(engine: Engine) -> None:
    project = engine.create(PROJECT, {"orgId": "0" * 24, "name": "p"}, "project").id
    protected = {"terminationProtectionEnabled": True, "advancedConfiguration": {"javascriptEnabled": False}}
    inputs = cluster(project, region())
    id = engine.create(CLUSTER, {**inputs, "name": "c", **protected}).id
    outputs = engine.update(CLUSTER, id, {**inputs, "name": "c", "tags": {"a": "b"}})
    assert outputs["terminationProtectionEnabled"] is True
    assert outputs["advancedConfiguration"]["javascriptEnabled"] is False


def test_update_of_a_maintenance_windows_project_changes_the_old_window(engine: Engine) -> None:
    one, two = (engine.create(PROJECT, {"orgId": "0" * 24, "name": name}, name).id for name in ("one", "two"))
    id = engine.create(WINDOW, {"projectId": one, "dayOfWeek": 1, "hourOfDay": 1}).id
    outputs = engine.update(WINDOW, id, {"projectId": two, "dayOfWeek": 2, "hourOfDay": 1})
    assert (outputs["projectId"], outputs["dayOfWeek"]) == (one, 2)
    assert list(engine.cloud.find(WINDOW, projectId=two)) == []


def test_replaced_access_list_entry_is_deleted_with_the_old_one(engine: Engine) -> None:
    """Both have the same id, so a replacement with a changed comment needs deleteBeforeReplace."""
    project = engine.create(PROJECT, {"orgId": "0" * 24, "name": "p"}, "project").id
    entry = {"projectId": project, "cidrBlock": "10.0.0.0/16"}
    old = engine.create(ENTRY, {**entry, "comment": "a"})
    new = engine.create(ENTRY, {**entry, "comment": "b"})
    assert old.id == new.id
    assert [each.outputs["comment"] for each in engine.cloud.find(ENTRY)] == ["b"]
    engine.provider.Delete(provider_pb2.DeleteRequest(id=old.id, urn=urn(ENTRY, "it")), engine.context)
    assert list(engine.cloud.find(ENTRY)) == []


def test_search_index_name_is_unique_per_collection() -> None:
    name = registry().behaviours["mongodbatlas:index/searchIndex:SearchIndex"].name
    assert name is not None
    assert name.unique == "projectId+clusterName+database+collectionName"
