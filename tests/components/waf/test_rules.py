"""The rules: what they match, in which order, and that they fit the price."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest

from components.waf.client_rules import BotControl, BotInspection, ClientRestrictions, OriginKey
from components.waf.rules import CAPACITY, Mode, RateLimit, operator_patterns, rules
from tierup.sandbox.aws.wafv2_capacity import capacity
from tierup.sandbox.behaviour import Call
from tierup.sandbox.cloud import Cloud

LIMIT = RateLimit(path_prefix="/api/", requests=66, window_seconds=600)
PRICED_CAPACITY = 1_500


def made(mode: Mode = Mode.BLOCK, *, max_body_bytes: int = 8_192, **parts: Any) -> list[Any]:
    given: dict[str, Any] = {"rate_limit": LIMIT, **parts}
    return cast("list[Any]", rules(mode=mode, max_body_bytes=max_body_bytes, operators_arn="arn:operators", **given))


def named(name: str, **parts: Any) -> Any:
    (found,) = [rule for rule in made(**parts) if rule["name"] == name]
    return found


KEY = OriginKey(header="x-origin-key", value="a-key")
EVERYTHING: dict[str, Any] = {
    "origin_key": KEY,
    "origins": ClientRestrictions(blocked_countries=("KP",), blocked_asns=(64_496,)),
    "bots": BotControl(path_prefix="/api/"),
}


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
    assert {rule["name"] for rule in made(**EVERYTHING)} == set(CAPACITY)
    assert sum(CAPACITY[rule["name"]] for rule in made()) == 1_065
    assert sum(CAPACITY.values()) == 1_151
    assert sum(CAPACITY.values()) <= PRICED_CAPACITY


def test_the_capacity_stated_is_what_the_sandbox_counts() -> None:
    """Its table was written apart from ours, from the same pages of AWS."""
    stood = {"rules": [rpc_names(rule) for rule in made(**EVERYTHING)]}
    call = Call("aws:wafv2/webAcl:WebAcl", "urn", "eu-west-1", "1", stood, Cloud(), seed="")

    assert capacity(call) == sum(CAPACITY.values())


def rpc_names(value: Any) -> Any:
    """As the engine spells keys: camelCase."""
    if isinstance(value, dict):
        return {re.sub(r"_(\w)", lambda part: part[1].upper(), key): rpc_names(each) for key, each in value.items()}
    return [rpc_names(each) for each in value] if isinstance(value, list) else value


def test_origins_come_with_the_other_addresses_and_bots_after_all_that_is_free() -> None:
    names = [rule["name"] for rule in made(**EVERYTHING)]

    assert names[1:4] == ["ip-reputation", "countries", "networks"]
    assert names[-2:] == ["rate-limit", "bots"]


def test_bots_are_looked_at_below_the_path_alone_and_apps_are_let_through() -> None:
    rule = named("bots", bots=BotControl(path_prefix="/api/", inspection=BotInspection.TARGETED))
    group = rule["statement"]["managed_rule_group_statement"]

    assert rule["override_action"] == {"none": {}}
    assert group["managed_rule_group_configs"] == [
        {"aws_managed_rules_bot_control_rule_set": {"inspection_level": "TARGETED"}}
    ]
    assert group["scope_down_statement"]["byte_match_statement"]["search_string"] == "/api/"
    counted = {override["name"] for override in group["rule_action_overrides"]}
    assert counted == {"CategoryHttpLibrary", "SignalNonBrowserUserAgent"}


def test_countries_are_blocked_or_all_but_the_allowed_are() -> None:
    blocked = named("countries", origins=ClientRestrictions(blocked_countries=("KP", "SY")))["statement"]
    allowed = named("countries", origins=ClientRestrictions(allowed_countries=("DE",)))["statement"]

    assert blocked == {"geo_match_statement": {"country_codes": ["KP", "SY"]}}
    assert allowed == {"not_statement": {"statement": {"geo_match_statement": {"country_codes": ["DE"]}}}}


def test_behind_a_cdn_addresses_are_read_from_its_header() -> None:
    header = {"header_name": "CF-Connecting-IP", "fallback_behavior": "MATCH"}
    limit = RateLimit(path_prefix="/api/", requests=66, window_seconds=600, client_address_header="CF-Connecting-IP")
    origins = ClientRestrictions(blocked_countries=("KP",), blocked_asns=(1,), client_address_header="CF-Connecting-IP")
    rate = named("rate-limit", rate_limit=limit)["statement"]["rate_based_statement"]

    assert (rate["aggregate_key_type"], rate["forwarded_ip_config"]) == ("FORWARDED_IP", header)
    assert named("countries", origins=origins)["statement"]["geo_match_statement"]["forwarded_ip_config"] == header
    assert named("networks", origins=origins)["statement"]["asn_match_statement"]["forwarded_ip_config"] == header


def test_blocking_lets_the_groups_block_and_counting_only_counts() -> None:
    for rule in made(Mode.BLOCK, **EVERYTHING):
        assert rule.get("overrideAction", rule.get("override_action")) == {"none": {}} or "block" in rule["action"]
    for rule in made(Mode.COUNT, **{name: each for name, each in EVERYTHING.items() if name != "origin_key"}):
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
        ({"client_address_header": "x-forwarded-for"}, "the client itself may write"),
    ],
)
def test_a_limit_that_aws_waf_cannot_count_is_refused(wrong: dict[str, Any], reason: str) -> None:
    arguments: dict[str, Any] = {"path_prefix": "/api/", "requests": 66, "window_seconds": 600, **wrong}
    with pytest.raises(ValueError, match=reason):
        RateLimit(**arguments)


def test_what_comes_around_the_cdn_is_refused_first_and_never_only_counted() -> None:
    first = made(Mode.COUNT, origin_key=KEY)[0]
    compared = first["statement"]["not_statement"]["statement"]

    assert (first["name"], first["priority"], first["action"]) == ("cdn-only", 0, {"block": {}})
    assert compared["byte_match_statement"]["positional_constraint"] == "EXACTLY"
    assert compared["byte_match_statement"]["field_to_match"] == {"single_header": {"name": "x-origin-key"}}
    assert compared["byte_match_statement"]["search_string"] == "a-key"
