"""Elastic Load Balancing: targets that a program registers itself, and stickiness by protocol."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Plain, Rejection, Stage, assumed, rule
from .access.needs import Need, denied_needs
from .elb import ELB, LISTENER, LOAD_BALANCER, TARGET_GROUP, kind_of
from .lambda_ import FUNCTION
from .network import blocks_of_vpc
from .same_scope import known
from .sources import sdk, unread

_TARGET = "InvalidTarget"


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


@rule("target-fits-target-group", Stage.CREATE, source=unread(ELB, "TargetDescription: Id"))
def _target_fits(call: Call) -> Iterator[Rejection]:
    group = next(call.cloud.find(TARGET_GROUP, arn=call.get("targetGroupArn")), None)
    if group is None:
        return
    kind, target = str(group.outputs.get("targetType") or "instance"), str(call.get("targetId"))
    if kind == "instance" and not re.fullmatch(r"i-[0-9a-f]+", target):
        yield Rejection("targetId", f"Instance ID '{target}' is not valid", "ValidationError")
    elif kind == "ip" and not _is_address(target):
        yield Rejection("targetId", f"The IP address '{target}' is not a valid IPv4 or IPv6 address", "ValidationError")
    elif kind == "ip":
        yield from _address(call, group.outputs.get("vpcId"), target)
    elif kind == "lambda":
        yield from _function(call, str(group.outputs.get("arn")), target)
    elif kind == "alb":
        balancer = next(call.cloud.find(LOAD_BALANCER, arn=target), None)
        if ":loadbalancer/app/" not in target or (balancer and kind_of(balancer.outputs) != "application"):
            yield Rejection("targetId", f"'{target}' is not the ARN of an application load balancer", "ValidationError")
        elif balancer is not None and balancer.urn:
            port = call.get("port") or group.outputs.get("port")
            ports = {listener.outputs.get("port") for listener in call.cloud.find(LISTENER, loadBalancerArn=target)}
            if port not in ports:
                yield Rejection(
                    "targetId",
                    f"The load balancer '{target}' must have a listener whose port matches that of the target group"
                    f" ({port}).",
                    _TARGET,
                    retried=True,
                )


_INSIDE = tuple(
    ipaddress.ip_network(block) for block in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)
"""RFC 1918 and RFC 6598."""


def _address(call: Call, vpc: Plain, target: str) -> Iterator[Rejection]:
    address, blocks = ipaddress.ip_address(target), blocks_of_vpc(call, vpc)
    if address.version != 4 or not blocks or any(address in block for block in blocks):
        return
    if not any(address in block for block in _INSIDE):
        yield Rejection(
            "targetId",
            f"The IP address '{target}' is not within a range that can be registered. Allowed are the subnets of the"
            " VPC, RFC 1918 and RFC 6598.",
            "ValidationError",
        )
    elif not call.get("availabilityZone"):
        yield Rejection(
            "availabilityZone",
            f"The IP address '{target}' is outside the VPC of the target group. An Availability Zone, or all, must be"
            " specified.",
            "ValidationError",
        )


def _function(call: Call, group: str, target: str) -> Iterator[Rejection]:
    if not target.startswith("arn:") or ":function:" not in target:
        yield Rejection("targetId", f"'{target}' is not a valid Lambda function ARN", "ValidationError")
        return
    if next(call.cloud.find(FUNCTION, arn=":".join(target.split(":")[:7])), None) is None:
        return  # the function may belong to another program
    need = Need(
        caller="elasticloadbalancing.amazonaws.com", action="lambda:InvokeFunction", resource=target,
        context={"aws:SourceArn": group, "aws:SourceAccount": call.account},
    )  # fmt: skip
    message = f"elasticloadbalancing principal does not have permission to invoke {target} from target group {group}"
    yield from denied_needs(call, "targetId", [need], message, "AccessDenied")


@rule(
    "stickiness-of-protocol",
    Stage.PLAN,
    source=assumed("the API's message, quoted by an acceptance test of the provider; from memory"),
)
def _stickiness(call: Call) -> Iterator[Rejection]:
    protocol, kind = known(call, "protocol"), known(call, "stickiness.type")
    if kind is None or protocol is None or known(call, "stickiness.enabled", True) is not True:
        return
    cookies = ("lb_cookie", "app_cookie")
    if (protocol in ("HTTP", "HTTPS")) != (kind in cookies):
        yield Rejection(
            "stickiness.type",
            f"Stickiness type '{kind}' is not supported for target groups with the {protocol} protocol",
            "InvalidConfigurationRequest",
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:lb/targetGroupAttachment:TargetGroupAttachment",
        source=sdk("lb/targetgroupattachment"),
        rules=(_target_fits,),
    ),
    Behaviour(type=TARGET_GROUP, source=sdk("lb/targetgroup"), rules=(_stickiness,)),
)
