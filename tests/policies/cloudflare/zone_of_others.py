"""The compliant program's zone as somebody else's: what a stack shows that only puts records into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.rule import Resource, Stack, StackRule, Verdict
from tests.policies.cloudflare.compliant import SETTINGS
from tests.policies.evaluation import ABSENT, resources_with

ZONE_ID = "0123456789abcdef"
SET = (
    *(f"setting-{setting}" for setting in SETTINGS),
    "headers-ruleset",
    "rate-ruleset",
    "managed-ruleset",
    "cache-ruleset",
)
RECORDS = ("site-record", "api-record", "proof-record", "address-record")


def evaluate_record(
    rule: StackRule, subject: str, changes: Mapping[str, Any] | None = None, *, keep: tuple[str, ...] = ()
) -> Verdict:
    """The verdict on a record of a zone that the stack does not make; of what is set on it, only `keep` is there."""
    away = {name: ABSENT for name in (*SET, "zone", "dnssec") if name not in keep}
    places = {f"{name}: zoneId": ZONE_ID for name in (*RECORDS, *keep)}
    resources: dict[str, Resource] = {
        each.name: each for each in resources_with({**away, **places, **(changes or {})}, subject)
    }
    return rule.evaluate(resources[subject], Stack(tuple(resources.values())))
