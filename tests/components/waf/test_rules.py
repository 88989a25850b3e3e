"""Tests of the rules: statements, order and capacity."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

import pytest

from components.waf.client_rules import BotControl, BotInspection, ClientRestrictions, OriginKey
from components.waf.rules import CAPACITY, MAX_EXEMPT_PATHS, Mode, RateLimit, operator_patterns, rules
from tierup.sandbox.aws.wafv2_capacity import capacity
from tierup.sandbox.behaviour import Call
from tierup.sandbox.cloud import Cloud

LIMIT = RateLimit(path_prefix="/api/", requests=66, window_seconds=600)
PRICED_CAPACITY = 1_500


def build(mode: Mode = Mode.BLOCK, *, max_body_bytes: int = 8_192, **parts: Any) -> list[Any]:
    given: dict[str, Any] = {"rate_limit": LIMIT, **parts}
    return cast("list[Any]", rules(mode=mode, max_body_bytes=max_body_bytes, operators_arn="arn:operators", **given))


def named(name: str, **parts: Any) -> Any:
    (found,) = [rule for rule in build(**parts) if rule["name"] == name]
    return found


KEY = OriginKey(header="x-origin-key", values=["a-key"])
ALL_RULES: dict[str, Any] = {
    "origin_key": KEY,
    "client_restrictions": ClientRestrictions(
        allowed_addresses=("203.0.113.7/32", "2001:db8::/64"), blocked_countries=("KP",), blocked_asns=(64_496,)
    ),
    "allowed_set_arns": ["arn:office-ipv4", "arn:office-ipv6"],
    "bot_control": BotControl(path_prefix="/api/"),
}


def test_priorities_follow_the_order_of_rules() -> None:
    assert [(rule["priority"], rule["name"]) for rule in build()] == [
        (0, "ip-reputation"),
        (1, "known-bad-inputs"),
        (2, "common"),
        (3, "body-size"),
        (4, "nosql"),
        (5, "rate-limit"),
    ]
    assert [rule["name"] for rule in build(rate_limit=None)] == [rule["name"] for rule in build()[:-1]]


def test_capacity_covers_every_rule_and_is_within_the_basic_price() -> None:
    assert {rule["name"] for rule in build(**ALL_RULES)} == set(CAPACITY)
    assert sum(CAPACITY[rule["name"]] for rule in build()) == 1_067
    assert sum(CAPACITY.values()) == 1_155
    assert sum(CAPACITY.values()) <= PRICED_CAPACITY


def test_capacity_equals_the_sandbox_calculation() -> None:
    """The sandbox has a separate table from the same pages of AWS."""
    inputs = {"rules": [rpc_names(rule) for rule in build(**ALL_RULES)]}
    call = Call("aws:wafv2/webAcl:WebAcl", "urn", "eu-west-1", "1", inputs, Cloud(), seed="")

    assert capacity(call) == sum(CAPACITY.values())


def rpc_names(value: Any) -> Any:
    """Return the value with camelCase keys, as the engine has them."""
    if isinstance(value, dict):
        return {re.sub(r"_(\w)", lambda part: part[1].upper(), key): rpc_names(each) for key, each in value.items()}
    return [rpc_names(each) for each in value] if isinstance(value, list) else value


def test_client_rules_follow_ip_reputation_and_bot_control_is_last() -> None:
    names = [rule["name"] for rule in build(**ALL_RULES)]

    assert names[1:5] == ["ip-reputation", "addresses", "countries", "networks"]
    assert names[-2:] == ["rate-limit", "bots"]


def test_bot_control_inspects_the_path_only_and_counts_non_browsers() -> None:
    rule = named("bots", bot_control=BotControl(path_prefix="/api/", inspection=BotInspection.TARGETED))
    group = rule["statement"]["managed_rule_group_statement"]

    assert rule["override_action"] == {"none": {}}
    assert group["managed_rule_group_configs"] == [
        {"aws_managed_rules_bot_control_rule_set": {"inspection_level": "TARGETED"}}
    ]
    assert group["scope_down_statement"]["byte_match_statement"]["search_string"] == "/api/"
    counted = {override["name"] for override in group["rule_action_overrides"]}
    assert counted == {"CategoryHttpLibrary", "SignalNonBrowserUserAgent"}


def test_bot_control_can_inspect_the_requests_of_one_cdn() -> None:
    rule = named("bots", bot_control=BotControl(path_prefix="/api/", header="CF-Connecting-IP"))
    below, shown = rule["statement"]["managed_rule_group_statement"]["scope_down_statement"]["and_statement"][
        "statements"
    ]
    assert below["byte_match_statement"]["search_string"] == "/api/"
    assert shown["size_constraint_statement"] | {"text_transformations": []} == {
        "field_to_match": {"single_header": {"name": "cf-connecting-ip"}},
        "comparison_operator": "GT",
        "size": 0,
        "text_transformations": [],
    }


def test_countries_are_blocked_or_restricted_to_the_allowed_ones() -> None:
    blocked = named("countries", client_restrictions=ClientRestrictions(blocked_countries=("KP", "SY")))["statement"]
    allowed = named("countries", client_restrictions=ClientRestrictions(allowed_countries=("DE",)))["statement"]

    assert blocked == {"geo_match_statement": {"country_codes": ["KP", "SY"]}}
    assert allowed == {"not_statement": {"statement": {"geo_match_statement": {"country_codes": ["DE"]}}}}


def test_clients_outside_every_allowed_set_are_blocked() -> None:
    office = ClientRestrictions(allowed_addresses=("203.0.113.7/32",), exempt_paths=("/health",))
    (outside, health) = named("addresses", client_restrictions=office, allowed_set_arns=["arn:4", "arn:6"])[
        "statement"
    ]["and_statement"]["statements"]
    one = named("addresses", client_restrictions=replace(office, exempt_paths=()), allowed_set_arns=["arn:4"])

    sets = [{"ip_set_reference_statement": {"arn": arn}} for arn in ("arn:4", "arn:6")]
    assert outside == {"not_statement": {"statement": {"or_statement": {"statements": sets}}}}
    assert health["not_statement"]["statement"]["byte_match_statement"]["search_string"] == "/health"
    assert one["statement"] == {"not_statement": {"statement": sets[0]}}
    assert one["action"] == {"block": {}}


def test_client_addresses_are_read_from_the_header_of_the_cdn() -> None:
    header = {"header_name": "CF-Connecting-IP", "fallback_behavior": "MATCH"}
    limit = RateLimit(path_prefix="/api/", requests=66, window_seconds=600, client_address_header="CF-Connecting-IP")
    origins = ClientRestrictions(blocked_countries=("KP",), blocked_asns=(1,), client_address_header="CF-Connecting-IP")
    rate = named("rate-limit", rate_limit=limit)["statement"]["rate_based_statement"]

    assert (rate["aggregate_key_type"], rate["forwarded_ip_config"]) == ("FORWARDED_IP", header)
    assert (
        named("countries", client_restrictions=origins)["statement"]["geo_match_statement"]["forwarded_ip_config"]
        == header
    )
    assert (
        named("networks", client_restrictions=origins)["statement"]["asn_match_statement"]["forwarded_ip_config"]
        == header
    )


def test_block_mode_blocks_and_count_mode_counts() -> None:
    blocking = build(Mode.BLOCK, **ALL_RULES)
    counting = build(Mode.COUNT, **{name: each for name, each in ALL_RULES.items() if name != "origin_key"})

    assert len(blocking) == len(counting) + 1
    for rule in blocking:
        assert rule.get("override_action") == {"none": {}} or "block" in rule["action"]
    for rule in counting:
        assert (rule.get("override_action") or rule["action"]) == {"count": {}}


def test_every_rule_has_metrics() -> None:
    assert [rule["visibility_config"]["cloudwatch_metrics_enabled"] for rule in build()] == [True] * 6


def test_size_rule_of_the_managed_group_only_counts() -> None:
    group = build()[2]["statement"]["managed_rule_group_statement"]
    size = build(max_body_bytes=4_000)[3]["statement"]["size_constraint_statement"]

    assert group["rule_action_overrides"] == [{"name": "SizeRestrictions_BODY", "action_to_use": {"count": {}}}]
    assert (size["comparison_operator"], size["size"]) == ("GT", 4_000)
    assert size["field_to_match"] == {"body": {"oversize_handling": "MATCH"}}


def test_rate_limit_normalizes_the_path_and_returns_429_with_retry_after() -> None:
    rule = build()[-1]
    limit = rule["statement"]["rate_based_statement"]
    path = limit["scope_down_statement"]["and_statement"]["statements"][0]["byte_match_statement"]

    assert (limit["limit"], limit["evaluation_window_sec"], limit["aggregate_key_type"]) == (66, 600, "IP")
    assert (path["search_string"], path["positional_constraint"]) == ("/api/", "STARTS_WITH")
    assert {step["type"] for step in path["text_transformations"]} == {"URL_DECODE", "NORMALIZE_PATH", "LOWERCASE"}
    answer = rule["action"]["block"]["custom_response"]
    assert answer["response_code"] == 429
    assert answer["response_headers"] == [{"name": "Retry-After", "value": "600"}]


def test_query_and_body_are_inspected_for_operators() -> None:
    query, body = build()[4]["statement"]["or_statement"]["statements"]
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
def test_operators_in_the_position_of_a_name_match(text: str) -> None:
    assert any(re.search(pattern, text) for pattern in operator_patterns())


@pytest.mark.parametrize(
    "text",
    ["title", "price=$20", "costs $in all", "q=us$in", "$greeting", "user[name]=Ann", "$gtx", "ref=$HOME", ""],
)
def test_ordinary_text_does_not_match(text: str) -> None:
    assert not any(re.search(pattern, text) for pattern in operator_patterns())


def test_patterns_are_within_the_limits_of_aws_waf() -> None:
    """At most 200 characters and 10 a set, no captures (waf-regex-pattern-support.html, limits.html)."""
    patterns = operator_patterns()

    assert 1 <= len(patterns) <= 10
    for pattern in patterns:
        assert len(pattern) <= 200
        assert re.compile(pattern).groups == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"path_prefix": "api/"}, r"path_prefix: not a lower-case path \(got 'api/'\)"),
        ({"path_prefix": "/API/"}, r"path_prefix: not a lower-case path \(got '/API/'\)"),
        ({"window_seconds": 900}, r"window_seconds: .*\(got 900\)\. Set one of 60, 120, 300, 600"),
        ({"requests": 9}, r"requests: out of range \(got 9\)\. Set 10 to"),
        ({"client_address_header": "x-forwarded-for"}, "client_address_header: the client controls its first address"),
    ],
)
def test_unsupported_rate_limits_are_rejected(change: dict[str, Any], reason: str) -> None:
    arguments: dict[str, Any] = {"path_prefix": "/api/", "requests": 66, "window_seconds": 600, **change}
    with pytest.raises(ValueError, match=reason):
        RateLimit(**arguments)


def test_requests_without_the_origin_header_are_blocked_first_in_count_mode_too() -> None:
    first = build(Mode.COUNT, origin_key=KEY)[0]
    compared = first["statement"]["not_statement"]["statement"]

    assert (first["name"], first["priority"], first["action"]) == ("cdn-only", 0, {"block": {}})
    assert compared["byte_match_statement"]["positional_constraint"] == "EXACTLY"
    assert compared["byte_match_statement"]["field_to_match"] == {"single_header": {"name": "x-origin-key"}}
    assert compared["byte_match_statement"]["search_string"] == "a-key"


def exempt_statements(**limit: Any) -> list[Any]:
    """Return the statements inside the NOT statements of the rate limit's scope-down statement."""
    arguments: dict[str, Any] = {"path_prefix": "/api/", "requests": 66, "window_seconds": 600, **limit}
    rule = named("rate-limit", rate_limit=RateLimit(**arguments), exempt_set_arns=["arn:office"])
    _, *exempt = rule["statement"]["rate_based_statement"]["scope_down_statement"]["and_statement"]["statements"]
    return [each["not_statement"]["statement"] for each in exempt]


