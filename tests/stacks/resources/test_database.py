"""The database as a stack makes it."""

from __future__ import annotations

import pytest

from tests.stacks.test_architecture import built


@pytest.mark.parametrize("protect", [True, False])
def test_snapshots_outlive_a_protected_stack_and_no_other(protect: bool) -> None:
    """They cost on, and nobody would look for those of a stack that is torn down at will."""
    cluster = built(protect=str(protect).lower()).one("mongodbatlas:index/advancedCluster:AdvancedCluster")

    assert cluster.inputs["retainBackupsEnabled"] is protect
    assert cluster.inputs["terminationProtectionEnabled"] is protect
