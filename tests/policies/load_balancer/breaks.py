"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.policies.breaks import Break
from tests.policies.judging import GONE

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TARGETS = "aws:lb/targetGroup:TargetGroup"


def _without_cdns_header(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rule for rule in rules if "notStatement" not in rule["statement"]]


BREAKS: Mapping[str, Break] = {
    "ALB-001": Break("aws:lb/listener:Listener", {"defaultActions[0].redirect.protocol": "HTTP"}),
    "ALB-002": Break("aws:lb/listener:Listener", {"sslPolicy": "ELBSecurityPolicy-TLS-1-1-2017-01"}),
    "ALB-003": Break(
        adds=(
            "aws:lb/listenerRule:ListenerRule",
            {
                "listenerArn": "arn:aws:lb:eu-west-1:111122223333:api-http",  # as the tests' cloud gives it
                "conditions": [{"pathPattern": {"values": ["/*"]}}],
                "actions": [{"type": "forward", "targetGroupArn": "arn:aws:lb:eu-west-1:111122223333:api-targets"}],
            },
        ),
    ),
    "ALB-004": Break(BALANCER, {"dropInvalidHeaderFields": False}),
    "ALB-005": Break(BALANCER, {"desyncMitigationMode": "monitor"}),
    "ALB-006": Break("aws:wafv2/webAcl:WebAcl", {"rules": _without_cdns_header}),
    "ALB-007": Break(BALANCER, {"accessLogs.enabled": False}),
    "ALB-008": Break(BALANCER, {"enableDeletionProtection": False}),
    "ALB-009": Break(TARGETS, {"healthCheck.path": GONE}),
    "ALB-010": Break(BALANCER, {"subnets": ["subnet-1"]}),
    "ALB-011": Break(TARGETS, {"deregistrationDelay": 0}),
}
