"""The tables of phases, tiers and protected types are complete, and sizes grow from tier to tier."""

from __future__ import annotations

import itertools

import pytest

from components.ecs.fargate_sizes import check_fargate_size
from stacks.catalog.phases import Feature, Phase, features
from stacks.catalog.tiers import AWS_BUDGET_USD, Tier, sizes
from stacks.transforms.protection import STATEFUL


def test_each_phase_contains_the_one_before() -> None:
    for earlier, later in itertools.pairwise(Phase):
        assert features(earlier) < features(later)


def test_optimization_brings_what_the_guide_lists_for_it() -> None:
    added = features(Phase.OPTIMIZATION) - features(Phase.MVP)
    assert {Feature.CACHE, Feature.COMPRESSION, Feature.UPTIME_CHECK} <= added


@pytest.mark.parametrize(("tier", "phase"), list(itertools.product(Tier, Phase)))
def test_every_tier_has_sizes_in_every_phase_that_fargate_sells(tier: Tier, phase: Phase) -> None:
    row = sizes(tier, phase)
    check_fargate_size(row.task_cpu, row.task_memory)
    assert AWS_BUDGET_USD[phase][tier] > 0


@pytest.mark.parametrize("phase", list(Phase))
def test_a_larger_tier_is_in_nothing_smaller(phase: Phase) -> None:
    for smaller, larger in itertools.pairwise(sizes(tier, phase) for tier in Tier):
        assert larger.task_cpu >= smaller.task_cpu
        assert larger.task_memory >= smaller.task_memory
        assert larger.tasks > smaller.tasks
        assert larger.cache_nodes >= smaller.cache_nodes
        assert int(larger.database_instance_size[1:]) > int(smaller.database_instance_size[1:])
        assert larger.database_disk_gb >= smaller.database_disk_gb  # Atlas cannot shrink a disk on the way up


def test_the_guides_numbers() -> None:
    small, medium, large = (sizes(tier, Phase.OPTIMIZATION) for tier in Tier)
    assert (small.database_instance_size, medium.database_instance_size, large.database_instance_size) == (
        "M10",
        "M30",
        "M60",
    )
    assert (small.tasks, medium.tasks, large.tasks) == (2, 4, 10)
    assert medium.task_cpu == 1024
    assert sizes(Tier.SMALL, Phase.MVP).tasks == 1


def test_a_deployment_fits_the_databases_connections() -> None:
    """Twice the tasks are there while a deployment rolls. Limits a node: M10 1,500, M30 3,000, M60 32,000."""
    limits = {"M10": 1_500, "M30": 3_000, "M60": 32_000}
    for tier in Tier:
        row = sizes(tier, Phase.OPTIMIZATION)
        assert 2 * row.tasks * row.database_max_pool_size <= limits[row.database_instance_size]


def test_what_may_be_replaced_by_its_successor_is_not_protected() -> None:
    """A new image replaces the task definition, a new password the secret's version."""
    assert "aws:ecs/taskDefinition:TaskDefinition" not in STATEFUL
    assert "aws:secretsmanager/secretVersion:SecretVersion" not in STATEFUL
    assert "aws:acm/certificate:Certificate" not in STATEFUL
