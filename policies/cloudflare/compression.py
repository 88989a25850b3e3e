"""CF-009: Cloudflare's compression is not disabled. By default it compresses by content type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    items,
    shown,
)
from .zones import RULESET, ZONE_SETTING, parameters_of, value_of

SETTING = "brotli"
PHASE = "http_response_compression"


def check(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if resource.type == ZONE_SETTING:
        value = value_of(resource, SETTING)
        if value != "on":
            yield Finding("value", shown(value), '"on"')
        return
    if resource.properties.get("phase") != PHASE:
        raise NotApplicable(f"its phase is not {PHASE}")
    for path, rule in items(resource.properties, "rules"):
        algorithms = [each.get("name") for _, each in items(parameters_of(rule), "algorithms")]
        # A rule for certain types or paths is deliberate; a rule for all requests disables compression.
        if rule.get("enabled") is not False and rule.get("expression") == "true" and set(algorithms) == {"none"}:
            yield Finding(f"{path}.actionParameters.algorithms", '"none", for all requests', '"auto"')


RULE = ResourceRule(
    id="CF-009",
    name="cloudflare-compression",
    title="Cloudflare compresses its responses.",
    item=ChecklistItem.COMPRESSION,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=(ZONE_SETTING, RULESET),
    check=check,
    remediation="Remove the zone setting brotli, which Cloudflare no longer offers, and the rule that disables "
    "compression.",
    example="""cloudflare.Ruleset(
    "compression",
    zone_id=zone_id,
    kind="zone",
    phase="http_response_compression",
    name="Compression",
    rules=[
        {
            "expression": "true",
            "action": "compress_response",
            "action_parameters": {"algorithms": [{"name": "auto"}]},
        }
    ],
)""",
    source="https://developers.cloudflare.com/rules/compression-rules/settings",
    read=date(2026, 11, 24),
)
