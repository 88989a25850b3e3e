"""The program against mocks: it registers what the recorder of the tests sees, which answers as a cloud would."""

from __future__ import annotations

from collections import Counter

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.stacks.test_architecture import built
from tierup.cost.estimate import RULES
from tierup.mocked_program import list_resources
from tierup.program_settings import RejectedSettingsError

PRICED = {each for each, rule in RULES.items() if rule.count}


@pytest.mark.parametrize(("phase", "tier"), [(Phase.MVP, Tier.SMALL), (Phase.ENTERPRISE, Tier.LARGE)])
def test_what_costs_something_is_all_there(phase: Phase, tier: Tier) -> None:
    seen = Counter((each.type, each.name) for each in list_resources(phase, tier, "eu-west-1"))
    known = Counter((each.type, each.name) for each in built(phase, tier).resources if each.custom)
    assert {key for key in known if key[0] in PRICED}
    assert {key: n for key, n in seen.items() if key[0] in PRICED} == {
        key: n for key, n in known.items() if key[0] in PRICED
    }


def test_a_resource_knows_the_component_that_makes_it() -> None:
    found = list_resources(Phase.SCALE, Tier.SMALL, "us-east-1")
    (cache,) = (each for each in found if each.type == "aws:elasticache/replicationGroup:ReplicationGroup")
    assert (cache.component, cache.parent) == ("tierup:aws:Cache", "cache")
    by_name = {(each.name, each.component) for each in found if each.parent == "backend"}
    assert ("backend-service", "tierup:aws:EcsService") in by_name
    assert {component for _, component in by_name} == {"tierup:aws:EcsService", "tierup:aws:TrafficShift"}


def test_a_combination_that_the_settings_refuse_is_refused_in_their_words() -> None:
    with pytest.raises(RejectedSettingsError, match="M30 or larger"):
        list_resources(Phase.ENTERPRISE, Tier.SMALL, "eu-west-1")