def test_rate_limit_does_not_count_preflight_requests_exempt_paths_and_exempt_addresses() -> None:
    preflight, path, addresses = exempt_statements(exempt_paths=("/api/webhooks/",))

    assert preflight["byte_match_statement"]["field_to_match"] == {"method": {}}
    assert preflight["byte_match_statement"]["search_string"] == "OPTIONS"
    assert preflight["byte_match_statement"]["positional_constraint"] == "EXACTLY"
    assert path["byte_match_statement"]["search_string"] == "/api/webhooks/"
    assert addresses == {"ip_set_reference_statement": {"arn": "arn:office"}}


def test_exempt_addresses_are_read_from_the_header_of_the_cdn() -> None:
    *_, addresses = exempt_statements(client_address_header="CF-Connecting-IP")

    assert addresses["ip_set_reference_statement"]["ip_set_forwarded_ip_config"] == {
        "header_name": "CF-Connecting-IP",
        "fallback_behavior": "NO_MATCH",
        "position": "FIRST",
    }


def test_blocks_of_custom_rules_have_cors_headers() -> None:
    parts = {name: each for name, each in ALL_RULES.items() if name != "origin_key"}
    answers = {
        rule["name"]: rule["action"]["block"]["custom_response"]
        for rule in build(cors_origin="https://app.example.com", **parts)
        if "action" in rule
    }
    headers = {
        name: {header["name"]: header["value"] for header in answer["response_headers"]}
        for name, answer in answers.items()
    }

    assert {name: answer["response_code"] for name, answer in answers.items()} == {
        **dict.fromkeys(("addresses", "countries", "networks", "body-size", "nosql"), 403),
        "rate-limit": 429,
    }
    assert [each["Access-Control-Allow-Origin"] for each in headers.values()] == ["https://app.example.com"] * 6
    assert headers["rate-limit"]["Retry-After"] == "600"


