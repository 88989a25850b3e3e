"""Atlas projects and their settings in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account

PROJECT = "mongodbatlas:index/project:Project"
AUDITING = "mongodbatlas:index/auditing:Auditing"
ENCRYPTION = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest"
AUTHORIZATION = "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization"
WINDOW = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow"
ORG = "0" * 24


def project(account: Account, name: str = "app") -> str:
    """Create a project and return its id."""
    return account.make(PROJECT, name, name=name, orgId=ORG).id


def test_project_has_an_atlas_id_and_no_clusters() -> None:
    account = Account()
    made = account.make(PROJECT, name="app", orgId=ORG)
    assert len(made.id) == 24
    assert made.outputs["clusterCount"] == 0
    assert account.replaced_by(made, orgId="1" * 24) == {"orgId"}
    assert account.change_codes(made, projectOwnerId="2" * 24) == {"InvalidParameter"}


def test_project_validates_its_name_and_ids() -> None:
    account = Account()
    project(account)
    assert account.codes(PROJECT, "twin", name="app", orgId=ORG) == {"GROUP_ALREADY_EXISTS"}
    assert not account.codes(PROJECT, "other", name="app", orgId="1" * 24)
    assert account.codes(PROJECT, name="a<b", orgId=ORG)
    assert account.codes(PROJECT, name="b", orgId="my-org") == {"INVALID_GROUP_ID"}
    users = {"name": "atlas.project.security.databaseAccess.users", "value": 80}
    assert not account.codes(PROJECT, name="b", orgId=ORG, limits=[users])
    assert account.codes(PROJECT, name="b", orgId=ORG, limits=[{**users, "name": "users"}])


def test_auditing_validates_its_filter() -> None:
    account = Account()
    assert account.codes(AUDITING, projectId="f" * 24, enabled=True) == {"GROUP_NOT_FOUND"}
    group = project(account)
    assert account.codes(AUDITING, projectId=group, auditFilter="{") == {"AUDIT_FILTER_INVALID"}
    made = account.make(AUDITING, "first", projectId=group, auditFilter="{}", enabled=True)
    assert made.id == group
    assert account.codes(AUDITING, "second", projectId=group) == {"DUPLICATE_RESOURCE"}


def test_encryption_at_rest_needs_a_key() -> None:
    account = Account()
    group = project(account)
    assert account.codes(ENCRYPTION, projectId=group) == {"INVALID_ATTRIBUTE"}
    role = {"roleId": "a" * 24, "customerMasterKeyId": "key", "region": "EU_WEST_1", "enabled": True}
    assert account.codes(ENCRYPTION, projectId=group, awsKmsConfig=role) == {
        "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"
    }
    account.add_existing(AUTHORIZATION, "a", projectId=group, roleId="a" * 24)
    assert not account.codes(ENCRYPTION, projectId=group, awsKmsConfig=role)
    assert account.codes(ENCRYPTION, projectId=group, awsKmsConfig={**role, "accessKeyId": "AKIA"}) == {
        "INVALID_ATTRIBUTE"
    }


@pytest.mark.parametrize(
    ("inputs", "rejected"),
    [
        ({"dayOfWeek": 7, "hourOfDay": 23}, False),
        ({"waveAssignment": 1}, False),
        ({"dayOfWeek": 8, "hourOfDay": 3}, True),
        ({"dayOfWeek": 1, "hourOfDay": 24}, True),
        ({"dayOfWeek": 1}, True),
        ({}, True),
    ],
)
def test_maintenance_window_validates_its_day_and_hour(inputs: dict[str, Any], rejected: bool) -> None:
    account = Account()
    assert bool(account.codes(WINDOW, projectId=project(account), **inputs)) is rejected
