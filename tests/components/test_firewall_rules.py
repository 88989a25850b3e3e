"""The rules: what they match, in which order, and that they fit the price."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest

from components.firewall_rules import CAPACITY, Mode, RateLimit, operator_patterns, rules

LIMIT = RateLimit(path_prefix="/api/", requests=66, window_seconds=600)
PRICED_CAPACITY = 1_500


def made(mode: Mode = Mode.BLOCK, *, max_body_bytes: int = 8_192, rate_limit: RateLimit | None = LIMIT) -> list[Any]:
    return cast(
        "list[Any]",
        rules(mode=mode, max_body_bytes=max_body_bytes, operators_arn="arn:operators", rate_limit=rate_limit),
    )


def test_priorities_follow_the_order_and_the_rate_limit_is_last() -> None:
    assert [(rule["priority"], rule["name"]) for rule in made()] == [
        (0, "ip-reputation"),
        (1, "known-bad-inputs"),
        (2, "common"),
        (3, "body-size"),
        (4, "nosql"),
        (5, "rate-limit"),
    ]
    assert [rule["name"] for rule in made(rate_limit=None)] == [rule["name"] for rule in made()[:-1]]


def test_every_rule_has_its_capacity_stated_and_the_sum_is_within_the_price() -> None:
    assert {rule["name"] for rule in made()} == set(CAPACITY)
    assert sum(CAPACITY.values()) == 1_065
    assert sum(CAPACITY.values()) <= PRICED_CAPACITY


def test_blocking_lets_the_groups_block_and_counting_only_counts() -> None:
    for rule in made(Mode.BLOCK):
        assert rule.get("overrideAction", rule.get("override_action")) == {"none": {}} or "block" in rule["action"]
    for rule in made(Mode.COUNT):
        assert (rule.get("override_action") or rule["action"]) == {"count": {}}


def test_every_rule_shows_in_metrics() -> None:
    assert all(rule["visibility_config"]["cloudwatch_metrics_enabled"] for rule in made())


def test_the_groups_own_size_rule_leaves_the_size_to_ours() -> None:
    group = made()[2]["statement"]["managed_rule_group_statement"]
    size = made(max_body_bytes=4_000)[3]["statement"]["size_constraint_statement"]

    assert group["rule_action_overrides"] == [{"name": "SizeRestrictions_BODY", "action_to_use": {"count": {}}}]
    assert (size["comparison_operator"], size["size"]) == ("GT", 4_000)
    assert size["field_to_match"] == {"body": {"oversize_handling": "MATCH"}}


def test_clients_are_counted_below_the_path_however_it_is_written_and_told_to_wait() -> None:
    rule = made()[-1]
    limit = rule["statement"]["rate_based_statement"]
    path = limit["scope_down_statement"]["byte_match_statement"]

    assert (limit["limit"], limit["evaluation_window_sec"], limit["aggregate_key_type"]) == (66, 600, "IP")
    assert (path["search_string"], path["positional_constraint"]) == ("/api/", "STARTS_WITH")
    assert {step["type"] for step in path["text_transformations"]} == {"URL_DECODE", "NORMALIZE_PATH", "LOWERCASE"}
    answer = rule["action"]["block"]["custom_response"]
    assert answer["response_code"] == 429
    assert answer["response_headers"] == [{"name": "Retry-After", "value": "600"}]


def test_query_and_body_are_both_searched_for_operators() -> None:
    query, body = made()[4]["statement"]["or_statement"]["statements"]
    searched = [part["regex_pattern_set_reference_statement"] for part in (query, body)]

    assert [part["arn"] for part in searched] == ["arn:operators", "arn:operators"]
    assert searched[0]["field_to_match"] == {"query_string": {}}
    assert searched[1]["field_to_match"]["json_body"]["match_scope"] == "KEY"
    assert searched[1]["field_to_match"]["json_body"]["invalid_fallback_behavior"] == "EVALUATE_AS_STRING"


@pytest.mark.parametrize(
    "text",
    [
        "$where",  # a JSON key
        "$gt",
        '{"$ne": ""}',
        "user[$ne]=",
        'filter={"name": {"$regex": ".*"}}',
        "a=1&$where=sleep(1000)",
        "profile.$set",
        "[$elemMatch]",
    ],
)
def test_an_operator_where_a_name_stands_is_found(text: str) -> None:
    assert any(re.search(pattern, text) for pattern in operator_patterns())


@pytest.mark.parametrize(
    "text",
    ["title", "price=$20", "costs $in all", "q=us$in", "$greeting", "user[name]=Ann", "$gtx", "ref=$HOME", ""],
)
def test_ordinary_text_passes(text: str) -> None:
    assert not any(re.search(pattern, text) for pattern in operator_patterns())


def test_the_patterns_are_ones_that_aws_waf_takes() -> None:
    """At most 200 characters and 10 a set, no captures (waf-regex-pattern-support.html, limits.html)."""
    patterns = operator_patterns()

    assert len(patterns) <= 10
    for pattern in patterns:
        assert len(pattern) <= 200
        assert re.compile(pattern).groups == 0


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"path_prefix": "api/"}, "starts with '/'"),
        ({"path_prefix": "/API/"}, "lower-case path"),
        ({"window_seconds": 900}, "window_seconds is 900; AWS WAF counts over"),
        ({"requests": 9}, "requests is 9; AWS WAF allows 10 to"),
    ],
)
def test_a_limit_that_aws_waf_cannot_count_is_refused(wrong: dict[str, int], reason: str) -> None:
    arguments: dict[str, Any] = {"path_prefix": "/api/", "requests": 66, "window_seconds": 600, **wrong}
    with pytest.raises(ValueError, match=reason):
        RateLimit(**arguments)
