"""Elastic Load Balancing: the attributes of target groups, which depend on their protocol and on each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, documented, rule
from .elb import TARGET_GROUP
from .same_scope import known
from .sources import sdk

_ATTRIBUTES = documented(
    "AWS API model of elbv2 (botocore 1.44), TargetGroupAttribute, TargetDescription; targetGroupAttributes in"
    " internal/service/elbv2/target_group.go of terraform-provider-aws (which attributes are sent)",
    read="2026-11-29",
)
_OF_APPLICATION = ("slowStart", "loadBalancingAlgorithmType", "loadBalancingAnomalyMitigation")
_OF_NETWORK = ("proxyProtocolV2", "preserveClientIp", "connectionTermination")
_HTTP = ("HTTP", "HTTPS")
_CODE = "InvalidConfigurationRequest"


@rule("target-group-attributes", Stage.PLAN, source=_ATTRIBUTES)
def _attributes(call: Call) -> Iterator[Rejection]:
    protocol, kind = known(call, "protocol"), known(call, "targetType", "instance")
    if kind not in ("instance", "ip") or protocol is None:
        return
    for path in _OF_NETWORK if protocol in _HTTP else _OF_APPLICATION:
        if known(call, path) not in (None, False, 0, "", "off", "false"):
            yield Rejection(
                path, f"The target group attribute for {path} is not supported for target groups with the {protocol}"
                " protocol.", _CODE,
            )  # fmt: skip
    if protocol not in _HTTP:
        return
    algorithm = known(call, "loadBalancingAlgorithmType", "round_robin")
    if known(call, "slowStart", 0) and algorithm in ("least_outstanding_requests", "weighted_random"):
        yield Rejection(
            "slowStart", f"Slow start is not supported with the load balancing algorithm {algorithm}.", _CODE
        )
    if known(call, "loadBalancingAnomalyMitigation") == "on" and algorithm != "weighted_random":
        yield Rejection(
            "loadBalancingAnomalyMitigation",
            f"Anomaly mitigation is available only when the algorithm is weighted_random (got {algorithm}).",
            _CODE,
        )


@rule("application-cookie-has-a-name", Stage.PLAN, source=_ATTRIBUTES)
def _cookie(call: Call) -> Iterator[Rejection]:
    enabled = known(call, "stickiness.enabled", True) is True
    if known(call, "stickiness.type") != "app_cookie" or not enabled:
        return
    name = known(call, "stickiness.cookieName")
    if call.get("stickiness.cookieName") in (None, ""):
        yield Rejection("stickiness.cookieName", "The application cookie name must be set for app_cookie.", _CODE)
    elif isinstance(name, str) and re.match(r"AWSALB(APP|TG)?(?![a-z])", name):
        yield Rejection(
            "stickiness.cookieName",
            f"The cookie name must not start with AWSALB, AWSALBAPP or AWSALBTG, which are reserved (got '{name}').",
            _CODE,
        )


@rule("target-group-protocol-of-target-type", Stage.PLAN, source=_ATTRIBUTES)
def _protocol(call: Call) -> Iterator[Rejection]:
    protocol, port = known(call, "protocol"), known(call, "port")
    if known(call, "targetType") == "alb" and protocol not in (None, "TCP", "TLS"):
        yield Rejection(
            "protocol", f"The protocol of a target group with the target type alb must be TCP (got {protocol}).",
            "ValidationError",
        )  # fmt: skip
    if protocol == "GENEVE" and port not in (None, 6081, "6081"):
        yield Rejection("port", f"The port of a GENEVE target group must be 6081 (got {port}).", "ValidationError")
    if known(call, "healthCheck.protocol") == "TCP" and known(call, "healthCheck.matcher"):
        yield Rejection(
            "healthCheck.matcher", "health_check.0.matcher cannot be specified when health_check.0.protocol is TCP",
            "ValidationError",
        )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=TARGET_GROUP, source=sdk("lb/targetgroup"), rules=(_attributes, _cookie, _protocol)),
)
