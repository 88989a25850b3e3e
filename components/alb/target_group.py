"""A group of Fargate tasks behind a load balancer: how they are checked, drained and, if asked, kept to their clients.

Whoever makes one (a load balancer, a route, a traffic shift) makes it a child of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

# AWS cuts a load balancer's and a target group's name at 32 characters; autonaming takes 8 of them.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html (read 2026-11-24)
LONGEST_LOGICAL_NAME = 32 - 8

_LONGEST_COOKIE_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetSettings:
    """What all tasks of one service share towards a load balancer."""

    port: int
    """Where tasks listen, 1 to 65535."""
    health_check_path: str = "/health"
    """What a task that is well answers with 200."""
    deregistration_delay_seconds: int = 30
    """How long a stopping task may finish its requests; the tasks' stop timeout should match."""
    sticky_seconds: int | None = None
    """Keeps a client at one task for so long, by a cookie; None where every task can answer every request. Long-polling
    fallbacks of websocket libraries (socket.io) need it, websockets themselves don't: they are one connection."""

    def __post_init__(self) -> None:
        if not self.health_check_path.startswith("/"):
            raise ValueError(f"health_check_path: got {self.health_check_path!r}, allowed a path that starts with /")
        check_in_range("port", self.port, range(1, 65_536))
        check_in_range("deregistration_delay_seconds", self.deregistration_delay_seconds, range(3_601))
        if self.sticky_seconds is not None:
            check_in_range("sticky_seconds", self.sticky_seconds, range(1, _LONGEST_COOKIE_SECONDS + 1))


def check_in_range(argument: str, value: int, allowed: range) -> None:
    """Raises ValueError unless AWS takes `value`."""
    if value not in allowed:
        raise ValueError(f"{argument}: got {value}, allowed {allowed.start} to {allowed.stop - 1}: AWS takes no other")


def check_name_fits(name: str, ending: str) -> None:
    """Raises ValueError where `name` + `ending`, autonamed, would be too long for a target group or load balancer."""
    if len(f"{name}{ending}") > LONGEST_LOGICAL_NAME:
        raise ValueError(
            f"name: got {name!r}, allowed {LONGEST_LOGICAL_NAME - len(ending)} characters or fewer: "
            "AWS names of target groups have 32, and Pulumi's random ending needs 8 of them"
        )


def target_group(
    logical_name: str, settings: TargetSettings, *, vpc_id: Input[str], tags: Mapping[str, str], child: ResourceOptions
) -> aws.lb.TargetGroup:
    """The target group, named `logical_name` and tagged with it."""
    sticky = settings.sticky_seconds
    return aws.lb.TargetGroup(
        logical_name,
        vpc_id=vpc_id,
        target_type="ip",
        protocol="HTTP",
        port=settings.port,
        deregistration_delay=settings.deregistration_delay_seconds,
        # A task is in after 30 seconds of good answers and out after 45 of bad ones.
        health_check={
            "enabled": True,
            "path": settings.health_check_path,
            "protocol": "HTTP",
            "port": "traffic-port",
            "matcher": "200",
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
