"""What the rules on load balancers need beside that of ../compliant.py: a group of targets."""

from __future__ import annotations

import pulumi_aws as aws


def deploy() -> None:
    """Declares the resources."""
    aws.lb.TargetGroup(
        "targets",
        port=5000,
        protocol="HTTP",
        target_type="ip",
        vpc_id="vpc-1",
        deregistration_delay=30,
        health_check={"path": "/health", "interval": 15, "unhealthy_threshold": 3},
    )
