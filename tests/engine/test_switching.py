"""One stack up the phases and through the tiers, on the real engine: what holds data, what users reach and what others
know by address is never replaced, and each step ends quiet."""

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

REACHED = {
    "aws:ec2/subnet:Subnet",
    "aws:ec2/eip:Eip",
    "aws:lb/listener:Listener",
    "aws:lb/targetGroup:TargetGroup",
    "aws:route53/record:Record",
    "aws:cloudfront/distribution:Distribution",
    "aws:ecs/service:Service",
    "aws:ecs/cluster:Cluster",
}
"""Types that users reach, or that others have on their lists, besides the stateful ones."""


@dataclass(frozen=True, slots=True)
class Step:
    """Settings that are changed by one `up`."""

    name: str
    settings: Mapping[str, Any]
    gone: Sequence[str] = field(default_factory=list[str])
    """Of what is kept otherwise, what a lower tier may give up, by the beginning of its name."""


FIRST = (
    Step("mvp, small", {"phase": "mvp", "tier": "small"}),
    Step("scale, medium", {"phase": "scale", "tier": "medium"}),
)

# Shards come by steps that Atlas and ElastiCache insist on: docs/reference/limits.md.
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
        {"tier": "medium", "sizeOverrides": {"databaseDiskGb": 160}},  # disks don't shrink
        gone=["network-nat-"],  # one gateway for all zones
    ),
)

TIERS = (
    Step("optimization, small", {"phase": "optimization", "tier": "small"}),
    Step("optimization, large", {"tier": "large"}),
    Step("optimization, medium", {"tier": "medium", "sizeOverrides": {"databaseDiskGb": 160}}),
    Step("scale, medium", {"phase": "scale"}),
    Step("scale, large: size", {"tier": "large", "pauseDatabaseAutoscaling": True, "sizeOverrides": {}}),
    Step("scale, large", {"pauseDatabaseAutoscaling": False}),
    Step(
        "scale, medium: size",
        {"tier": "medium", "pauseDatabaseAutoscaling": True, "sizeOverrides": {"databaseDiskGb": 160}},
        gone=["network-nat-"],
    ),
    Step("scale, medium again", {"pauseDatabaseAutoscaling": False}),
)


def kept(program: Program) -> dict[str, CloudResource]:
    """What must stay, by URN."""
    return {each.urn: each for each in program.resources() if each.type in REACHED or each.type in STATEFUL}


def take(program: Program, steps: Sequence[Step]) -> None:
    """One step after the other."""
    before: dict[str, CloudResource] = {}
    for step in steps:
        program.set(**step.settings)
        made = program.run("up")
        assert made.code == 0, f"{step.name}: {made.document.get('diagnostics')}\n{made.stderr}"
        after = kept(program)
        lost = {
            each.name for urn, each in before.items() if urn not in after and not each.name.startswith(tuple(step.gone))
        }
        replaced = {each.name for urn, each in before.items() if urn in after and after[urn].id != each.id}
        assert (lost, replaced) == (set(), set()), step.name
        quiet = program.run("preview", "--expect-no-changes")
        assert quiet.code == 0, f"{step.name}: {dict(quiet.changes)}\n{quiet.stderr}"
        before = after


def taken(folder: Path, steps: Sequence[Step]) -> None:
    program = Program(folder / "checkout")
    try:
        take(program, steps)
    finally:
        program.close()


@pytest.mark.exhaustive  # test_program.py goes up one phase
def test_from_the_first_day_to_scale_in_one_step(tmp_path: Path) -> None:
    taken(tmp_path, FIRST)


@pytest.mark.exhaustive
def test_on_to_shards_and_a_tier_down(tmp_path: Path) -> None:
    taken(tmp_path, (*FIRST, *SHARDED))


@pytest.mark.exhaustive
def test_through_the_tiers_up_and_down(tmp_path: Path) -> None:
    taken(tmp_path, TIERS)
