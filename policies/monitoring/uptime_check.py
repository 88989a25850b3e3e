"""MON-008: an external health check monitors a public load balancer and raises an alarm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from ..load_balancer.balancers import LOAD_BALANCERS
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
from .alarms import alarms_on

HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
CANARY = "aws:synthetics/canary:Canary"
CLOUDFLARE_CHECKS = ("cloudflare:index/healthcheck:Healthcheck",)
CLOUDFLARE_NOTIFICATION = "cloudflare:index/notificationPolicy:NotificationPolicy"
# Health checks that send requests; the others compute a state from other checks or alarms.
ENDPOINT_CHECKS = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")


def check(balancer: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if balancer.properties.get("internal"):
        raise NotApplicable("an internal load balancer is not reachable from outside")
    checks, notifies = _outside(stack)
    if not checks:
        yield Finding("uptime check", "missing", "an external health check with an alarm")
    elif not notifies:
        for check_ in checks:
            yield Finding(f"uptime check {check_.name}", "no alarm", "an alarm on its state")


@lru_cache(maxsize=1)  # every load balancer evaluates the same stack
def _outside(stack: Stack) -> tuple[tuple[Resource, ...], bool]:
    """Return the external checks, and whether one of them raises an alarm."""
    checks = tuple(_checks(stack))
    return checks, any(_notifies(check_, stack) for check_ in checks)


def _checks(stack: Stack) -> Iterator[Resource]:
    for check_ in stack.of((HEALTH_CHECK,)):
        if str(check_.properties.get("type")).upper() in ENDPOINT_CHECKS and not check_.properties.get("disabled"):
            yield check_
    yield from stack.of((CANARY, *CLOUDFLARE_CHECKS))


def _notifies(check_: Resource, stack: Stack) -> bool:
    if check_.type == HEALTH_CHECK:
        metrics = ("HealthCheckStatus", "HealthCheckPercentageHealthy")
        return any(True for m in metrics for _ in alarms_on(stack, "AWS/Route53", m, check_, "HealthCheckId"))
    if check_.type == CANARY:
        metrics = ("SuccessPercent", "Failed")
        return any(True for m in metrics for _ in alarms_on(stack, "CloudWatchSynthetics", m, check_, "CanaryName"))
    return any(
        notification.properties.get("alertType") == "health_check_status_notification"
        and notification.properties.get("enabled") is not False
        for notification in stack.of((CLOUDFLARE_NOTIFICATION,))
    )


RULE = StackRule(
    id="MON-008",
    name="uptime-check",
    title="An external health check with an alarm monitors a public load balancer.",
    item=ChecklistItem.UPTIME,
    severity=Severity.MEDIUM,
    applies_to=LOAD_BALANCERS,
    check=check,
    remediation=(
        "Create a Route 53 health check of the public name, and an alarm on its HealthCheckStatus in us-east-1."
    ),
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
    unproven="The rule does not see whether the check requests this load balancer's name.",
    level=Level.ADVISORY,
)
