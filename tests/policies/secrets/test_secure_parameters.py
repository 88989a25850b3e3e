from __future__ import annotations

import pytest

from policies.rule import Outcome, Verdict
from policies.secrets.secure_parameters import RULE
from policies.values import CLOSED
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

CANARY = "canary-7f3a9c"


def plain(name: str, value: str, type_: object = "String") -> Verdict:
    return evaluate(RULE, "db-password", {"type": type_, "name": name, "value": value})


def test_a_secure_string_passes_whatever_is_in_it() -> None:
    assert evaluate(RULE, "db-password", {"value": UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("/shop/log-level", "info"),
        ("/shop/secrets/host", "db.example.com"),
        ("/shop/token", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:token"),
        ("/shop/jwt-secret-arn", CANARY),
    ],
)
def test_what_is_no_secret_may_be_plain(name: str, value: str) -> None:
    assert plain(name, value).outcome is Outcome.PASS


@pytest.mark.parametrize("type_", ["String", "StringList", ABSENT])
@pytest.mark.parametrize(("name", "value"), [("/shop/dbPassword", CANARY), ("/shop/url", f"https://u:{CANARY}@e.com")])
def test_a_plain_secret_fails_and_is_not_shown(name: str, value: str, type_: object) -> None:
    verdict = plain(name, value, type_)
    assert verdict.outcome is Outcome.FAIL
    assert CANARY not in repr(verdict)


def test_without_a_name_the_logical_one_tells() -> None:
    assert evaluate(RULE, "db-password", {"type": "String"}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("name", "outcome"), [("/shop/db-password", Outcome.FAIL), ("/shop/host", Outcome.UNKNOWN)])
def test_where_the_value_is_kept_from_us_a_name_that_promises_a_secret_is_enough(name: str, outcome: Outcome) -> None:
    assert plain(name, CLOSED).outcome is outcome


def test_unknown_type_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "db-password", {"type": UNKNOWN}).outcome is Outcome.UNKNOWN
