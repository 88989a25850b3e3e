"""Tests of the behaviour rows of CloudFront origins and origin groups."""

from __future__ import annotations

from typing import Any

import pytest

from ..account import Account
from .inputs import CUSTOM, DISTRIBUTION, behavior, distribution


def two_origins(**more: Any) -> dict[str, Any]:
    both = [
        {"originId": name, "domainName": f"{name}.example.com", "customOriginConfig": CUSTOM} for name in ("app", "two")
    ]
    return distribution(origins=both, **more)


def group(*members: str, statuses: tuple[int, ...] = (500, 503)) -> dict[str, Any]:
    return {
        "originId": "either",
        "failoverCriteria": {"statusCodes": list(statuses)},
        "members": [{"originId": member} for member in members],
    }


@pytest.mark.parametrize(
    ("groups", "more", "codes"),
    [
        ([group("app", "two")], {}, set[str]()),
        ([group("app")], {}, {"InvalidArgument"}),
        ([group("app", "three")], {}, {"NoSuchOrigin"}),
        ([group("app", "two", statuses=(418,))], {}, {"InvalidArgument"}),
        (
            [group("app", "two")],
            {"allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]},
            {"InvalidArgument"},
        ),
    ],
)
def test_origin_group_has_two_members_and_read_methods(
    account: Account, groups: list[dict[str, Any]], more: dict[str, Any], codes: set[str]
) -> None:
    inputs = two_origins(originGroups=groups, defaultCacheBehavior=behavior(targetOriginId="either", **more))
    assert account.codes(DISTRIBUTION, **inputs) == codes


def test_origin_shield_requires_region(account: Account) -> None:
    def shielded(**shield: Any) -> dict[str, Any]:
        return distribution(origins=[{**distribution()["origins"][0], "originShield": {"enabled": True, **shield}}])

    assert not account.codes(DISTRIBUTION, **shielded(originShieldRegion="eu-west-1"))
    assert account.codes(DISTRIBUTION, **shielded()) == {"InvalidArgument"}
    assert account.codes(DISTRIBUTION, **shielded(originShieldRegion="eu-west-3")) == {"InvalidArgument"}
