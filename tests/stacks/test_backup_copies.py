"""Copies of backups in another region: AWS Backup's recovery points, and snapshots of the database."""

from __future__ import annotations

from stacks.catalog.phases import Phase
from tests.stacks.deployed import deploy
from tests.stacks.test_options import built_with_secrets

REGION = "eu-central-1"


def test_the_copy_has_a_vault_and_a_key_in_the_region() -> None:
    recording = built_with_secrets(backupCopyRegion=REGION)
    assert recording.named("backups-copies").inputs["region"] == REGION
    assert recording.named("backups-copy-key").inputs["region"] == REGION
    assert "backups-copies" not in {each.name for each in built_with_secrets().resources}
    early = built_with_secrets(phase=Phase.MVP, backupCopyRegion=REGION)
    assert "backups-copy-key" not in {each.name for each in early.resources}


def test_copies_deploy_and_are_destroyed() -> None:
    settings = {"phase": Phase.SCALE.value, "tier": "small", "backupCopyRegion": REGION}
    assert deploy(settings, destroy=True) == ([], [])
