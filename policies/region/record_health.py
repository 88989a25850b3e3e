"""REG-002: a record of a routing policy answers only while its target is healthy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Pitfall, Resource, ResourceRule, Severity
from .multi_region import AWS_RECORD, REGIONAL_ROUTING

ROUTING = (*REGIONAL_ROUTING, "weightedRoutingPolicies", "failoverRoutingPolicies")


def check(record: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not any(record.properties.get(key) for key in ROUTING):
        raise NotApplicable("it has no routing policy")
    if record.properties.get("healthCheckId"):
        return
    aliases = record.properties.get("aliases") or []
    if not aliases:
        yield Finding("healthCheckId", "none", "a health check of the target")
    for number, alias in enumerate(aliases):
        if not alias.get("evaluateTargetHealth"):
            yield Finding(f"aliases[{number}].evaluateTargetHealth", "false", "true, or a health check of the target")


RULE = ResourceRule(
    id="REG-002",
    name="routed-record-health",
    title="A record with a routing policy answers only while its target is healthy.",
    item=ChecklistItem.HEALTH_CHECK,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.HIGH,
    applies_to=(AWS_RECORD,),
    check=check,
    remediation="Set evaluateTargetHealth of the alias, or health_check_id: a lost region otherwise gets its share.",
    example="""aws.route53.Record(
    "origin",
    name="origin.example.com",
    type="A",
    zone_id=zone,
    set_identifier="eu-west-1",
    weighted_routing_policies=[{"weight": 100}],
    aliases=[{"name": balancer.dns_name, "zone_id": balancer.zone_id, "evaluate_target_health": True}],
)""",
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html",
    read=date(2026, 11, 28),
)
