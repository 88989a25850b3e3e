"""Listener rules: which requests they take and in which order they are asked."""

from __future__ import annotations

from typing import Any

import pytest

from components.alb.listener_rule import EVERYTHING, LAST_PRIORITY, RequestMatch, check_priority, conditions


def test_hosts_and_paths_are_one_condition_each_and_headers_one_each() -> None:
    match = RequestMatch(hosts=("a.example.com", "b.example.com"), paths=("/x/*",), headers={"X-Version": "b"})

    assert conditions(match) == [
        {"host_header": {"values": ["a.example.com", "b.example.com"]}},
        {"path_pattern": {"values": ["/x/*"]}},
        {"http_header": {"http_header_name": "X-Version", "values": ["b"]}},
    ]


def test_everything_is_a_match_of_its_own() -> None:
    assert conditions(EVERYTHING) == [{"path_pattern": {"values": ["/*"]}}]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "got 0 values together, allowed 1 to 5"),
        ({"paths": tuple(f"/{each}" for each in "abcdef")}, "got 6 values together"),
        ({"paths": ("reports",)}, "paths: got 'reports', allowed a path that starts with /"),
        ({"hosts": ("https://a.example.com",)}, "hosts: got 'https://a.example.com'"),
    ],
)
def test_wrong_matches_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RequestMatch(**given)


@pytest.mark.parametrize("priority", [0, LAST_PRIORITY + 1])
def test_priorities_end_where_aws_ends(priority: int) -> None:
    check_priority(1)
    check_priority(LAST_PRIORITY)
    with pytest.raises(ValueError, match=f"priority: got {priority}, allowed 1"):
        check_priority(priority)
