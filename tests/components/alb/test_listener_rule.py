"""Tests of listener rule conditions and priorities."""

from __future__ import annotations

from typing import Any

import pytest

from components.alb.listener_rule import ALL_REQUESTS, LAST_PRIORITY, RequestMatch, check_priority, conditions


def test_hosts_and_paths_have_one_condition_each_and_every_header_has_one() -> None:
    match = RequestMatch(hosts=("a.example.com", "b.example.com"), paths=("/x/*",), headers={"X-Version": "b"})

    assert conditions(match) == [
        {"host_header": {"values": ["a.example.com", "b.example.com"]}},
        {"path_pattern": {"values": ["/x/*"]}},
        {"http_header": {"http_header_name": "X-Version", "values": ["b"]}},
    ]


def test_all_requests_matches_every_path() -> None:
    assert conditions(ALL_REQUESTS) == [{"path_pattern": {"values": ["/*"]}}]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, r"wrong number of values \(got 0\)\. Set 1 to 5"),
        ({"paths": tuple(f"/{each}" for each in "abcdef")}, r"wrong number of values \(got 6\)"),
        ({"paths": ("reports",)}, r"paths: not a path \(got 'reports'\)\. Set a path that starts with /"),
        ({"hosts": ("https://a.example.com",)}, r"hosts: not a host name \(got 'https://a\.example\.com'\)"),
    ],
)
def test_invalid_matches_are_rejected(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RequestMatch(**given)


@pytest.mark.parametrize("priority", [0, LAST_PRIORITY + 1])
def test_priority_out_of_range_is_rejected(priority: int) -> None:
    check_priority(1)
    check_priority(LAST_PRIORITY)
    with pytest.raises(ValueError, match=rf"priority: out of range \(got {priority}\)\. Set 1"):
        check_priority(priority)
