"""The plan of a zone, and the products that it contains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..behaviour import Call, Rejection, Stage, assumed, rule

ZONE = "cloudflare:index/zone:Zone"
SUBSCRIPTION = "cloudflare:index/zoneSubscription:ZoneSubscription"

_RATE_PLANS = {"free": "free", "pro": "pro", "pro_plus": "pro", "business": "business", "enterprise": "enterprise"}


def plan_of(call: Call) -> str | None:
    """Return the plan of a call's zone ("free", "pro", "business", "enterprise"), or None if it is not known.

    A zone that a stack creates is on the free plan until a ZoneSubscription changes it. The plan of a zone that exists
    before the stack is not known.
    """
    for subscription in call.cloud.find(SUBSCRIPTION, zoneId=call.get("zoneId")):
        plan = str((subscription.inputs.get("ratePlan") or {}).get("id"))
        return _RATE_PLANS.get(plan)
    zone = call.cloud.get(ZONE, call.get("zoneId") or "")
    plan = (zone.outputs.get("plan") or {}).get("legacyId") if zone is not None and zone.urn else None
    return str(plan) if plan else None


PLANS = ("free", "pro", "business", "enterprise")
LOWEST_PLAN: Mapping[str, str] = {
    "CustomSsl": "business",
    "Healthcheck": "pro",
    "KeylessCertificate": "enterprise",
    "LogpushJob": "enterprise",
    "RegionalHostname": "enterprise",
    "SpectrumApplication": "pro",
    "WaitingRoom": "business",
    "ZoneCacheVariants": "pro",
    "ZoneHold": "enterprise",
    "ZoneLockdown": "pro",
}
"""The lowest plan that contains the product of a type."""


@rule(
    "plan-has-the-product",
    Stage.CREATE,
    source=assumed("the availability table of each product, from memory; https://developers.cloudflare.com"),
)
def plan_has_product(call: Call) -> Iterator[Rejection]:
    """Reject a product that the plan of the zone does not contain."""
    kind, plan = call.type.rpartition(":")[2], plan_of(call) if call.get("zoneId") else None
    lowest = LOWEST_PLAN[kind]
    if plan in PLANS and PLANS.index(plan) < PLANS.index(lowest):
        yield Rejection(
            "zoneId", f"not entitled to {kind} (plan is {plan}). It requires the plan {lowest} or higher.", "1015"
        )
