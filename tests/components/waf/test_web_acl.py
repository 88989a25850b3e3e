"""The web ACL: where it lives, what it guards, what its logs keep to themselves."""

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
    return record(lambda: WebAcl("firewall", ARGS))


def test_it_is_made_of_these_and_no_others(recording: Recording[WebAcl]) -> None:
    parts = ("operators", "acl", "logs", "logging", "association")

    assert recording.tree() == {"firewall": None, **{f"firewall-{part}": "firewall" for part in parts}}


def test_it_guards_the_load_balancer_with_the_rules_given(recording: Recording[WebAcl]) -> None:
    acl = recording.one(ACL).inputs
    association = recording.one("aws:wafv2/webAclAssociation:WebAclAssociation").inputs

    assert association["resourceArn"] == LOAD_BALANCER
    assert association["webAclArn"] == recording.value(recording.result.arn)
    assert acl["defaultAction"] == {"allow": {}}
    assert [rule["name"] for rule in acl["rules"]][-2:] == ["nosql", "rate-limit"]
    nosql = acl["rules"][4]["statement"]["orStatement"]["statements"][0]
    operators = recording.one("aws:wafv2/regexPatternSet:RegexPatternSet")
    assert nosql["regexPatternSetReferenceStatement"]["arn"].endswith(operators.name)


def test_its_metrics_are_found_by_a_name_that_no_other_stack_has(recording: Recording[WebAcl]) -> None:
    metric_name = recording.one(ACL).inputs["visibilityConfig"]["metricName"]

    assert recording.value(recording.result.acl_metric) == metric_name
    assert metric_name == "firewall-operators-name"  # autonaming's


def test_its_logs_are_named_as_aws_waf_wants_and_hold_no_credentials(recording: Recording[WebAcl]) -> None:
    group = recording.one("aws:cloudwatch/logGroup:LogGroup").inputs
    logging = recording.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs

    assert group["namePrefix"].startswith("aws-waf-logs-")
    assert "name" not in group
    assert group["retentionInDays"] == 30
    assert logging["redactedFields"] == [
        {"singleHeader": {"name": "authorization"}},
        {"singleHeader": {"name": "cookie"}},
    ]


def test_for_distributions_all_of_it_lives_in_us_east_1() -> None:
    recording = record(
        lambda: WebAcl("edge", replace(ARGS, scope=Scope.CLOUDFRONT, load_balancer_arn=None, rate_limit=None))
    )
    made = [resource for resource in recording.resources if resource.custom]

    assert {resource.name for resource in made} == {"edge-operators", "edge-acl", "edge-logs", "edge-logging"}
    assert {resource.inputs["region"] for resource in made} == {"us-east-1"}
    assert recording.one(ACL).inputs["scope"] == "CLOUDFRONT"


def test_a_regional_one_lives_where_the_provider_is(recording: Recording[WebAcl]) -> None:
    assert not [resource for resource in recording.resources if "region" in resource.inputs]


def test_counting_blocks_nobody() -> None:
    recording = record(lambda: WebAcl("firewall", replace(ARGS, mode=Mode.COUNT)))

    for rule in recording.one(ACL).inputs["rules"]:
        assert (rule.get("action") or rule["overrideAction"]) == {"count": {}}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"max_body_bytes": 8_193}, "max_body_bytes is 8193; allowed is 1 to 8192 for REGIONAL"),
        ({"max_body_bytes": 0}, "max_body_bytes is 0"),
        ({"log_retention_days": 31}, "log_retention_days: got 31"),
        ({"scope": Scope.CLOUDFRONT}, "load_balancer_arn is given with scope CLOUDFRONT"),
        (
            {
                "scope": Scope.CLOUDFRONT,
                "load_balancer_arn": None,
                "origins": ClientRestrictions(blocked_asns=(1,), client_address_header="CF-Connecting-IP"),
            },
            "CloudFront sees the clients themselves",
        ),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)  # pyright: ignore[reportArgumentType]  # wrong on purpose


def test_bots_and_origins_are_added_where_asked_for(recording: Recording[WebAcl]) -> None:
    more = replace(ARGS, bots=BotControl(path_prefix="/api/"), origins=ClientRestrictions(blocked_countries=("KP",)))
    added = {rule["name"] for rule in record(lambda: WebAcl("firewall", more)).one(ACL).inputs["rules"]}

    assert added - {rule["name"] for rule in recording.one(ACL).inputs["rules"]} == {"bots", "countries"}


def test_cloudfront_lets_more_of_a_body_be_seen() -> None:
    edge = replace(ARGS, scope=Scope.CLOUDFRONT, load_balancer_arn=None, max_body_bytes=16_384)

    assert edge.max_body_bytes == 16_384


def test_the_key_of_the_cdn_is_a_secret_and_stays_out_of_the_logs() -> None:
    key = OriginKey(header="x-origin-key", value=pulumi.Output.secret("a-key"))
    locked = record(lambda: WebAcl("firewall", replace(ARGS, origin_key=key)))
    logging = locked.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs

    assert "rules" in locked.one(ACL).secret_inputs
    assert {"singleHeader": {"name": "x-origin-key"}} in logging["redactedFields"]


def test_the_key_is_for_the_load_balancer_s_acl_alone() -> None:
    key = OriginKey(header="x-origin-key", value="a-key")
    with pytest.raises(ValueError, match="origin_key is given with scope CLOUDFRONT"):
        replace(ARGS, scope=Scope.CLOUDFRONT, load_balancer_arn=None, origin_key=key)
