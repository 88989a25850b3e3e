"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break

BREAKS: Mapping[str, Break] = {
    "ALB-001": Break("aws:lb/listener:Listener", {"defaultActions[0].redirect.protocol": "HTTP"}),
    "ALB-002": Break("aws:lb/listener:Listener", {"sslPolicy": "ELBSecurityPolicy-TLS-1-1-2017-01"}),
    "ALB-003": Break(
        "aws:lb/listenerRule:ListenerRule",
        {"listenerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:api-http"},
    ),
}
