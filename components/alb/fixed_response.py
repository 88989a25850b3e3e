"""A listener rule that answers requests itself, for example while the API is down for maintenance.

Creates the rule only. The targets keep running, and their health checks do not pass through the listener.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html (read
2026-11-28)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, ResourceOptions

from components.alb.listener_rule import RequestMatch, check_priority, conditions

MAX_BODY = 1_024
"""Largest body in bytes. API model of elbv2, FixedResponseActionConfig (botocore, read 2026-11-28)."""
CONTENT_TYPES = ("application/json", "text/html", "text/plain")


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedResponseArgs:
    """Arguments of FixedResponse. Raises ValueError for values that Elastic Load Balancing rejects."""

    listener_arn: Input[str]
    """ARN of the HTTPS listener."""
    match: RequestMatch
    """Requests that the rule answers."""
    priority: int
    """Priority of the rule, 1 (evaluated first) to 50,000."""
    body: str
    """Body of the response, at most 1,024 bytes."""
    tags: Mapping[str, str]
    """Tags of the rule; a Name is added."""
    status: int = 503
    """Status of the response: 2xx, 4xx or 5xx."""
    content_type: str = "application/json"
    """Content type of the body."""

    def __post_init__(self) -> None:
        check_priority(self.priority)
        if len(self.body.encode()) > MAX_BODY:
            raise ValueError(f"body: too long (got {len(self.body.encode())} bytes). Give at most {MAX_BODY}.")
        if self.status // 100 not in (2, 4, 5):
            raise ValueError(f"status: not allowed (got {self.status}). Give a status of 2xx, 4xx or 5xx.")
        if self.content_type not in CONTENT_TYPES:
            raise ValueError(
                f"content_type: not supported (got {self.content_type}). Give one of {', '.join(CONTENT_TYPES)}."
            )


class FixedResponse(ComponentResource):
    """A listener rule with a fixed response."""

    def __init__(self, name: str, args: FixedResponseArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:FixedResponse", name, None, opts)
        aws.lb.ListenerRule(
            f"{name}-rule",
            listener_arn=args.listener_arn,
            priority=args.priority,
            conditions=conditions(args.match),
            actions=[
                {
                    "type": "fixed-response",
                    "fixed_response": {
                        "content_type": args.content_type,
                        "message_body": args.body,
                        "status_code": str(args.status),
                    },
                }
            ],
            tags={**args.tags, "Name": f"{name}-rule"},
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
