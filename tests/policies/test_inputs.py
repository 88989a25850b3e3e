from __future__ import annotations

import pytest

from policies.inputs import as_list, as_object, number
from policies.rule import Indeterminate


@pytest.mark.parametrize(("value", "expected"), [(30.0, 30), (30, 30), ("30", 30), ("2.5", 2.5), (0, 0), (None, None)])
def test_number_accepts_numbers_and_numeric_text(value: object, expected: float | None) -> None:
    assert number({"days": value}, "days") == expected


@pytest.mark.parametrize("value", ["thirty", "", True, [], {}])
def test_number_of_another_type_is_indeterminate(value: object) -> None:
    with pytest.raises(Indeterminate, match="days is not a number"):
        number({"days": value}, "days")


def test_missing_number_is_none() -> None:
    assert number({}, "days") is None


def test_missing_object_and_list_are_empty() -> None:
    assert (as_object(None, "a"), as_list(None, "a")) == ({}, [])


@pytest.mark.parametrize("value", ["text", 1, [], True])
def test_object_of_another_type_is_indeterminate(value: object) -> None:
    with pytest.raises(Indeterminate, match="a is not an object"):
        as_object(value, "a")


@pytest.mark.parametrize("value", ["text", 1, {}, True])
def test_list_of_another_type_is_indeterminate(value: object) -> None:
    with pytest.raises(Indeterminate, match="a is not a list"):
        as_list(value, "a")
