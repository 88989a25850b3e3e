"""The target group of the compliant program."""

from __future__ import annotations

import pulumi_aws as aws


def deploy() -> None:
    """Declare the resources."""
    aws.lb.TargetGroup(
        "targets",
        port=5000,
        protocol="HTTP",
        target_type="ip",
        vpc_id="vpc-1",
        deregistration_delay=30,
        health_check={"path": "/health", "interval": 15, "unhealthy_threshold": 3},
    )
