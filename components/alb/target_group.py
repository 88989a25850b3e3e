"""A target group of Fargate tasks or pods: health check, deregistration delay and, if configured, stickiness.

A load balancer, a service route and a blue/green component each create one as their child.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

# Names of load balancers and target groups have at most 32 characters; Pulumi's autonaming adds 8.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html (read 2026-11-24)
MAX_LOGICAL_NAME_LENGTH = 32 - 8

HEALTH_CHECK_CODES = re.compile(r"[2-4]\d\d([,-][2-4]\d\d)*")
"""Status codes and ranges of a health check."""

CLUSTER_TAG = "eks:eks-cluster-name"
"""The tag of a target group that allows the load balancer controller of a cluster to register its pods."""

_MAX_COOKIE_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetSettings:
    """The target group settings of one service. Raises ValueError for values out of range."""

    port: int
    """Port on which tasks listen, 1 to 65535."""
    health_check_path: str = "/health"
    """Path that returns 200 while a task is healthy."""
    health_check_codes: str = "200"
    """Status codes of a healthy task: codes and ranges from 200 to 499, such as 200,401 for a path behind a login.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html (read 2026-11-28)"""
    deregistration_delay_seconds: int = 30
    """Seconds in which a deregistering task may finish its requests, 0 to 3,600. The tasks' stop time-out should
    match."""
    sticky_seconds: int | None = None
    """Duration of target stickiness by a cookie in seconds, 1 to 604,800. None if every task can serve every request.
    Long-polling fallbacks of websocket libraries (socket.io) need it; websockets do not, because they are one
    connection."""

    def __post_init__(self) -> None:
        if not self.health_check_path.startswith("/"):
            raise ValueError(
                f"health_check_path: not a path (got {self.health_check_path!r}). Set a path that starts with /."
            )
        if not HEALTH_CHECK_CODES.fullmatch(self.health_check_codes):
            raise ValueError(
                f"health_check_codes: not status codes (got {self.health_check_codes!r}). "
                "Set codes and ranges from 200 to 499, such as 200,401 or 200-299."
            )
        check_in_range("port", self.port, range(1, 65_536))
        check_in_range("deregistration_delay_seconds", self.deregistration_delay_seconds, range(3_601))
        if self.sticky_seconds is not None:
            check_in_range("sticky_seconds", self.sticky_seconds, range(1, _MAX_COOKIE_SECONDS + 1))


def check_in_range(argument: str, value: int, allowed: range) -> None:
    """Raise ValueError unless `value` is in the range that AWS accepts."""
    if value not in allowed:
        raise ValueError(f"{argument}: out of range (got {value}). Set {allowed.start} to {allowed.stop - 1}.")


def check_name_length(name: str, suffix: str) -> None:
    """Raise ValueError if `name` + `suffix` with autonaming is too long for a target group or load balancer."""
    if len(f"{name}{suffix}") > MAX_LOGICAL_NAME_LENGTH:
        raise ValueError(
            f"name: too long (got {name!r}). Use at most {MAX_LOGICAL_NAME_LENGTH - len(suffix)} characters: "
            "names of target groups have at most 32, and Pulumi's autonaming adds 8."
        )


def target_group(
    logical_name: str,
    settings: TargetSettings,
    *,
    vpc_id: Input[str],
    tags: Mapping[str, Input[str]],
    child: ResourceOptions,
) -> aws.lb.TargetGroup:
    """Create the target group with this logical name and the same Name tag."""
    sticky = settings.sticky_seconds
    return aws.lb.TargetGroup(
        logical_name,
        vpc_id=vpc_id,
        target_type="ip",
        protocol="HTTP",
        port=settings.port,
        deregistration_delay=settings.deregistration_delay_seconds,
        # A task becomes healthy after 30 seconds of successful checks, and unhealthy after 45 seconds of failed ones.
        health_check={
            "enabled": True,
            "path": settings.health_check_path,
            "protocol": "HTTP",
            "port": "traffic-port",
            "matcher": settings.health_check_codes,
            "interval": 15,
            "timeout": 5,
            "healthy_threshold": 2,
            "unhealthy_threshold": 3,
        },
        stickiness=(
            {"type": "lb_cookie", "enabled": False}
            if sticky is None
            else {"type": "lb_cookie", "enabled": True, "cookie_duration": sticky}
        ),
        tags={**tags, "Name": logical_name},
        opts=child,
    )
