"""The plan of a zone."""

from __future__ import annotations

from ..behaviour import Call

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
