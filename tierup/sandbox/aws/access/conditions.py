"""Condition operators of policies, in three values: true, false, or None if the request does not determine it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
(both as the copies in github.com/awsdocs/iam-user-guide have them; read 2026-11-28)
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from .matching import Context, MissingVariableError, matches, matches_arn, substituted

Test = Callable[[str, str], bool]
"""Compares the policy's value with the request's value. Raises ValueError for a value of another type."""


def _same_text(wanted: str, got: str) -> bool:
    return wanted == got


def _same_letters(wanted: str, got: str) -> bool:
    return wanted.lower() == got.lower()


def _number(compare: Callable[[float, float], bool]) -> Test:
    return lambda wanted, got: compare(float(got), float(wanted))


def _date_time(text: str) -> datetime:
    if text.replace(".", "", 1).isdecimal():
        return datetime.fromtimestamp(float(text), UTC)  # epoch seconds
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _date(compare: Callable[[datetime, datetime], bool]) -> Test:
    return lambda wanted, got: compare(_date_time(got), _date_time(wanted))


def _in_network(wanted: str, got: str) -> bool:
    address, network = ipaddress.ip_address(got), ipaddress.ip_network(wanted, strict=False)
    return address.version == network.version and address in network


def _same_bytes(wanted: str, got: str) -> bool:
    return base64.b64decode(wanted) == base64.b64decode(got)


_TESTS: Final[Mapping[str, Test]] = {
    "stringequals": _same_text,
    "stringequalsignorecase": _same_letters,
    "stringlike": matches,
    "numericequals": _number(lambda got, wanted: got == wanted),
    "numericlessthan": _number(lambda got, wanted: got < wanted),
    "numericlessthanequals": _number(lambda got, wanted: got <= wanted),
    "numericgreaterthan": _number(lambda got, wanted: got > wanted),
    "numericgreaterthanequals": _number(lambda got, wanted: got >= wanted),
    "dateequals": _date(lambda got, wanted: got == wanted),
    "datelessthan": _date(lambda got, wanted: got < wanted),
    "datelessthanequals": _date(lambda got, wanted: got <= wanted),
    "dategreaterthan": _date(lambda got, wanted: got > wanted),
    "dategreaterthanequals": _date(lambda got, wanted: got >= wanted),
    "bool": _same_letters,
    "binaryequals": _same_bytes,
    "ipaddress": _in_network,
    "arnequals": matches_arn,  # ArnEquals and ArnLike behave identically
    "arnlike": matches_arn,
}
_NEGATED: Final[Mapping[str, str]] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
_PATTERNS: Final = frozenset({"stringlike", "arnequals", "arnlike"})
_WITH_VARIABLES: Final = frozenset({*_PATTERNS, "stringequals", "stringequalsignorecase"})
OPERATORS: Final[Collection[str]] = frozenset({*_TESTS, *_NEGATED, "null"})


def satisfied(
    conditions: Mapping[str, Mapping[str, Sequence[str]]],
    context: Context,
    is_determined: Callable[[str], bool],
    *,
    variables: bool,
) -> bool | None:
    """Return whether a request satisfies all conditions of a statement; None if that is not determined.

    `is_determined` returns whether the absence of a key from the context means that the request does not have it.
    """
    results = [
        _satisfied(operator, key.lower(), wanted, context, is_determined, variables)
        for operator, tests in conditions.items()
        for key, wanted in tests.items()
    ]
    if False in results:
        return False
    return None if None in results else True


def _satisfied(
    operator: str,
    key: str,
    wanted: Sequence[str],
    context: Context,
    is_determined: Callable[[str], bool],
    variables: bool,
) -> bool | None:
    quantifier, _, name = operator.lower().rpartition(":")
    optional = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    got = context.get(key, ())
    if not got and not is_determined(key):
        return None
    if name == "null":
        return (not got) == (list(wanted) == ["true"])
    base = _NEGATED.get(name, name)
    test = _TESTS.get(base)
    if test is None:
        return None  # an operator that this table does not have
    if not got:
        # An absent key: negated operators match, others do not; ForAllValues matches, ForAnyValue does not.
        return optional or quantifier == "forallvalues" or (name in _NEGATED and quantifier != "foranyvalue")
    resolved = _resolved(wanted, context, base, variables)

    def one(value: str) -> bool:
        found = any(_passes(test, each, value) for each in resolved)
        return not found if name in _NEGATED else found

    if quantifier == "forallvalues":
        return all(one(value) for value in got)
    return any(one(value) for value in got)


def _resolved(wanted: Sequence[str], context: Context, base: str, variables: bool) -> list[str]:
    if not variables or base not in _WITH_VARIABLES:
        return list(wanted)
    resolved: list[str] = []
    for each in wanted:
        try:
            resolved.append(substituted(each, context, escape=base in _PATTERNS))
        except MissingVariableError:
            continue
    return resolved


def _passes(test: Test, wanted: str, got: str) -> bool:
    try:
        return test(wanted, got)
    except ValueError:
        return False
