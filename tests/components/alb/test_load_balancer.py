"""The load balancer: HTTPS or nothing, and nothing behind it until a service opens the way."""

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


def test_it_is_made_of_these_and_no_others(recording: Recording[LoadBalancer]) -> None:
    rules = {f"api-from-world-{protocol}-{family}" for protocol in ("http", "https") for family in ("ipv4", "ipv6")}

    assert recording.tree() == {
        "api": None,
        **dict.fromkeys(rules | {"api-load-balancer", "api-alb", "api-targets", "api-https", "api-http"}, "api"),
    }


def test_the_world_reaches_443_and_80_only_and_nothing_goes_out_yet(recording: Recording[LoadBalancer]) -> None:
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
    assert not {"ingress", "egress"} & group.inputs.keys(), "inline rules would fight the services' own"
    assert not recording.of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_it_drops_what_is_malformed_and_logs_what_is_not(recording: Recording[LoadBalancer]) -> None:
    balancer = recording.one("aws:lb/loadBalancer:LoadBalancer").inputs

    assert balancer["loadBalancerType"] == "application"
    assert balancer["internal"] is False
    assert balancer["subnets"] == ["subnet-a", "subnet-b"]
    assert balancer["securityGroups"] == ["api-load-balancer-id"]
    assert balancer["dropInvalidHeaderFields"] is True
    assert balancer["desyncMitigationMode"] == "defensive"
    assert balancer["enableDeletionProtection"] is True
    assert balancer["accessLogs"] == {"bucket": "logs-bucket", "enabled": True}
    assert balancer["idleTimeout"] == 60


def test_https_ends_here_with_the_given_certificate_and_policy(recording: Recording[LoadBalancer]) -> None:
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


def test_http_only_redirects_for_ever(recording: Recording[LoadBalancer]) -> None:
    listener = recording.named("api-http").inputs

    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert listener["defaultActions"] == [
        {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}}
    ]


def test_tasks_are_targets_by_address_while_they_answer_200(recording: Recording[LoadBalancer]) -> None:
    targets = recording.one("aws:lb/targetGroup:TargetGroup").inputs

    assert (targets["targetType"], targets["protocol"], targets["port"]) == ("ip", "HTTP", 5000)
    assert targets["deregistrationDelay"] == 30
    assert targets["stickiness"] == {"type": "lb_cookie", "enabled": False}
    check = targets["healthCheck"]
    assert (check["path"], check["matcher"], check["port"]) == ("/health", "200", "traffic-port")
    # AWS refuses a timeout that is not below the interval.
    assert check["timeout"] < check["interval"]


def test_the_target_group_is_handed_out_once_the_listener_uses_it(recording: Recording[LoadBalancer]) -> None:
    assert recording.sources(recording.result.target_group_arn) == {"api-targets", "api-https"}


def test_arguments_reach_the_resources() -> None:
    args = replace(
        ARGS,
        target_port=8080,
        health_check_path="/ready",
        deletion_protection=False,
        idle_timeout_seconds=90,
        deregistration_delay_seconds=5,
    )
    recording = record(lambda: LoadBalancer("api", args))
    balancer = recording.one("aws:lb/loadBalancer:LoadBalancer").inputs
    targets = recording.one("aws:lb/targetGroup:TargetGroup").inputs

    assert (balancer["enableDeletionProtection"], balancer["idleTimeout"]) == (False, 90)
    assert (targets["port"], targets["deregistrationDelay"]) == (8080, 5)
    assert targets["healthCheck"]["path"] == "/ready"


def test_what_came_later_leaves_a_first_load_balancer_as_it_was(recording: Recording[LoadBalancer]) -> None:
    assert "ipAddressType" not in recording.one("aws:lb/loadBalancer:LoadBalancer").inputs
    assert "mutualAuthentication" not in recording.named("api-https").inputs


def test_clients_stay_show_their_certificate_and_come_by_ipv6_when_asked() -> None:
    args = replace(ARGS, sticky_seconds=600, trust_store_arn="arn:trust", dual_stack=True)
    recording = record(lambda: LoadBalancer("api", args))

    assert recording.named("api-targets").inputs["stickiness"]["cookieDuration"] == 600
    assert recording.named("api-https").inputs["mutualAuthentication"] == {
        "mode": "verify",
        "trustStoreArn": "arn:trust",
    }
    assert recording.named("api-alb").inputs["ipAddressType"] == "dualstack"


def test_behind_a_cdn_only_the_cdn_connects_and_by_https_alone() -> None:
    ingress_sources = {"cdn": IngressSource(prefix_list_id="pl-1"), "office": IngressSource(cidr_ipv4="192.0.2.0/24")}
    recording = record(lambda: LoadBalancer("api", replace(ARGS, ingress_sources=ingress_sources)))
    rules = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")

    assert {rule.name: (rule.inputs["fromPort"], rule.inputs["toPort"]) for rule in rules} == {
        "api-from-cdn": (443, 443),
        "api-from-office": (443, 443),
    }
    assert recording.named("api-from-cdn").inputs["prefixListId"] == "pl-1"


def test_the_second_group_of_a_traffic_shift_can_take_the_same_settings() -> None:
    args = replace(ARGS, health_check_path="/ready", deregistration_delay_seconds=5, sticky_seconds=60)
    targets = args.targets()

    assert (targets.port, targets.health_check_path) == (5000, "/ready")
    assert (targets.deregistration_delay_seconds, targets.sticky_seconds) == (5, 60)


@pytest.mark.parametrize("given", [{}, {"cidr_ipv4": "192.0.2.0/24", "prefix_list_id": "pl-1"}])
def test_a_caller_is_one_of_three_things(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"got {len(given)} of them, allowed one"):
        IngressSource(**given)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ingress_sources": {}}, "ingress_sources: got none"),
        ({"sticky_seconds": 0}, "sticky_seconds: got 0, allowed 1 to 604800"),
        ({"ssl_policy": "ELBSecurityPolicy-2016-08"}, "ssl_policy: got .*2016-08.*allowed .*TLS13-1-2.*older than 1.2"),
        ({"ssl_policy": "ELBSecurityPolicy-TLS13-1-1-2021-06"}, "ssl_policy"),
        ({"health_check_path": "health"}, "health_check_path: got 'health', allowed a path that starts with /"),
        ({"target_port": 0}, "target_port: got 0, allowed 1 to 65535"),
        ({"idle_timeout_seconds": 4001}, "idle_timeout_seconds: got 4001, allowed 1 to 4000"),
        ({"deregistration_delay_seconds": -1}, "deregistration_delay_seconds: got -1, allowed 0 to 3600"),
    ],
)
def test_wrong_arguments_are_refused(change: dict[str, Any], message: str) -> None:
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
def test_policies_of_tls_12_and_13_are_taken(policy: str) -> None:
    assert replace(ARGS, ssl_policy=policy).ssl_policy == policy


def test_a_name_that_aws_would_refuse_is_refused_first() -> None:
    record(lambda: LoadBalancer("a" * 16, ARGS))
    with pytest.raises(ValueError, match=r"name: got 'a{17}', allowed 16 characters or fewer"):
        record(lambda: LoadBalancer("a" * 17, ARGS))
