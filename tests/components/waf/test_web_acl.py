"""Tests of the web ACL: scope, association and logs."""

from __future__ import annotations

from dataclasses import replace

import pulumi
import pytest

from components.waf.client_rules import BotControl, ClientRestrictions, OriginKey
from components.waf.rules import Mode, RateLimit
from components.waf.web_acl import Scope, WebAcl, WebAclArgs
from tests.engine_recorder import Recording, record

LOAD_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/api/1"
ARGS = WebAclArgs(
    scope=Scope.REGIONAL,
    log_retention_days=30,
    tags={"Stack": "dev"},
    rate_limit=RateLimit(path_prefix="/api/", requests=66, window_seconds=600),
    load_balancer_arn=LOAD_BALANCER,
)
ACL = "aws:wafv2/webAcl:WebAcl"


@pytest.fixture(scope="module")
def recording() -> Recording[WebAcl]:
    return record(lambda: WebAcl("web-acl", ARGS))


def test_creates_exactly_these_resources(recording: Recording[WebAcl]) -> None:
    parts = ("operators", "acl", "logs", "logging", "association")

    assert recording.tree() == {"web-acl": None, **{f"web-acl-{part}": "web-acl" for part in parts}}


def test_web_acl_is_associated_with_the_load_balancer_and_has_the_rules(recording: Recording[WebAcl]) -> None:
    acl = recording.one(ACL).inputs
    association = recording.one("aws:wafv2/webAclAssociation:WebAclAssociation").inputs

    assert association["resourceArn"] == LOAD_BALANCER
    assert association["webAclArn"] == recording.value(recording.result.arn)
    assert acl["defaultAction"] == {"allow": {}}
    assert [rule["name"] for rule in acl["rules"]][-2:] == ["nosql", "rate-limit"]
    nosql = acl["rules"][4]["statement"]["orStatement"]["statements"][0]
    operators = recording.one("aws:wafv2/regexPatternSet:RegexPatternSet")
    assert nosql["regexPatternSetReferenceStatement"]["arn"].endswith(operators.name)


def test_metric_name_is_unique_to_the_stack(recording: Recording[WebAcl]) -> None:
    metric_name = recording.one(ACL).inputs["visibilityConfig"]["metricName"]

    assert recording.value(recording.result.acl_metric) == metric_name
    assert metric_name == "web-acl-operators-name"  # the autonamed pattern set


def test_log_group_has_the_required_prefix_and_logs_have_no_credentials(recording: Recording[WebAcl]) -> None:
    group = recording.one("aws:cloudwatch/logGroup:LogGroup").inputs
    logging = recording.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs

    assert group["namePrefix"].startswith("aws-waf-logs-")
    assert "name" not in group
    assert group["retentionInDays"] == 30
    assert logging["redactedFields"] == [
        {"singleHeader": {"name": "authorization"}},
        {"singleHeader": {"name": "cookie"}},
    ]


def test_cloudfront_web_acl_is_in_us_east_1() -> None:
    recording = record(
        lambda: WebAcl("edge", replace(ARGS, scope=Scope.CLOUDFRONT, load_balancer_arn=None, rate_limit=None))
    )
    created = [resource for resource in recording.resources if resource.custom]

    assert {resource.name for resource in created} == {"edge-operators", "edge-acl", "edge-logs", "edge-logging"}
    assert {resource.inputs["region"] for resource in created} == {"us-east-1"}
    assert recording.one(ACL).inputs["scope"] == "CLOUDFRONT"


def test_regional_web_acl_uses_the_providers_region(recording: Recording[WebAcl]) -> None:
    assert not [resource for resource in recording.resources if "region" in resource.inputs]


