"""Elastic Load Balancing: target groups and health checks."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Rejection,
    Stage,
    rule,
)

from .elb import ELB, HYPHENATED, QUOTAS, TARGET_GROUP
from .network import (
    to_vpc,
)
from .same_scope import known
from .sources import api, created_only, sdk


@rule("target-group-requires-port-protocol-and-vpc", Stage.PLAN, source=sdk("lb/targetgroup"))
def target_group_inputs(call: Call) -> Iterator[Rejection]:
    is_lambda = known(call, "targetType", "instance") == "lambda"
    for path in ("port", "protocol", "vpcId"):
        given = call.get(path) is not None
        if given and is_lambda:
            yield Rejection(path, f"{path} is not supported for targetType lambda", "ValidationError")
        if not given and not is_lambda and call.get("targetType") is not UNKNOWN:
            yield Rejection(
                path, f"{path} is required for targetType {call.get('targetType', 'instance')}", "ValidationError"
            )
    if known(call, "protocolVersion") is not None and known(call, "protocol", "HTTP") not in ("HTTP", "HTTPS"):
        yield Rejection(
            "protocolVersion", "protocolVersion is supported only for HTTP and HTTPS target groups", "ValidationError"
        )
    slow = known(call, "slowStart", 0)
    if slow != 0 and not 30 <= int(slow) <= 900:
        yield Rejection(
            "slowStart",
            f"invalid slow start (got {slow}). Allowed are 0 (disabled) and 30 to 900 seconds.",
            "ValidationError",
        )


@rule("target-group-health-check", Stage.PLAN, source=sdk("lb/targetgroup"))
def health_check(call: Call) -> Iterator[Rejection]:
    at = "healthCheck"
    protocol = known(call, "protocol", "HTTP")
    checks = known(call, f"{at}.protocol", "HTTP")
    if protocol in ("HTTP", "HTTPS") and checks == "TCP":
        yield Rejection(
            f"{at}.protocol", f"a TCP health check is not supported for {protocol} target groups", "ValidationError"
        )
    path = known(call, f"{at}.path")
    if path is not None and checks == "TCP":
        yield Rejection(f"{at}.path", "a TCP health check does not support a path", "ValidationError")
    if path not in (None, "") and not (path.startswith("/") and len(path) <= 1024):
        yield Rejection(
            f"{at}.path",
            f"the path must begin with / and have at most 1,024 characters (got '{path}')",
            "ValidationError",
        )
    port = known(call, f"{at}.port", "traffic-port")
    if port != "traffic-port" and not (str(port).isdigit() and 1 <= int(port) <= 65535):
        yield Rejection(
            f"{at}.port", f"invalid port (got '{port}'). Allowed are traffic-port and 1 to 65535.", "ValidationError"
        )
    interval, timeout = known(call, f"{at}.interval", 30), known(call, f"{at}.timeout")
    if timeout is not None and float(interval) <= float(timeout):
        yield Rejection(
            f"{at}.timeout",
            f"timeout {timeout} must be shorter than the interval, {interval} seconds",
            "ValidationError",
        )
    matcher = known(call, f"{at}.matcher")
    low, high = _codes_allowed(call)
    for part in str(matcher).replace("-", ",").split(",") if matcher else ():
        if not part.strip().isdigit() or not low <= int(part) <= high:
            yield Rejection(
                f"{at}.matcher",
                f"invalid matcher (got '{matcher}'). Allowed are lists and ranges of codes from {low} to {high}.",
                "ValidationError",
            )
            return


def _codes_allowed(call: Call) -> tuple[int, int]:
    if known(call, "protocolVersion") == "GRPC":
        return 0, 99
    return (200, 499) if known(call, "protocol", "HTTP") in ("HTTP", "HTTPS") else (200, 599)


def _default_health_check(call: Call) -> dict[str, Plain]:
    protocol = call.get("protocol", "HTTP")
    by_http = protocol in ("HTTP", "HTTPS")
    return {
        "enabled": True,
        "healthyThreshold": 3,
        "unhealthyThreshold": 3,
        "interval": 30,
        "timeout": 6 if protocol == "HTTP" else 10,
        "port": "traffic-port",
        "protocol": "HTTP" if by_http else "TCP",
        "matcher": "200" if by_http else "",
        "path": "/" if by_http else "",
    }


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=TARGET_GROUP,
        source=sdk("lb/targetgroup"),
        id="arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex16}",
        outputs={
            "arn": "{id}",
            "arnSuffix": lambda call: call.id.rpartition(":")[2],
            "targetType": "instance",
            "namePrefix": "",
            "connectionTermination": False,
            "deregistrationDelay": 300,
            "healthCheck": _default_health_check,
            "ipAddressType": "ipv4",
            "lambdaMultiValueHeadersEnabled": False,
            "loadBalancerArns": [],
            "loadBalancingAlgorithmType": "round_robin",
            "loadBalancingAnomalyMitigation": "off",
            "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
            "preserveClientIp": "",
            "protocolVersion": lambda call: "HTTP1" if call.get("protocol") in ("HTTP", "HTTPS") else "",
            "proxyProtocolV2": False,
            "slowStart": 0,
            "stickiness": {"enabled": False, "type": "lb_cookie", "cookieDuration": 86400, "cookieName": ""},
            "targetFailovers": [],
            "targetGroupHealth": {
                "dnsFailover": {"minimumHealthyTargetsCount": "1", "minimumHealthyTargetsPercentage": "off"},
                "unhealthyStateRouting": {
                    "minimumHealthyTargetsCount": 1,
                    "minimumHealthyTargetsPercentage": "off",
                },
            },
            "targetHealthStates": [],
        },
        replaces=frozenset(
            {
                "name",
                "namePrefix",
                "port",
                "protocol",
                "protocolVersion",
                "targetType",
                "vpcId",
                "ipAddressType",
                "targetControlPort",
            }
        ),
        replace_source=created_only("AWS::ElasticLoadBalancingV2::TargetGroup"),
        enums={
            "targetType": ("instance", "ip", "lambda", "alb"),
            "protocol": ("GENEVE", "HTTP", "HTTPS", "TCP", "TCP_UDP", "TLS", "UDP", "QUIC", "TCP_QUIC"),
            "protocolVersion": ("HTTP1", "HTTP2", "GRPC"),
            "ipAddressType": ("ipv4", "ipv6"),
            "loadBalancingAlgorithmType": ("round_robin", "least_outstanding_requests", "weighted_random"),
            "loadBalancingAnomalyMitigation": ("on", "off"),
            "loadBalancingCrossZoneEnabled": ("true", "false", "use_load_balancer_configuration"),
            "healthCheck.protocol": ("HTTP", "HTTPS", "TCP"),
            "stickiness.type": ("lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"),
        },
        ranges={
            "port": (1, 65535),
            "targetControlPort": (1, 65535),
            "deregistrationDelay": (0, 3600),
            "healthCheck.interval": (5, 300),
            "healthCheck.timeout": (2, 120),
            "healthCheck.healthyThreshold": (2, 10),
            "healthCheck.unhealthyThreshold": (2, 10),
            "stickiness.cookieDuration": (1, 604800),
        },
        name=Name(
            longest=32,
            pattern=HYPHENATED,
            allowed="letters, digits and hyphens, without a hyphen first or last",
            taken="DuplicateTargetGroupName",
            source=api(ELB, "CreateTargetGroup"),
        ),
        references=(to_vpc(),),
        quotas=(
            Quota(limit=3000, per="region", what="target groups per Region", code="TooManyTargetGroups", source=QUOTAS),
        ),
        rules=(target_group_inputs, health_check),
    ),
)
