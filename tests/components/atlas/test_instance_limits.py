"""The connection limits of instance sizes, and the check that all pools fit a node."""

from __future__ import annotations

from itertools import pairwise

import pytest

from components.atlas.instance_limits import LIMITS, check_connections, connections_needed, size_number


def test_connections_include_pools_and_monitors_of_all_deployments() -> None:
    assert connections_needed(pool=50, max_tasks=4) == 4 * 2 * (50 + 2) + 10
    assert connections_needed(pool=50, max_tasks=4, deployments=1) == 4 * (50 + 2) + 10


def test_largest_fitting_pool_is_accepted_and_a_larger_one_is_rejected() -> None:
    fitting = (LIMITS["M10"].connections - 10) // (2 * 10) - 2
    check_connections("M10", pool=fitting, max_tasks=10)

    with pytest.raises(
        ValueError, match=rf"M10 allows 1,500 \(got a pool of {fitting + 1} in 10 tasks.*Use a pool of {fitting}, fewer"
    ):
        check_connections("M10", pool=fitting + 1, max_tasks=10)


def test_too_many_tasks_for_any_pool_are_rejected() -> None:
    with pytest.raises(ValueError, match="No pool fits so many tasks"):
        check_connections("M10", pool=5, max_tasks=1_000)


def test_limits_grow_with_the_instance_size() -> None:
    sizes = sorted(LIMITS, key=size_number)

    for smaller, larger in pairwise(sizes):
        assert LIMITS[smaller].connections <= LIMITS[larger].connections
        assert LIMITS[smaller].default_disk_gb < LIMITS[larger].default_disk_gb
        assert LIMITS[larger].default_disk_gb <= LIMITS[larger].max_disk_gb
