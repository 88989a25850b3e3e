"""Condition operators, on the examples of
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
..._policies_condition-single-vs-multi-valued-context-keys.html (read 2026-11-28)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tierup.sandbox.aws.access.conditions import OPERATORS, satisfied

TOPIC = "arn:aws:sns:us-east-2:123456789012:TopicName"


def result(operator: str, key: str, wanted: list[str], got: Sequence[str], *, determined: bool = True) -> bool | None:
    context = {key.lower(): got} if got else {}
    return satisfied({operator: {key: wanted}}, context, lambda _: determined, variables=True)


@pytest.mark.parametrize(
    ("operator", "wanted", "got", "expected"),
    [
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", ["a"], "A", False),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringEqualsIgnoreCase", ["a"], "A", True),
        ("StringNotEqualsIgnoreCase", ["a"], "A", False),
        ("StringLike", ["home/*", "x?z"], "xyz", True),
        ("StringNotLike", ["home/*"], "home/me", False),
        ("NumericEquals", ["10"], "10.0", True),
        ("NumericNotEquals", ["10"], "10", False),
        ("NumericLessThan", ["10"], "9", True),
        ("NumericLessThanEquals", ["10"], "10", True),
        ("NumericGreaterThan", ["10"], "10", False),
        ("NumericGreaterThanEquals", ["10"], "10", True),
        ("NumericEquals", ["10"], "ten", False),
        ("DateEquals", ["2020-01-01T00:00:01Z"], "1577836801", True),
        ("DateNotEquals", ["2020-01-01T00:00:01Z"], "2020-01-01T00:00:02Z", True),
        ("DateLessThan", ["2020-01-02T00:00:00Z"], "2020-01-01T00:00:00Z", True),
        ("DateLessThanEquals", ["2020-01-01T00:00:00Z"], "2020-01-01T00:00:00Z", True),
        ("DateGreaterThan", ["2020-01-01T00:00:00Z"], "2020-01-01T00:00:00Z", False),
        ("DateGreaterThanEquals", ["2020-01-01T00:00:00Z"], "2020-01-01T00:00:00Z", True),
        ("Bool", ["false"], "true", False),
        ("Bool", ["true"], "true", True),
        ("BinaryEquals", ["QmluYXJ5VmFsdWVJbkJhc2U2NA=="], "QmluYXJ5VmFsdWVJbkJhc2U2NA==", True),
        ("IpAddress", ["203.0.113.0/24"], "203.0.113.9", True),
        ("IpAddress", ["2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
        ("IpAddress", ["203.0.113.0/24"], "2001:db8::1", False),
        ("NotIpAddress", ["203.0.113.0/24"], "203.0.114.9", True),
        ("ArnEquals", [TOPIC], TOPIC, True),
        ("ArnLike", ["arn:aws:sns:*:123456789012:Topic*"], TOPIC, True),
        ("ArnLike", ["arn:aws:sns:us-*:TopicName"], TOPIC, False),
        ("ArnNotLike", ["arn:aws:sns:*:*:*"], TOPIC, False),
        ("ArnNotEquals", ["arn:aws:sns:us-east-2:123456789012:Other"], TOPIC, True),
        ("Null", ["true"], "a", False),
        ("Null", ["false"], "a", True),
    ],
)
def test_operator_compares_as_documented(operator: str, wanted: list[str], got: str, expected: bool) -> None:
    assert result(operator, "aws:Key", wanted, [got]) is expected


def test_every_operator_has_an_example() -> None:
    examples = test_operator_compares_as_documented.pytestmark[0].args[1]  # pyright: ignore[reportFunctionMemberAccess]
    assert {str(each[0]).lower() for each in examples} == set(OPERATORS)


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("ArnLike", False),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_absent_key_satisfies_negated_operators_only(operator: str, expected: bool) -> None:
    assert result(operator, "aws:Key", ["a"], []) is expected
    assert result(operator, "aws:Key", ["a"], [], determined=False) is None


def test_null_operator_checks_the_absence_of_a_key() -> None:
    assert result("Null", "aws:TokenIssueTime", ["true"], []) is True
    assert result("Null", "aws:TokenIssueTime", ["false"], []) is False


@pytest.mark.parametrize(
    ("operator", "got", "expected"),
    [
        ("ForAllValues:StringEquals", ["environment"], True),
        ("ForAllValues:StringEquals", ["environment", "cost-center"], True),
        ("ForAllValues:StringEquals", ["environment", "other"], False),
        ("ForAnyValue:StringEquals", ["environment", "other"], True),
        ("ForAnyValue:StringEquals", ["other"], False),
        ("ForAllValues:StringNotLike", ["other"], True),
        ("ForAnyValue:StringNotLike", ["environment"], False),
    ],
)
def test_set_operators_compare_all_or_any_of_several_values(operator: str, got: list[str], expected: bool) -> None:
    assert result(operator, "aws:TagKeys", ["environment", "cost-center"], got) is expected


def test_unknown_operator_is_not_decided() -> None:
    assert result("StringSoundsLike", "aws:Key", ["a"], ["a"]) is None


def test_all_conditions_must_hold() -> None:
    conditions = {"StringEquals": {"aws:A": ["1"], "aws:B": ["2"]}, "Bool": {"aws:C": ["true"]}}
    context = {"aws:a": ["1"], "aws:b": ["2"], "aws:c": ["true"]}
    assert satisfied(conditions, context, lambda _: True, variables=True) is True
    assert satisfied(conditions, {**context, "aws:b": ["3"]}, lambda _: True, variables=True) is False
    assert satisfied(conditions, {"aws:b": ["3"]}, lambda _: False, variables=True) is False


def test_variable_in_a_value_is_replaced_and_matches_literally() -> None:
    conditions = {"StringLike": {"s3:prefix": ["home/${aws:username}/*"]}}
    context = {"s3:prefix": ["home/carlos/a"], "aws:username": ["carlos"]}
    assert satisfied(conditions, context, lambda _: True, variables=True) is True
    assert satisfied(conditions, {**context, "aws:username": ["*"]}, lambda _: True, variables=True) is False
    assert satisfied(conditions, context, lambda _: True, variables=False) is False
