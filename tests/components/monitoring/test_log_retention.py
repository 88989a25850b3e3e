"""The supported retention periods of logs."""

from __future__ import annotations

import pytest

from components.monitoring.log_retention import RETENTION_DAYS, check_retention


@pytest.mark.parametrize("days", [1, 30, 365, 3653])
def test_supported_periods_are_accepted(days: int) -> None:
    check_retention("days", days)

    assert days in RETENTION_DAYS


@pytest.mark.parametrize("days", [0, 2, 31, 366, -1])
def test_unsupported_periods_are_rejected(days: int) -> None:
    with pytest.raises(ValueError, match=rf"^some_days: .*CloudWatch Logs \(got {days}\)\. Use one of 1, 3, 5"):
        check_retention("some_days", days)
