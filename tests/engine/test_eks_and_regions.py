"""Stacks with pods on EKS, and in two regions, on the real engine: created, unchanged by a second run, destroyed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.program import Program

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

ADMIN = "arn:aws:iam::123456789012:role/admin"
REGIONS = {"phase": "enterprise", "tier": "medium", "regions": ["eu-central-1"]}
EKS = {"phase": "scale", "tier": "small", "orchestrator": "ecs-and-eks", "eksTrafficPercent": 10}


@pytest.mark.parametrize(
    ("settings", "type"),
    [
        ({**EKS, "eks": {"adminRoles": [ADMIN]}}, "aws:eks/cluster:Cluster"),
        (
            REGIONS,
            "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
        ),
        (
            {**REGIONS, "activeRegion": "eu-central-1", "replicateImages": False},
            "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
        ),
    ],
    ids=["eks", "two-regions", "other-region-serves"],
)
def test_stack_is_created_unchanged_by_a_second_run_and_destroyed(
    tmp_path: Path, settings: dict[str, Any], type: str
) -> None:
    program = Program(tmp_path / "checkout")
    try:
        program.set(**settings)
        up = program.run("up")
        assert up.code == 0, str(up)
        assert [each.type for each in program.resources() if each.type == type] == [type]
        assert program.run("preview", "--expect-no-changes").code == 0
        assert program.run("refresh", "--expect-no-changes").code == 0
        assert program.run("destroy").code == 0
        assert program.resources() == []
    finally:
        program.close()
