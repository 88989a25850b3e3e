"""Changes of phase and tier on the real engine replace no resource that holds data or that others refer to.

After each change, the next preview is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stacks.transforms.protection import STATEFUL
from tests.engine.program import Program
from tierup.sandbox.cloud import CloudResource

pytestmark = pytest.mark.engine

REFERRED_TO = {
    "aws:ec2/subnet:Subnet",
    "aws:ec2/eip:Eip",
    "aws:lb/listener:Listener",
    "aws:lb/targetGroup:TargetGroup",
    "aws:route53/record:Record",
    "aws:cloudfront/distribution:Distribution",
    "aws:ecs/service:Service",
    "aws:ecs/cluster:Cluster",
}
"""Types that users connect to, or whose ids and addresses other systems may have stored."""


@dataclass(frozen=True, slots=True)
class Step:
    """The settings that change before one `up`."""

    name: str
    settings: Mapping[str, Any]
    may_delete: Sequence[str] = field(default_factory=list[str])
    """Prefixes of the logical names that this step may delete, because a lower tier does not have them."""


FIRST = (
    Step("mvp, small", {"phase": "mvp", "tier": "small", "allowDirectChanges": True}),
    Step("scale, medium", {"phase": "scale", "tier": "medium"}),
)

# Atlas and ElastiCache require these steps before a change to shards: docs/reference/limits.md.
SHARDED = (
    Step(
        "enterprise, large: sizes",
        {
            "phase": "enterprise",
            "tier": "large",
            "cacheClusterMode": "compatible",
            "pauseDatabaseAutoscaling": True,
            "sizeOverrides": {"databaseShards": 0},
        },
    ),
    Step(
        "enterprise, large: one shard",
        {
            "cacheClusterMode": "enabled",
            "pauseDatabaseAutoscaling": False,
            "sizeOverrides": {"databaseShards": 1, "cacheShards": 1},
        },
    ),
    Step("enterprise, large", {"sizeOverrides": {}}),
    Step(
        "enterprise, medium",
        {"tier": "medium", "sizeOverrides": {"databaseDiskGb": 160}},  # a disk cannot shrink
        may_delete=["network-nat-"],  # tier medium has one NAT gateway for all zones
    ),
)

TIERS = (
    Step("optimization, small", {"phase": "optimization", "tier": "small", "allowDirectChanges": True}),
    Step("optimization, large", {"tier": "large"}),
    Step("optimization, medium", {"tier": "medium", "sizeOverrides": {"databaseDiskGb": 160}}),
    Step("scale, medium", {"phase": "scale"}),
    Step("scale, large: size", {"tier": "large", "pauseDatabaseAutoscaling": True, "sizeOverrides": {}}),
    Step("scale, large", {"pauseDatabaseAutoscaling": False}),
    Step(
        "scale, medium: size",
        {"tier": "medium", "pauseDatabaseAutoscaling": True, "sizeOverrides": {"databaseDiskGb": 160}},
        may_delete=["network-nat-"],
    ),
    Step("scale, medium again", {"pauseDatabaseAutoscaling": False}),
)


def kept(program: Program) -> dict[str, CloudResource]:
    """Return the resources that must not be replaced, by URN."""
    return {each.urn: each for each in program.resources() if each.type in REFERRED_TO or each.type in STATEFUL}


def assert_steps_replace_nothing(folder: Path, steps: Sequence[Step]) -> None:
    program = Program(folder / "checkout")
    try:
        _deploy(program, steps)
    finally:
        program.close()


def _deploy(program: Program, steps: Sequence[Step]) -> None:
    before: dict[str, CloudResource] = {}
    for step in steps:
        program.set(**step.settings)
        up = program.run("up")
        assert up.code == 0, f"{step.name}: {up.document.get('diagnostics')}\n{up.stderr}"
        after = kept(program)
        deleted = {each.name for urn, each in before.items() if urn not in after}
        unexpected = {name for name in deleted if not name.startswith(tuple(step.may_delete))}
        replaced = {each.name for urn, each in before.items() if urn in after and after[urn].id != each.id}
        assert (unexpected, replaced) == (set(), set()), step.name
        again = program.run("preview", "--expect-no-changes")
        assert again.code == 0, f"{step.name}: {dict(again.changes)}\n{again.stderr}"
        before = after


@pytest.mark.exhaustive  # test_program.py changes from mvp to optimization
def test_change_from_mvp_to_scale_in_one_step_replaces_nothing(tmp_path: Path) -> None:
    assert_steps_replace_nothing(tmp_path, FIRST)


@pytest.mark.exhaustive
def test_change_to_shards_and_to_a_lower_tier_replaces_nothing(tmp_path: Path) -> None:
    assert_steps_replace_nothing(tmp_path, (*FIRST, *SHARDED))


@pytest.mark.exhaustive
def test_changes_to_higher_and_lower_tiers_replace_nothing(tmp_path: Path) -> None:
    assert_steps_replace_nothing(tmp_path, TIERS)
