"""The database of a stack."""

from __future__ import annotations

import pytest

from tests.stacks.test_architecture import built


@pytest.mark.parametrize("protect", [True, False])
def test_only_a_protected_stack_retains_snapshots_after_destroy(protect: bool) -> None:
    """Retained snapshots continue to cost money, which a stack for tests must not do."""
    cluster = built(protect=str(protect).lower()).one("mongodbatlas:index/advancedCluster:AdvancedCluster")

    assert cluster.inputs["retainBackupsEnabled"] is protect
    assert cluster.inputs["terminationProtectionEnabled"] is protect
