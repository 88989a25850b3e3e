"""Tests of the load balancer: security group, listeners and target group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.alb.load_balancer import IngressSource, LoadBalancer, LoadBalancerArgs
from tests.engine_recorder import Recorded, Recording, record

ARGS = LoadBalancerArgs(
    vpc_id="vpc-1",
    subnet_ids=["subnet-a", "subnet-b"],
    certificate_arn="arn:aws:acm:eu-west-1:111122223333:certificate/1",
    access_log_bucket="logs-bucket",
    ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    target_port=5000,
    tags={"Stack": "dev"},
)


@pytest.fixture(scope="module")
def recording() -> Recording[LoadBalancer]:
    return record(lambda: LoadBalancer("api", ARGS))


def test_creates_exactly_these_resources(recording: Recording[LoadBalancer]) -> None:
    rules = {f"api-from-internet-{protocol}-{family}" for protocol in ("http", "https") for family in ("ipv4", "ipv6")}

    assert recording.tree() == {
        "api": None,
        **dict.fromkeys(rules | {"api-load-balancer", "api-alb", "api-targets", "api-https", "api-http"}, "api"),
    }


def test_internet_may_connect_to_443_and_80_only_and_there_is_no_egress(recording: Recording[LoadBalancer]) -> None:
    def source(rule: Recorded) -> tuple[Any, ...]:
        inputs = rule.inputs
        return (inputs["fromPort"], inputs["toPort"], inputs.get("cidrIpv4"), inputs.get("cidrIpv6"))

    rules = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    group = recording.one("aws:ec2/securityGroup:SecurityGroup")

    assert {source(rule) for rule in rules} == {
        (443, 443, "0.0.0.0/0", None),
        (443, 443, None, "::/0"),
        (80, 80, "0.0.0.0/0", None),
        (80, 80, None, "::/0"),
    }
    assert {rule.inputs["securityGroupId"] for rule in rules} == {"api-load-balancer-id"}
    assert {rule.inputs["ipProtocol"] for rule in rules} == {"tcp"}
    assert not {"ingress", "egress"} & group.inputs.keys(), "inline rules would remove the rules of services"
    assert not recording.of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_load_balancer_drops_invalid_headers_and_has_access_logs(recording: Recording[LoadBalancer]) -> None:
    load_balancer = recording.one("aws:lb/loadBalancer:LoadBalancer").inputs

    assert load_balancer["loadBalancerType"] == "application"
    assert load_balancer["internal"] is False
    assert load_balancer["subnets"] == ["subnet-a", "subnet-b"]
    assert load_balancer["securityGroups"] == ["api-load-balancer-id"]
    assert load_balancer["dropInvalidHeaderFields"] is True
    assert load_balancer["desyncMitigationMode"] == "defensive"
    assert load_balancer["enableDeletionProtection"] is True
    assert load_balancer["accessLogs"] == {"bucket": "logs-bucket", "enabled": True}
    assert load_balancer["idleTimeout"] == 60


def test_https_listener_has_the_certificate_policy_and_headers(recording: Recording[LoadBalancer]) -> None:
    listener = recording.named("api-https").inputs

    assert (listener["port"], listener["protocol"]) == (443, "HTTPS")
    assert listener["sslPolicy"] == ARGS.ssl_policy
    assert listener["certificateArn"] == ARGS.certificate_arn
    assert [(action["type"], action["targetGroupArn"]) for action in listener["defaultActions"]] == [
        ("forward", recording.value(recording.result.target_group_arn))
    ]
    assert listener["routingHttpResponseStrictTransportSecurityHeaderValue"] == "max-age=63072000"
    assert listener["routingHttpResponseXContentTypeOptionsHeaderValue"] == "nosniff"
    assert listener["routingHttpResponseServerEnabled"] is False


def test_http_listener_redirects_permanently(recording: Recording[LoadBalancer]) -> None:
    listener = recording.named("api-http").inputs

    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert listener["defaultActions"] == [
        {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}}
    ]


def test_target_group_has_ip_targets_and_requires_200(recording: Recording[LoadBalancer]) -> None:
    targets = recording.one("aws:lb/targetGroup:TargetGroup").inputs

    assert (targets["targetType"], targets["protocol"], targets["port"]) == ("ip", "HTTP", 5000)
    assert targets["deregistrationDelay"] == 30
    assert targets["stickiness"] == {"type": "lb_cookie", "enabled": False}
    check = targets["healthCheck"]
    assert (check["path"], check["matcher"], check["port"]) == ("/health", "200", "traffic-port")
    # AWS requires a time-out below the interval.
    assert check["timeout"] < check["interval"]


def test_target_group_arn_resolves_after_the_listener(recording: Recording[LoadBalancer]) -> None:
    assert recording.sources(recording.result.target_group_arn) == {"api-targets", "api-https"}


def test_optional_arguments_are_inputs_of_the_resources() -> None:
    args = replace(
        ARGS,
        target_port=8080,
        health_check_path="/ready",
        deletion_protection=False,
        idle_timeout_seconds=90,
        deregistration_delay_seconds=5,
    )
    recording = record(lambda: LoadBalancer("api", args))
    load_balancer = recording.one("aws:lb/loadBalancer:LoadBalancer").inputs
    targets = recording.one("aws:lb/targetGroup:TargetGroup").inputs

    assert (load_balancer["enableDeletionProtection"], load_balancer["idleTimeout"]) == (False, 90)
    assert (targets["port"], targets["deregistrationDelay"]) == (8080, 5)
    assert targets["healthCheck"]["path"] == "/ready"


def test_dual_stack_and_mutual_tls_are_omitted_by_default(recording: Recording[LoadBalancer]) -> None:
    assert "ipAddressType" not in recording.one("aws:lb/loadBalancer:LoadBalancer").inputs
    assert "mutualAuthentication" not in recording.named("api-https").inputs


def test_stickiness_mutual_tls_and_dual_stack_are_supported() -> None:
    args = replace(ARGS, sticky_seconds=600, trust_store_arn="arn:trust", dual_stack=True)
    recording = record(lambda: LoadBalancer("api", args))

    assert recording.named("api-targets").inputs["stickiness"]["cookieDuration"] == 600
    assert recording.named("api-https").inputs["mutualAuthentication"] == {
        "mode": "verify",
        "trustStoreArn": "arn:trust",
    }
    assert recording.named("api-alb").inputs["ipAddressType"] == "dualstack"


def test_ingress_sources_are_the_only_sources_and_use_https() -> None:
    ingress_sources = {"cdn": IngressSource(prefix_list_id="pl-1"), "office": IngressSource(cidr_ipv4="192.0.2.0/24")}
    recording = record(lambda: LoadBalancer("api", replace(ARGS, ingress_sources=ingress_sources)))
    rules = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")

    assert {rule.name: (rule.inputs["fromPort"], rule.inputs["toPort"]) for rule in rules} == {
        "api-from-cdn": (443, 443),
        "api-from-office": (443, 443),
    }
    assert recording.named("api-from-cdn").inputs["prefixListId"] == "pl-1"


def test_second_ingress_sources_have_a_security_group_of_their_own() -> None:
    first = {"cdn": IngressSource(prefix_list_id="pl-1")}
    second = {"office": IngressSource(cidr_ipv4="192.0.2.0/24")}
    recording = record(lambda: LoadBalancer("api", replace(ARGS, ingress_sources=first, second_ingress_sources=second)))
    groups = {name: recording.named(name).inputs["securityGroupId"] for name in ("api-from-cdn", "api-from-office")}
    assert groups["api-from-cdn"] != groups["api-from-office"]
    assert recording.named("api-alb").inputs["securityGroups"] == list(groups.values())


def test_targets_returns_the_settings_of_the_target_group() -> None:
    args = replace(ARGS, health_check_path="/ready", deregistration_delay_seconds=5, sticky_seconds=60)
    targets = args.targets()

    assert (targets.port, targets.health_check_path) == (5000, "/ready")
    assert (targets.deregistration_delay_seconds, targets.sticky_seconds) == (5, 60)


@pytest.mark.parametrize("given", [{}, {"cidr_ipv4": "192.0.2.0/24", "prefix_list_id": "pl-1"}])
def test_ingress_source_without_exactly_one_address_is_rejected(given: dict[str, Any]) -> None:
    with pytest.raises(
        ValueError, match=rf"cidr_ipv4, cidr_ipv6, prefix_list_id: not exactly one \(got {len(given)}\)"
    ):
        IngressSource(**given)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ingress_sources": {}}, "ingress_sources: no source is allowed to connect"),
        (
            {"second_ingress_sources": {"office": IngressSource(cidr_ipv4="192.0.2.0/24")}},
            "second_ingress_sources: the first security group allows the internet",
        ),
        ({"sticky_seconds": 0}, r"sticky_seconds: out of range \(got 0\)\. Set 1 to 604800"),
        (
            {"ssl_policy": "ELBSecurityPolicy-2016-08"},
            r"ssl_policy: .*older than 1\.2.*\(got .*2016-08.*\)\. Set .*TLS13-1-2",
        ),
        ({"ssl_policy": "ELBSecurityPolicy-TLS13-1-1-2021-06"}, "ssl_policy"),
        ({"health_check_path": "health"}, r"health_check_path: not a path \(got 'health'\)"),
        ({"target_port": 0}, r"target_port: out of range \(got 0\)\. Set 1 to 65535"),
        ({"idle_timeout_seconds": 4001}, r"idle_timeout_seconds: out of range \(got 4001\)\. Set 1 to 4000"),
        (
            {"deregistration_delay_seconds": -1},
            r"deregistration_delay_seconds: out of range \(got -1\)\. Set 0 to 3600",
        ),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)


@pytest.mark.parametrize(
    "policy",
    [
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    ],
)
def test_policies_with_tls_12_and_13_pass(policy: str) -> None:
    assert replace(ARGS, ssl_policy=policy).ssl_policy == policy


def test_name_that_is_too_long_for_aws_is_rejected() -> None:
    record(lambda: LoadBalancer("a" * 16, ARGS))
    with pytest.raises(ValueError, match=r"name: too long \(got 'a{17}'\)\. Use at most 16 characters"):
        record(lambda: LoadBalancer("a" * 17, ARGS))
