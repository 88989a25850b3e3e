"""Messages about failed deployments of ECS services.

Creates an EventBridge rule for the event SERVICE_DEPLOYMENT_FAILED of the services, and a target that publishes a
readable message to a topic. ECS sends the event for services with a deployment circuit breaker. The topic's policy and
its key must allow events.amazonaws.com.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html (read 2026-11-28)

Checklist: monitoring (notifications), rollback strategy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.runbook import check_runbooks, runbook_line

RUNBOOK = "failing-release"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeploymentEventsArgs:
    """Arguments of DeploymentEvents."""

    service_arns: Sequence[Input[str]]
    """ARNs of the ECS services."""
    topic_arn: Input[str]
    """ARN of the topic, in the same region."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    runbooks: str | None = None
    """URL of the folder of runbooks; None omits the link."""

    def __post_init__(self) -> None:
        check_runbooks(self.runbooks)
        if not self.service_arns:
            raise ValueError("service_arns: empty (got no service). Give one ARN or more.")


class DeploymentEvents(pulumi.ComponentResource):
    """A rule that publishes failed deployments."""

    rule_arn: Output[str]
    """ARN of the rule."""

    def __init__(self, name: str, args: DeploymentEventsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:DeploymentEvents", name, None, opts)
        child = ResourceOptions(parent=self)
        rule = aws.cloudwatch.EventRule(
            f"{name}-rule",
            description="A deployment of an ECS service has failed",
            event_pattern=Output.json_dumps(
                {
                    "source": ["aws.ecs"],
                    "detail-type": ["ECS Deployment State Change"],
                    "resources": list(args.service_arns),
                    "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
                }
            ),
            tags={**args.tags, "Name": f"{name}-rule"},
            opts=child,
        )
        lines = [
            "A deployment of <service> has failed: <reason>",
            "ECS has started to roll it back. What to do: read the events and the log of the new tasks."
            + runbook_line(args.runbooks, RUNBOOK),
        ]
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            arn=args.topic_arn,
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths={"service": "$.resources[0]", "reason": "$.detail.reason"},
                input_template="\n".join(json.dumps(line) for text in lines for line in text.splitlines() if line),
            ),
            opts=child,
        )
        self.rule_arn = rule.arn
        self.register_outputs({"rule_arn": self.rule_arn})
