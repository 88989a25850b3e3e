"""A Route 53 health check of a host name from several continents, and an alarm on it.

Creates an HTTPS health check and its alarm. Route 53 does not validate the certificate of an HTTPS endpoint, so an
expired certificate does not fail the check; certificate_expiry.py has the alarm for that. Health check metrics exist in
us-east-1 only, whichever region the stack is in, and an alarm can notify topics of its own region only, so the topic
must be in us-east-1.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.runbook import check_runbooks, runbook_line

_METRICS_REGION = "us-east-1"
RUNBOOK = "health-check-down"

CHECKER_REGIONS = (
    *("us-east-1", "us-west-1", "us-west-2", "sa-east-1"),
    *("eu-west-1", "ap-northeast-1", "ap-southeast-1", "ap-southeast-2"),
)
"""The regions of Route 53's health checkers. Source:
https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html (Regions: at least three; the values
as in HealthCheckRegion of botocore's model of Route 53, read 2026-11-28)."""
_MIN_REGIONS = 3


def check_regions(argument: str, regions: Sequence[str]) -> None:
    """Raise ValueError unless `regions` is empty or has three or more regions with health checkers."""
    unknown = sorted(set(regions) - set(CHECKER_REGIONS))
    if unknown:
        raise ValueError(
            f"{argument}: no region of Route 53's health checkers (got {', '.join(unknown)}). Use "
            f"{', '.join(CHECKER_REGIONS)}."
        )
    if regions and len(set(regions)) < _MIN_REGIONS:
        raise ValueError(
            f"{argument}: too few regions (got {len(set(regions))}). Use {_MIN_REGIONS} or more, or none for all of "
            "them."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class UptimeCheckArgs:
    """Arguments of UptimeCheck."""

    host: str
    """Host name without scheme or path."""
    topic_arn: Input[str]
    """ARN of an SNS topic in us-east-1."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    path: str = "/health"
    """Requested path. Status codes from 200 to 399 are healthy."""
    interval_seconds: Literal[10, 30] = 30
    """Seconds between the requests of each checker, of which there are about 15. 10 costs extra."""
    failure_threshold: int = 3
    """Consecutive failures until a checker reports the host unhealthy, 1 to 10."""
    regions: Sequence[str] = ()
    """Regions of the checkers, at least three of CHECKER_REGIONS; empty is all of them."""
    action: str = (
        "No response: check the DNS alias and the load balancer. 503: the service runs but cannot reach its database;"
        " check the service's log and Atlas."
    )
    """What to do after opening the address in a browser, for the alarm's description."""
    runbooks: str | None = None
    """URL of the folder of runbooks; None omits the link."""

    def __post_init__(self) -> None:
        if "/" in self.host or ":" in self.host:
            raise ValueError(f"host: not a host name (got {self.host!r}). Give the name without scheme, port and path.")
        if not self.path.startswith("/"):
            raise ValueError(f"path: not an absolute path (got {self.path!r}). Give a path such as /health.")
        if not 1 <= self.failure_threshold <= 10:
            raise ValueError(
                f"failure_threshold: outside Route 53's limits (got {self.failure_threshold}). Give 1 to 10."
            )
        check_regions("regions", self.regions)
        check_runbooks(self.runbooks)


class UptimeCheck(pulumi.ComponentResource):
    """A health check and its alarm."""

    health_check_id: Output[str]
    """Id of the health check, the `HealthCheckId` dimension of its metrics."""
    alarm_arn: Output[str]
    """ARN of the alarm that fires while the host is unhealthy."""

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
            failure_threshold=args.failure_threshold,
            measure_latency=True,
            regions=list(args.regions) or None,
            tags={**args.tags, "Name": f"{name}-check"},
            opts=child,
        )
        alarm = aws.cloudwatch.MetricAlarm(
            f"{name}-down",
            alarm_description=(
                f"https://{args.host}{args.path} is not reachable from outside.\n"
                f"What to do: open it in a browser. {args.action}"
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
            treat_missing_data="breaching",  # no data means that the health check was deleted
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            region=_METRICS_REGION,
            tags={**args.tags, "Name": f"{name}-down"},
            opts=child,
        )
        self.health_check_id = check.id
        self.alarm_arn = alarm.arn
        self.register_outputs({"health_check_id": self.health_check_id, "alarm_arn": self.alarm_arn})
