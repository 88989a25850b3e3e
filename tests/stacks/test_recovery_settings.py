"""Settings of maintenance, backups, restores and login limits: each changes its resources."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.config.errors import InvalidConfigError
from tests.stacks.test_options import built_with_secrets

WINDOW = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow"
SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
ACL = "aws:wafv2/webAcl:WebAcl"
LOGIN = '{"paths": ["/api/auth/login", "/api/auth/reset"], "requests": 20, "windowSeconds": 60}'


def test_the_database_is_maintained_in_the_given_window() -> None:
    recording = built_with_secrets(databaseMaintenance='{"day": "sun", "hour": 3}')
    inputs = recording.one(WINDOW).inputs
    assert (inputs["dayOfWeek"], inputs["hourOfDay"]) == (1, 3)
    assert not built_with_secrets().of(WINDOW)


def test_snapshots_of_the_database_are_copied_to_another_region() -> None:
    recording = built_with_secrets(backupCopyRegion="eu-central-1")
    (copy,) = recording.one(SCHEDULE).inputs["copySettings"]
    assert copy["regionName"] == "EU_CENTRAL_1"


def test_a_copy_in_the_same_region_is_rejected() -> None:
    with pytest.raises(InvalidConfigError, match="backupCopyRegion: the snapshots are in this region"):
        built_with_secrets(backupCopyRegion="eu-west-1")


def test_a_new_cache_gets_the_data_of_a_snapshot_and_an_existing_one_stays() -> None:
    cache = built_with_secrets(cacheSnapshotName="before-the-incident").one(CACHE)
    assert cache.inputs["snapshotName"] == "before-the-incident"
    assert "snapshotName" in cache.opts.ignore_changes


def _limits(phase: Phase) -> dict[str, list[tuple[str, int, int]]]:
    found: dict[str, list[tuple[str, int, int]]] = {}
    for acl in built_with_secrets(phase=phase, loginLimit=LOGIN).of(ACL):
        rules: Any = acl.inputs["rules"]
        limits = [each["statement"]["rateBasedStatement"] for each in rules if each["name"].startswith("login-limit")]
        if limits:
            found[acl.name] = [
                (
                    each["scopeDownStatement"]["andStatement"]["statements"][0]["byteMatchStatement"]["searchString"],
                    each["limit"],
                    each["evaluationWindowSec"],
                )
                for each in limits
            ]
    return found


@pytest.mark.parametrize(("phase", "acl"), [(Phase.MVP, "api-web-acl-acl"), (Phase.SCALE, "api-edge-web-acl-acl")])
def test_login_paths_have_stricter_limits_where_the_clients_address_is_known(phase: Phase, acl: str) -> None:
    assert _limits(phase) == {acl: [("/api/auth/login", 20, 60), ("/api/auth/reset", 20, 60)]}
