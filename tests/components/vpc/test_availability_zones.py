"""Tests of the selection of availability zones."""

from __future__ import annotations

import pytest

from components.vpc.availability_zones import runs_fargate, select_zones

TOKYO = {"ap-northeast-1a": "apne1-az4", "ap-northeast-1c": "apne1-az1", "ap-northeast-1d": "apne1-az2"}
IRELAND = {"eu-west-1b": "euw1-az1", "eu-west-1a": "euw1-az3", "eu-west-1c": "euw1-az2"}


def test_first_zones_by_name_are_selected() -> None:
    assert select_zones("eu-west-1", IRELAND, 2) == ["eu-west-1a", "eu-west-1b"]


def test_zones_without_fargate_are_not_selected() -> None:
    zones = {**TOKYO, "ap-northeast-1b": "apne1-az3"}

    assert select_zones("ap-northeast-1", zones, 3) == ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]
    assert [runs_fargate("us-west-1", f"usw1-az{number}") for number in (1, 2, 3)] == [True, False, True]


def test_excluded_zone_ids_are_not_selected() -> None:
    assert select_zones("eu-west-1", IRELAND, 2, excluded_ids=["euw1-az3"]) == ["eu-west-1b", "eu-west-1c"]


def test_pinned_zones_stay_although_one_is_hidden_or_excluded() -> None:
    hidden = {name: zone_id for name, zone_id in IRELAND.items() if name != "eu-west-1b"}
    pinned = ["eu-west-1a", "eu-west-1b"]

    assert select_zones("eu-west-1", hidden, 2, pinned=pinned, excluded_ids=["euw1-az3"]) == pinned


def test_a_zone_that_is_added_later_keeps_the_pinned_ones() -> None:
    pinned = ["eu-west-1b", "eu-west-1c"]

    assert select_zones("eu-west-1", IRELAND, 2, pinned=pinned) == pinned
    assert select_zones("eu-west-1", IRELAND, 3, pinned=pinned) == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert select_zones("eu-west-1", IRELAND, 2, pinned=sorted(IRELAND)) == sorted(IRELAND)


def test_a_region_with_two_zones_gives_two_of_three() -> None:
    zones = {"us-west-1a": "usw1-az1", "us-west-1c": "usw1-az3"}

    assert select_zones("us-west-1", zones, 3) == ["us-west-1a", "us-west-1c"]


def test_too_few_zones_are_rejected() -> None:
    zones = {"us-west-1a": "usw1-az1", "us-west-1b": "usw1-az2"}
    with pytest.raises(ValueError, match=r"availability_zones: too few zones in us-west-1 \(got 1: us-west-1a\)"):
        select_zones("us-west-1", zones, 3)


@pytest.mark.parametrize("zone_id", ["eu-west-1a", "az1", ""])
def test_malformed_excluded_id_is_rejected(zone_id: str) -> None:
    with pytest.raises(ValueError, match=rf"excluded_ids: not a zone id \(got '{zone_id}'\)"):
        select_zones("eu-west-1", IRELAND, 2, excluded_ids=[zone_id])
