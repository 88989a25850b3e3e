"""MON-008: somebody asks from outside whether the service answers, and is told when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
)
from .alarms import watching
from .balancers import LOAD_BALANCERS

HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
CANARY = "aws:synthetics/canary:Canary"
CLOUDFLARE_CHECKS = ("cloudflare:index/healthcheck:Healthcheck",)
CLOUDFLARE_NOTICE = "cloudflare:index/notificationPolicy:NotificationPolicy"
# Those that ask over the network; the others compute a state from other checks or alarms.
ASKING = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if balancer.properties.get("internal"):
        raise NotApplicable("an internal load balancer cannot be asked from outside")
    checks, tells = _outside(stack)
    if not checks:
        yield Finding("uptime check", "missing", "a check from outside, with an alarm on it")
    elif not tells:
        for asking in checks:
            yield Finding(f"uptime check {asking.name}", "no alarm on it", "an alarm on its state")


@lru_cache(maxsize=1)  # every load balancer asks it of the same stack
def _outside(stack: Stack) -> tuple[tuple[Resource, ...], bool]:
    """The checks from outside, and whether somebody is told by one of them."""
    checks = tuple(_checks(stack))
    return checks, any(_tells(asking, stack) for asking in checks)


def _checks(stack: Stack) -> Iterator[Resource]:
    for asking in stack.of((HEALTH_CHECK,)):
        if str(asking.properties.get("type")).upper() in ASKING and not asking.properties.get("disabled"):
            yield asking
    yield from stack.of((CANARY, *CLOUDFLARE_CHECKS))


def _tells(asking: Resource, stack: Stack) -> bool:
    if asking.type == HEALTH_CHECK:
        metrics = ("HealthCheckStatus", "HealthCheckPercentageHealthy")
        return any(True for m in metrics for _ in watching(stack, "AWS/Route53", m, asking, "HealthCheckId"))
    if asking.type == CANARY:
        metrics = ("SuccessPercent", "Failed")
        return any(True for m in metrics for _ in watching(stack, "CloudWatchSynthetics", m, asking, "CanaryName"))
    return any(
        notice.properties.get("alertType") == "health_check_status_notification"
        and notice.properties.get("enabled") is not False
        for notice in stack.of((CLOUDFLARE_NOTICE,))
    )


RULE = StackRule(
    id="MON-008",
    name="uptime-check",
    title="A check from outside sees whether a public load balancer answers, and somebody is told when it does not.",
    item=ChecklistItem.UPTIME,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation="Make a Route 53 health check of the public name, and an alarm on its HealthCheckStatus in us-east-1.",
    example="""outside = aws.route53.HealthCheck(
    "outside",
    type="HTTPS",
    fqdn="api.example.com",
    port=443,
    resource_path="/health",
    request_interval=30,
    failure_threshold=3,
)
aws.cloudwatch.MetricAlarm(
    "down",
    region="us-east-1",  # where the metrics of health checks are
    namespace="AWS/Route53",
    metric_name="HealthCheckStatus",
    dimensions={"HealthCheckId": outside.id},
    statistic="Minimum",
    comparison_operator="LessThanThreshold",
    threshold=1,
    period=60,
    evaluation_periods=2,
    treat_missing_data="breaching",
    alarm_actions=[topic_in_us_east_1.arn],
)""",
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html",
    read=date(2026, 11, 24),
    pitfall=Pitfall.NO_MONITORING,
    unproven="That the check asks for this load balancer's own name.",
    level=Level.ADVISORY,
)
