"""Our own program as the pack sees it, recorded with mocks for every phase, tier and CDN."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from policies.rule import Resource
from policies.values import from_state
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.engine_recorder import Recorded
from tests.stacks.test_architecture import CLOUDFLARE, built
from tests.stacks.test_regions import build as built_in_two_regions

Cell = tuple[Phase, Tier, str]
"""A phase, a tier, and the CDN, a pair of HOSTED, a state of STANDBY, or a key of REGIONAL."""
REGIONAL: Mapping[str, Mapping[str, str]] = {"regions": {}, "regions-cloudflare": CLOUDFLARE}
"""The settings of stacks in two regions, besides phase enterprise and tier medium."""
TWO_REGIONS: Cell = (Phase.ENTERPRISE, Tier.MEDIUM, "regions")
_ACCOUNTS = {"repository": "you/app", "netlifyTeam": "you", "renderOwner": "tea-0", "railwayWorkspace": "w1"}
HOSTED: Mapping[str, Mapping[str, str]] = {
    f"{frontend}-{backend}": {"frontendHost": frontend, "backendHost": backend, "hosts": json.dumps(_ACCOUNTS)}
    for frontend, backend in (("vercel", "render"), ("netlify", "railway"))
}
"""The settings of pairs of managed hosts."""
_ONE_NAME = {"cloudflareZoneId": CLOUDFLARE["cloudflareZoneId"], "apiDomain": "api-app.example.com"}
STANDBY: Mapping[str, Mapping[str, str]] = {
    "cloudflare-standby": {**_ONE_NAME, "cdn": "cloudfront", "cdnStandby": "cloudflare"},
    "cloudfront-standby": {**_ONE_NAME, "cdn": "cloudflare", "cdnStandby": "cloudfront"},
}
"""The settings of stacks while their CDN changes."""
_IMAGE = f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/prod-backend@sha256:{'0' * 64}"
STACK = "urn:pulumi:prod::tierup::pulumi:pulumi:Stack::tierup-prod"


@cache
def program(cell: Cell, protect: bool = True) -> Mapping[str, Recorded]:
    """Return the resources that the program registers for a combination, by URN."""
    if (cdn := REGIONAL.get(cell[2])) is not None:
        recording = built_in_two_regions(image=_IMAGE, protect=str(protect).lower(), **cdn)
        return {each.urn: each for each in recording.resources}
    phase, tier, cdn = cell
    settings = {
        **HOSTED.get(cdn, {}),
        **STANDBY.get(cdn, {}),
        **(CLOUDFLARE if cdn == "cloudflare" else {}),
        **({} if protect else {"protect": "false"}),
    }
    recording = built(phase, tier, **settings)
    return {each.urn: each for each in recording.resources}


def resources_of_stack(
    cell: Cell, changes: Mapping[str, Mapping[str, Any] | None] | None = None, *, protect: bool = True
) -> list[Resource]:
    """Return the resources as a rule reads them. `changes` are other inputs by URN; None removes the resource."""
    changes = changes or {}
    resources = [Resource("pulumi:pulumi:Stack", "tierup-prod", STACK, from_state({}))]
    for urn, unchanged in _unchanged(cell, protect).items():
        inputs = changes.get(urn, {})
        if inputs is not None:
            resources.append(_resource(program(cell, protect)[urn], inputs) if inputs else unchanged)
    return resources


@cache
def _unchanged(cell: Cell, protect: bool) -> Mapping[str, Resource]:
    return {urn: _resource(each, each.inputs) for urn, each in program(cell, protect).items()}


def _resource(recorded: Recorded, inputs: Mapping[str, Any]) -> Resource:
    outputs = {**recorded.outputs, **inputs, **({"id": f"{recorded.name}-id"} if recorded.custom else {})}
    return Resource(recorded.type, recorded.name, recorded.urn, from_state(inputs), from_state(outputs), recorded.flows)