def test_count_mode_blocks_nothing() -> None:
    recording = record(lambda: WebAcl("web-acl", replace(ARGS, mode=Mode.COUNT)))

    rules = recording.one(ACL).inputs["rules"]
    assert len(rules) == 6
    for rule in rules:
        assert (rule.get("action") or rule["overrideAction"]) == {"count": {}}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"max_body_bytes": 8_193}, r"max_body_bytes: out of range \(got 8193\)\. Set 1 to 8192 for REGIONAL"),
        ({"max_body_bytes": 0}, r"max_body_bytes: out of range \(got 0\)"),
        ({"log_retention_days": 31}, r"log_retention_days: .*got 31"),
        ({"scope": Scope.CLOUDFRONT}, "load_balancer_arn: not supported by scope CLOUDFRONT"),
        (
            {
                "scope": Scope.CLOUDFRONT,
                "load_balancer_arn": None,
                "client_restrictions": ClientRestrictions(blocked_asns=(1,), client_address_header="CF-Connecting-IP"),
            },
            "client_address_header: not supported by scope CLOUDFRONT",
        ),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **change)  # pyright: ignore[reportArgumentType]  # invalid on purpose


def test_bot_control_and_client_restrictions_add_rules(recording: Recording[WebAcl]) -> None:
    more = replace(
        ARGS,
        bot_control=BotControl(path_prefix="/api/"),
        client_restrictions=ClientRestrictions(blocked_countries=("KP",)),
    )
    added = {rule["name"] for rule in record(lambda: WebAcl("web-acl", more)).one(ACL).inputs["rules"]}

    assert added - {rule["name"] for rule in recording.one(ACL).inputs["rules"]} == {"bots", "countries"}


def test_cloudfront_allows_larger_bodies() -> None:
    edge = replace(ARGS, scope=Scope.CLOUDFRONT, load_balancer_arn=None, max_body_bytes=16_384)

    assert edge.max_body_bytes == 16_384


def test_origin_key_is_secret_and_redacted_in_logs() -> None:
    key = OriginKey(header="x-origin-key", values=[pulumi.Output.secret("a-key")])
    protected = record(lambda: WebAcl("web-acl", replace(ARGS, origin_key=key)))
    logging = protected.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs

    assert "rules" in protected.one(ACL).secret_inputs
    assert {"singleHeader": {"name": "x-origin-key"}} in logging["redactedFields"]


def test_origin_key_with_cloudfront_scope_is_rejected() -> None:
    key = OriginKey(header="x-origin-key", values=["a-key"])
    with pytest.raises(ValueError, match="origin_key: not supported by scope CLOUDFRONT"):
        replace(ARGS, scope=Scope.CLOUDFRONT, load_balancer_arn=None, origin_key=key)


def test_exempt_addresses_are_in_one_ip_set_for_each_version(recording: Recording[WebAcl]) -> None:
    addresses = ("203.0.113.7/32", "2001:db8::/64", "198.51.100.0/24")
    limit = RateLimit(path_prefix="/api/", requests=66, window_seconds=600, exempt_addresses=addresses)
    exempt = record(lambda: WebAcl("web-acl", replace(ARGS, rate_limit=limit)))
    sets = {each.name: each.inputs for each in exempt.of("aws:wafv2/ipSet:IpSet")}

    assert not recording.of("aws:wafv2/ipSet:IpSet")
    assert {name: (each["ipAddressVersion"], each["addresses"]) for name, each in sets.items()} == {
        "web-acl-exempt-ipv4": ("IPV4", ["203.0.113.7/32", "198.51.100.0/24"]),
        "web-acl-exempt-ipv6": ("IPV6", ["2001:db8::/64"]),
    }
    scope_down = exempt.one(ACL).inputs["rules"][-1]["statement"]["rateBasedStatement"]["scopeDownStatement"]
    assert len(scope_down["andStatement"]["statements"]) == 4


@pytest.mark.parametrize("origin", ["app.example.com", "https://app.example.com/", "https://App.example.com", "*"])
def test_malformed_cors_origin_is_rejected(origin: str) -> None:
    with pytest.raises(ValueError, match="cors_origin: not an origin"):
        replace(ARGS, cors_origin=origin)


def test_too_many_body_exempt_paths_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"body_exempt_paths: too many paths \(got 6\)"):
        replace(ARGS, body_exempt_paths=("/a/",) * 6)
