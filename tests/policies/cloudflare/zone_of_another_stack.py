"""The compliant program without its zone: a stack that only adds records to a zone of another stack."""

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
RECORDS = ("site-record", "api-record", "validation-record", "address-record")


def evaluate_record(
    rule: StackRule, subject: str, changes: Mapping[str, Any] | None = None, *, keep: tuple[str, ...] = ()
) -> Verdict:
    """Return the verdict on a record in a zone of another stack; of the zone's settings, this stack has only `keep`."""
    removed = {name: ABSENT for name in (*SET, "zone", "dnssec") if name not in keep}
    places = {f"{name}: zoneId": ZONE_ID for name in (*RECORDS, *keep)}
    resources: dict[str, Resource] = {
        each.name: each for each in resources_with({**removed, **places, **(changes or {})}, subject)
    }
    return rule.evaluate(resources[subject], Stack(tuple(resources.values())))
