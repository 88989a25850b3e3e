"""Atlas backup schedules in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account
from .test_clusters import CLUSTER, cluster
from .test_project import project

SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"


def item(interval: int, value: int, unit: str = "days") -> dict[str, Any]:
    return {"frequencyInterval": interval, "retentionUnit": unit, "retentionValue": value}


def schedule(project_id: str, **more: Any) -> dict[str, Any]:
    return {"projectId": project_id, "clusterName": "app", "policyItemDaily": item(1, 7), **more}


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def group(account: Account) -> str:
    """Create a project with a cluster that has continuous backup; return the project's id."""
    made = project(account)
    account.make(CLUSTER, "app", name="app", **cluster(made, backupEnabled=True, pitEnabled=True))
    return made


def test_schedule_needs_an_existing_cluster(account: Account, group: str) -> None:
    made = account.make(SCHEDULE, "first", **schedule(group, restoreWindowDays=7))
    assert made.outputs["clusterId"] == next(account.cloud.find(CLUSTER)).id
    assert account.codes(SCHEDULE, "second", **schedule(group)) == {"DUPLICATE_RESOURCE"}
    assert account.codes(SCHEDULE, **{**schedule(group), "clusterName": "none"}) == {"CLUSTER_NOT_FOUND"}
    assert account.replaced_by(made, projectId="1" * 24) == {"projectId"}


def test_schedule_finds_the_cluster_of_its_project(account: Account, group: str) -> None:
    other = project(account, "other")
    account.make(CLUSTER, "other", name="app", **cluster(other, backupEnabled=True, pitEnabled=True))
    for each in (group, other):
        made = account.make(SCHEDULE, each, **schedule(each))
        assert made.outputs["clusterId"] == next(account.cloud.find(CLUSTER, projectId=each)).id


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"policyItemHourly": item(3, 1)}, "INVALID_BACKUP_POLICIES"),
        ({"policyItemDaily": item(2, 7)}, "INVALID_BACKUP_POLICIES"),
        ({"policyItemDaily": item(1, 7, "fortnights")}, "INVALID_BACKUP_POLICIES"),
        ({"policyItemWeeklies": [item(8, 4, "weeks")]}, "INVALID_BACKUP_POLICIES"),
        ({"policyItemWeeklies": [item(1, 6)]}, "INVALID_BACKUP_POLICIES"),
        ({"policyItemMonthlies": [item(1, 30)]}, "INVALID_BACKUP_POLICIES"),
        ({"policyItemHourly": item(6, 8)}, "INVALID_BACKUP_POLICIES"),
        ({"restoreWindowDays": 8}, "INVALID_RESTORE_WINDOW"),
        ({"restoreWindowDays": 0}, "INVALID_RESTORE_WINDOW"),
        ({"referenceHourOfDay": 24}, "InvalidValue"),
    ],
)
def test_invalid_schedules_are_rejected(account: Account, group: str, more: dict[str, Any], code: str) -> None:
    assert account.codes(SCHEDULE, **schedule(group, **more)) == {code}


def test_valid_schedule_is_accepted(account: Account, group: str) -> None:
    full = schedule(
        group,
        policyItemHourly=item(6, 2),
        policyItemWeeklies=[item(7, 4, "weeks")],
        policyItemMonthlies=[item(40, 12, "months")],
        policyItemYearlies=[item(12, 1, "years")],
        referenceHourOfDay=3,
        restoreWindowDays=7,
    )
    assert not account.codes(SCHEDULE, **full)


def test_schedule_needs_a_cluster_with_backup(account: Account) -> None:
    group = project(account)
    account.make(CLUSTER, "app", name="app", **cluster(group))
    assert account.codes(SCHEDULE, **schedule(group)) == {"BACKUP_CONFIG_NOT_FOUND"}


COMPLIANCE = "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy"
AUTHORIZED_USER = {
    "authorizedEmail": "a@example.com", "authorizedUserFirstName": "Ada", "authorizedUserLastName": "Lovelace",
}  # fmt: skip


def test_compliance_policy_cannot_be_disabled_while_a_cluster_exists(account: Account, group: str) -> None:
    policy = account.make(COMPLIANCE, projectId=group, policyItemDaily=item(1, 7), **AUTHORIZED_USER)
    assert account.delete_codes(policy) == {"CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY"}
    lowered = {"policyItemDaily": item(1, 3)}
    assert account.change_codes(policy, **lowered) == {"BACKUP_COMPLIANCE_POLICY_SETTINGS_CANNOT_BE_LOWERED"}
    assert not account.change_codes(policy, policyItemDaily=item(1, 14))

    account.cloud.remove(next(account.cloud.find(CLUSTER)))
    assert not account.delete_codes(policy), "without clusters and snapshots it may go"


def test_schedule_below_the_compliance_policy_is_rejected(account: Account, group: str) -> None:
    account.make(COMPLIANCE, projectId=group, policyItemDaily=item(1, 7), **AUTHORIZED_USER)
    unmet = {"BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS"}

    assert account.codes(SCHEDULE, "s", **schedule(group, policyItemDaily=item(1, 6))) == unmet
    assert not account.codes(SCHEDULE, "s", **schedule(group))


def test_copy_settings_need_a_zone_of_the_cluster(account: Account, group: str) -> None:
    zone = next(account.cloud.find(CLUSTER)).outputs["replicationSpecs"][0]["zoneId"]
    copy = {"cloudProvider": "AWS", "regionName": "EU_CENTRAL_1", "frequencies": ["DAILY"], "shouldCopyOplogs": True}

    assert not account.codes(SCHEDULE, "s", **schedule(group, copySettings=[{**copy, "zoneId": zone}]))
    assert account.codes(SCHEDULE, "s", **schedule(group, copySettings=[{**copy, "zoneId": "0" * 24}])) == {
        "INVALID_BACKUP_POLICIES"
    }
    assert account.codes(SCHEDULE, "s", **schedule(group, copySettings=[copy])) == {"INVALID_BACKUP_POLICIES"}
