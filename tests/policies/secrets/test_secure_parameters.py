from __future__ import annotations

import pytest

from policies.rule import Outcome, Verdict
from policies.secrets.secure_parameters import RULE
from policies.values import CLOSED
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

CANARY = "canary-7f3a9c"


def plain(name: str, value: str, type_: object = "String") -> Verdict:
    return evaluate(RULE, "db-password", {"type": type_, "name": name, "value": value})


def test_secure_string_passes_with_any_value() -> None:
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
def test_plain_parameter_without_secret_passes(name: str, value: str) -> None:
    assert plain(name, value).outcome is Outcome.PASS


@pytest.mark.parametrize("type_", ["String", "StringList", ABSENT])
@pytest.mark.parametrize(("name", "value"), [("/shop/dbPassword", CANARY), ("/shop/url", f"https://u:{CANARY}@e.com")])
def test_plain_secret_fails_and_is_not_shown(name: str, value: str, type_: object) -> None:
    verdict = plain(name, value, type_)
    assert verdict.outcome is Outcome.FAIL
    assert CANARY not in repr(verdict)


def test_logical_name_is_used_without_a_name() -> None:
    assert evaluate(RULE, "db-password", {"type": "String"}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("name", "outcome"), [("/shop/db-password", Outcome.FAIL), ("/shop/host", Outcome.UNKNOWN)])
def test_secret_name_is_enough_when_the_value_is_encrypted(name: str, outcome: Outcome) -> None:
    assert plain(name, CLOSED).outcome is outcome


def test_unknown_type_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "db-password", {"type": UNKNOWN}).outcome is Outcome.UNKNOWN
