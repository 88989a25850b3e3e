"""Limits of inputs that a cloud's API model states."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.limits import Limit


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        (Limit(values=("ENABLED", "DISABLED")), "enabled"),
        (Limit(low=1, high=10), 10),
        (Limit(low=1, high=10), "1"),
        (Limit(low=1), True),
        (Limit(shortest=2, longest=4), "abcd"),
        (Limit(shortest=2), ""),
        (Limit(pattern="^[a-z]+$"), "abc"),
        (Limit(), "anything"),
    ],
)
def test_value_within_a_limit_has_no_violation(limit: Limit, value: Any) -> None:
    assert list(limit.violations(value)) == []


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        (Limit(values=("A", "B")), "C", "the value is not allowed (got 'C'). Allowed values: A, B."),
        (Limit(low=1), 0, "the value is out of range (got 0). The minimum is 1."),
        (Limit(high=10), "11", "the value is out of range (got 11). The maximum is 10."),
        (Limit(shortest=2), "a", "the value has 1 characters (got 'a'). The minimum is 2."),
        (Limit(longest=2), "abc", "the value has 3 characters (got 'abc'). The maximum is 2."),
        (
            Limit(pattern="^[a-z]+$"),
            "A",
            "the value has characters that are not allowed (got 'A'). It must match ^[a-z]+$.",
        ),
    ],
)
def test_value_outside_a_limit_has_one_violation(limit: Limit, value: Any, message: str) -> None:
    assert list(limit.violations(value)) == [message]
