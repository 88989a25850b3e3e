"""The plan of a zone, and the products that it contains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..behaviour import Call, Rejection, Stage, documented, rule

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
AVAILABILITY = documented(
    "https://github.com/cloudflare/cloudflare-docs, src/content/plans/index.json: the availability of each product by"
    " plan, which the pages of https://developers.cloudflare.com show",
    read="2026-11-29",
)
LOWEST_PLAN: Mapping[str, str] = {
    "ContentScanning": "enterprise",
    "ContentScanningExpression": "enterprise",
    "CustomPageAsset": "pro",
    "CustomPages": "pro",
    "CustomSsl": "business",
    "DnsZoneTransfersIncoming": "enterprise",
    "DnsZoneTransfersOutgoing": "enterprise",
    "Healthcheck": "pro",
    "KeylessCertificate": "enterprise",
    "LeakedCredentialCheckRule": "enterprise",
    "LogpullRetention": "enterprise",
    "LogpushJob": "enterprise",
    "PageShieldPolicy": "enterprise",
    "RegionalHostname": "enterprise",  # of the Data Localization Suite, which the table does not list
    "RegionalTieredCache": "enterprise",
    "Snippet": "pro",
    "SnippetRules": "pro",
    "Snippets": "pro",
    "SpectrumApplication": "pro",
    "WaitingRoom": "business",
    "WaitingRoomEvent": "enterprise",
    "WaitingRoomRules": "enterprise",
    "ZoneCacheVariants": "pro",
    "ZoneHold": "enterprise",
    "ZoneLockdown": "pro",
}
"""The lowest plan that contains the product of a type."""


@rule(
    "plan-has-the-product",
    Stage.CREATE,
    source=AVAILABILITY,
)
def plan_has_product(call: Call) -> Iterator[Rejection]:
    """Reject a product that the plan of the zone does not contain."""
    kind, plan = call.type.rpartition(":")[2], plan_of(call) if call.get("zoneId") else None
    if is_below(plan, lowest := LOWEST_PLAN[kind]):
        yield Rejection(
            "zoneId", f"not entitled to {kind} (plan is {plan}). It requires the plan {lowest} or higher.", "1015"
        )


_MOST: Mapping[str, Mapping[str, int]] = {
    "Healthcheck": {"pro": 10, "business": 50, "enterprise": 1_000},
    "UserAgentBlockingRule": {"free": 10, "pro": 50, "business": 250, "enterprise": 1_000},
    "WaitingRoom": {"business": 1},
    "ZoneLockdown": {"pro": 3, "business": 10, "enterprise": 200},
}
"""How many resources of a type a zone has at most, by its plan."""
COUNTED = frozenset(_MOST)


@rule("plan-allows-the-number", Stage.CREATE, source=AVAILABILITY)
def plan_allows_number(call: Call) -> Iterator[Rejection]:
    """Reject one resource more than the plan of the zone allows."""
    kind, plan = call.type.rpartition(":")[2], plan_of(call) if call.get("zoneId") else None
    most = _MOST[kind].get(plan or "")
    count = sum(other.urn != call.urn for other in call.cloud.find(call.type, zoneId=call.get("zoneId")))
    if most is not None and count >= most:
        yield Rejection("zoneId", f"the zone has {count} of {kind} already. The plan {plan} allows {most}.", "1004")


def is_below(plan: str | None, lowest: str) -> bool:
    """Return whether a zone's plan is known and lower than another."""
    return plan in PLANS and PLANS.index(plan) < PLANS.index(lowest)
