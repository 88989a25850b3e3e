"""Whether all pools fit a node, said with the numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest

from components.atlas.instance_limits import LIMITS, check_connections, connections_needed, size_number


def test_two_deployments_count_their_pools_and_monitors() -> None:
    assert connections_needed(pool=50, max_tasks=4) == 4 * 2 * (50 + 2) + 10
    assert connections_needed(pool=50, max_tasks=4, deployments=1) == 4 * (50 + 2) + 10


def test_what_fits_passes_and_one_more_does_not() -> None:
    fitting = (LIMITS["M10"].connections - 10) // (2 * 10) - 2
    check_connections("M10", pool=fitting, max_tasks=10)

    with pytest.raises(
        ValueError, match=rf"a pool of {fitting + 1} in 10 tasks.*M10 allows 1,500: a pool of {fitting}"
    ):
        check_connections("M10", pool=fitting + 1, max_tasks=10)


def test_more_tasks_than_any_pool_allows() -> None:
    with pytest.raises(ValueError, match="no pool fits so many tasks"):
        check_connections("M10", pool=5, max_tasks=1_000)


def test_a_larger_size_allows_as_much_or_more() -> None:
    sizes = sorted(LIMITS, key=size_number)

    for smaller, larger in pairwise(sizes):
        assert LIMITS[smaller].connections <= LIMITS[larger].connections
        assert LIMITS[smaller].default_disk_gb < LIMITS[larger].default_disk_gb
        assert LIMITS[larger].default_disk_gb <= LIMITS[larger].most_disk_gb
