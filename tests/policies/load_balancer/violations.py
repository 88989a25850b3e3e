"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TARGETS = "aws:lb/targetGroup:TargetGroup"


def _without_header_rule(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rule for rule in rules if "notStatement" not in rule["statement"]]


VIOLATIONS: Mapping[str, Violation] = {
    "ALB-001": Violation("aws:lb/listener:Listener", {"defaultActions[0].redirect.protocol": "HTTP"}),
    "ALB-002": Violation("aws:lb/listener:Listener", {"sslPolicy": "ELBSecurityPolicy-TLS-1-1-2017-01"}),
    "ALB-003": Violation(
        adds=(
            "aws:lb/listenerRule:ListenerRule",
            {
                "listenerArn": "arn:aws:lb:eu-west-1:111122223333:api-http",  # as the recorder sets it
                "conditions": [{"pathPattern": {"values": ["/*"]}}],
                "actions": [{"type": "forward", "targetGroupArn": "arn:aws:lb:eu-west-1:111122223333:api-targets"}],
            },
        ),
    ),
    "ALB-004": Violation(BALANCER, {"dropInvalidHeaderFields": False}),
    "ALB-005": Violation(BALANCER, {"desyncMitigationMode": "monitor"}),
    "ALB-006": Violation("aws:wafv2/webAcl:WebAcl", {"rules": _without_header_rule}),
    "ALB-007": Violation(BALANCER, {"accessLogs.enabled": False}),
    "ALB-008": Violation(BALANCER, {"enableDeletionProtection": False}),
    "ALB-009": Violation(TARGETS, {"healthCheck.path": ABSENT}),
    "ALB-010": Violation(BALANCER, {"subnets": ["subnet-1"]}),
    "ALB-011": Violation(TARGETS, {"deregistrationDelay": 0}),
}
