"""Asks for the health page from outside, from several continents, as a user would.

Makes a Route 53 health check (HTTPS, so an expired certificate fails it too) and the alarm on it. Health check metrics
exist in us-east-1 only, whichever region the stack is in, and an alarm can tell none but a topic of its own region:
the topic has to be one of us-east-1.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.runbook import check_runbooks, runbook_line

_METRICS_REGION = "us-east-1"
RUNBOOK = "health-check-down"


@dataclass(frozen=True, kw_only=True, slots=True)
class UptimeCheckArgs:
    """Which page, how often, and who hears of it."""

    host: str  # as users type it, without scheme or path
    topic_arn: Input[str]  # of us-east-1
    tags: Mapping[str, str]  # of everything made here that can have some; a Name is added
    path: str = "/health"  # What is asked for; 200 to 399 is well
    interval_seconds: Literal[10, 30] = 30  # 10 costs extra; per checker, of which about 15 ask
    failures: int = 3  # in a row, until a checker calls it down; 1–10
    runbooks: str | None = None  # URL of the folder of runbooks; None leaves the link out

    def __post_init__(self) -> None:
        if "/" in self.host or ":" in self.host:
            raise ValueError(
                f"host is '{self.host}'; allowed is a host name alone, because the path is asked for apart"
            )
        if not self.path.startswith("/"):
            raise ValueError(f"path is '{self.path}'; allowed is a path from the root, such as /health")
        if not 1 <= self.failures <= 10:
            raise ValueError(f"failures is {self.failures}; allowed are 1 to 10, Route 53's own bounds")
        check_runbooks(self.runbooks)


class UptimeCheck(pulumi.ComponentResource):
    health_check_id: Output[str]
    """The `HealthCheckId` dimension of its metrics."""
    alarm_arn: Output[str]
    """Raised while the host does not answer."""

    def __init__(self, name: str, args: UptimeCheckArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:UptimeCheck", name, None, opts)
        child = ResourceOptions(parent=self)

        check = aws.route53.HealthCheck(
            f"{name}-check",
            type="HTTPS",
            fqdn=args.host,
            port=443,
            resource_path=args.path,
            enable_sni=True,
            request_interval=args.interval_seconds,
            failure_threshold=args.failures,
            measure_latency=True,
            tags={**args.tags, "Name": f"{name}-check"},
            opts=child,
        )
        alarm = aws.cloudwatch.MetricAlarm(
            f"{name}-down",
            alarm_description=(
                f"https://{args.host}{args.path} does not answer from outside.\n"
                "What to do: open it in a browser. A TLS error: look at the certificate and its DNS validation record."
                " No answer at all: look at the DNS alias and the load balancer. 503: the service runs, but its"
                " database is out of reach; look at the service's log and at Atlas."
            )
            + runbook_line(args.runbooks, RUNBOOK),
            namespace="AWS/Route53",
            metric_name="HealthCheckStatus",
            dimensions={"HealthCheckId": check.id},
            statistic="Minimum",
            comparison_operator="LessThanThreshold",
            threshold=1,
            period=60,
            evaluation_periods=2,
            treat_missing_data="breaching",  # a check that reports nothing is a check that is gone
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            region=_METRICS_REGION,
            tags={**args.tags, "Name": f"{name}-down"},
            opts=child,
        )
        self.health_check_id = check.id
        self.alarm_arn = alarm.arn
        self.register_outputs({"health_check_id": self.health_check_id, "alarm_arn": self.alarm_arn})
