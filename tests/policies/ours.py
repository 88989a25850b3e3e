"""Our own program as the pack sees it: recorded by the mocks, for every phase, tier and CDN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.rule import Resource
from policies.values import from_state
from stacks.phases import Phase
from stacks.tiers import Tier
from tests.engine_recorder import Recorded
from tests.stacks.test_architecture import CLOUDFLARE, built

Cell = tuple[Phase, Tier, str]
STACK = "urn:pulumi:prod::tierup::pulumi:pulumi:Stack::tierup-prod"


def program(cell: Cell) -> Mapping[str, Recorded]:
    """What the program registers for a combination, by URN."""
    phase, tier, cdn = cell
    recording = built(phase, tier, **(CLOUDFLARE if cdn == "cloudflare" else {}))
    return {each.urn: each for each in recording.resources}


def judged(
    program: Mapping[str, Recorded], changes: Mapping[str, Mapping[str, Any] | None] | None = None
) -> list[Resource]:
    """The resources as a rule reads them. `changes`: other inputs, by URN; None takes the resource away."""
    changes = changes or {}
    resources = [Resource("pulumi:pulumi:Stack", "tierup-prod", STACK, from_state({}))]
    for urn, each in program.items():
        inputs = changes.get(urn, each.inputs)
        if inputs is not None:
            outputs = {**each.outputs, **inputs, **({"id": f"{each.name}-id"} if each.custom else {})}
            resources.append(Resource(each.type, each.name, urn, from_state(inputs), from_state(outputs), each.flows))
    return resources