def test_body_size_rule_does_not_apply_to_exempt_paths() -> None:
    size, path = named("body-size", body_exempt_paths=["/api/uploads/"])["statement"]["and_statement"]["statements"]

    assert size["size_constraint_statement"]["size"] == 8_192
    assert path["not_statement"]["statement"]["byte_match_statement"]["search_string"] == "/api/uploads/"


def test_capacity_of_every_exemption_is_within_the_basic_price() -> None:
    paths = tuple(f"/api/{number}/" for number in range(MAX_EXEMPT_PATHS))
    limit = RateLimit(path_prefix="/api/", requests=66, window_seconds=600, exempt_paths=paths)
    exemptions: dict[str, Any] = {"exempt_set_arns": ["arn:4", "arn:6"], "body_exempt_paths": paths}
    inputs = {
        "rules": [rpc_names(rule) for rule in build(**cast("Any", {**ALL_RULES, **exemptions, "rate_limit": limit}))]
    }
    call = Call("aws:wafv2/webAcl:WebAcl", "urn", "eu-west-1", "1", inputs, Cloud(), seed="")

    assert capacity(call) == 1_155 + 2 * MAX_EXEMPT_PATHS * 32 + 2 <= PRICED_CAPACITY


@pytest.mark.parametrize("address", ["203.0.113.7", "0.0.0.0/0", "203.0.113.7/24", "office", "::/0"])
def test_malformed_exempt_address_is_rejected(address: str) -> None:
    with pytest.raises(ValueError, match=rf"exempt_addresses: not a CIDR block \(got '{re.escape(address)}'\)"):
        RateLimit(path_prefix="/api/", requests=66, window_seconds=600, exempt_addresses=(address,))


def test_too_many_or_malformed_exempt_paths_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"exempt_paths: too many paths \(got 6\)\. Set at most 5"):
        RateLimit(path_prefix="/api/", requests=66, window_seconds=600, exempt_paths=("/a/",) * 6)
    with pytest.raises(ValueError, match=r"exempt_paths: not a lower-case path \(got 'hooks'\)"):
        RateLimit(path_prefix="/api/", requests=66, window_seconds=600, exempt_paths=("hooks",))


def test_during_a_rotation_either_key_is_accepted() -> None:
    from components.waf.rules import _without_key  # pyright: ignore[reportPrivateUsage]

    statement: Any = _without_key(OriginKey(header="x-origin-key", values=["old", "new"]))
    either = statement["not_statement"]["statement"]["or_statement"]["statements"]
    assert [each["byte_match_statement"]["search_string"] for each in either] == ["old", "new"]
