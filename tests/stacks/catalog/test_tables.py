"""The tables of phases, tiers and protected types are complete, and sizes grow from tier to tier."""

from __future__ import annotations

import itertools

import pytest

from components.ecs.fargate_sizes import check_fargate_size
from stacks.catalog.phases import Feature, Phase, features
from stacks.catalog.tiers import AWS_BUDGET_USD, Tier, sizes
from stacks.transforms.protection import STATEFUL


@pytest.mark.parametrize(("earlier", "later"), list(itertools.pairwise(Phase)))
def test_each_phase_has_all_features_of_the_earlier_one_and_more(earlier: Phase, later: Phase) -> None:
    assert features(earlier) < features(later)


def test_optimization_adds_cache_dashboard_and_uptime_check() -> None:
    added = features(Phase.OPTIMIZATION) - features(Phase.MVP)
    assert {Feature.CACHE, Feature.DASHBOARD, Feature.UPTIME_CHECK} <= added


@pytest.mark.parametrize(("tier", "phase"), list(itertools.product(Tier, Phase)))
def test_every_tier_and_phase_has_a_fargate_size_and_a_budget(tier: Tier, phase: Phase) -> None:
    row = sizes(tier, phase)
    check_fargate_size(row.task_cpu, row.task_memory)
    assert AWS_BUDGET_USD[phase][tier] > 0


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize(("lower", "higher"), list(itertools.pairwise(Tier)))
def test_no_size_of_a_higher_tier_is_smaller(lower: Tier, higher: Tier, phase: Phase) -> None:
    smaller, larger = sizes(lower, phase), sizes(higher, phase)
    assert larger.task_cpu >= smaller.task_cpu
    assert larger.task_memory >= smaller.task_memory
    assert larger.tasks > smaller.tasks
    assert larger.cache_nodes >= smaller.cache_nodes
    assert int(larger.database_instance_size[1:]) > int(smaller.database_instance_size[1:])
    assert larger.database_disk_gb >= smaller.database_disk_gb  # Atlas cannot shrink a disk


def test_sizes_are_those_of_the_scaling_guide() -> None:
    small, medium, large = (sizes(tier, Phase.OPTIMIZATION) for tier in Tier)
    assert (small.database_instance_size, medium.database_instance_size, large.database_instance_size) == (
        "M10",
        "M30",
        "M60",
    )
    assert (small.tasks, medium.tasks, large.tasks) == (2, 4, 10)
    assert medium.task_cpu == 1024
    assert sizes(Tier.SMALL, Phase.MVP).tasks == 1


@pytest.mark.parametrize("tier", list(Tier))
def test_connections_during_a_deployment_are_within_the_limit_of_the_database(tier: Tier) -> None:
    """A rolling deployment runs twice the tasks. Connections per node: M10 1,500, M30 3,000, M60 32,000."""
    limits = {"M10": 1_500, "M30": 3_000, "M60": 32_000}
    row = sizes(tier, Phase.OPTIMIZATION)
    assert 2 * row.tasks * row.database_max_pool_size <= limits[row.database_instance_size]


def test_types_that_updates_replace_are_not_protected() -> None:
    """A new image replaces the task definition, and a new password the secret version."""
    assert "aws:ecs/taskDefinition:TaskDefinition" not in STATEFUL
    assert "aws:secretsmanager/secretVersion:SecretVersion" not in STATEFUL
    assert "aws:acm/certificate:Certificate" not in STATEFUL
