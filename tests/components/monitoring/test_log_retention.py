"""Which log retentions are taken."""

from __future__ import annotations

import pytest

from components.monitoring.log_retention import check_retention


@pytest.mark.parametrize("days", [1, 30, 365, 3653])
def test_periods_of_cloudwatch_are_taken(days: int) -> None:
    check_retention("days", days)


@pytest.mark.parametrize("days", [0, 2, 31, 366, -1])
def test_other_periods_are_refused_with_those_that_exist(days: int) -> None:
    with pytest.raises(ValueError, match=rf"some_days: got {days}, allowed 1, 3, 5.*CloudWatch"):
        check_retention("some_days", days)
