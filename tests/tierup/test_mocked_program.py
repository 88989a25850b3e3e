"""The program against mocks registers the same resources as in the tests' recorder, which returns a cloud's outputs."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.stacks.test_architecture import built
from tierup.cost.estimate import RULES
from tierup.mocked_program import list_configured_resources, list_resources
from tierup.program_loader import forget, program_modules
from tierup.program_settings import RejectedSettingsError

PRICED = {each for each, rule in RULES.items() if rule.count}


@pytest.mark.parametrize(("phase", "tier"), [(Phase.MVP, Tier.SMALL), (Phase.ENTERPRISE, Tier.LARGE)])
def test_every_priced_resource_is_listed(phase: Phase, tier: Tier) -> None:
    seen = Counter((each.type, each.name) for each in list_resources(phase, tier, "eu-west-1"))
    known = Counter((each.type, each.name) for each in built(phase, tier).resources if each.custom)
    assert {key for key in known if key[0] in PRICED}
    assert {key: n for key, n in seen.items() if key[0] in PRICED} == {
        key: n for key, n in known.items() if key[0] in PRICED
    }


def test_a_resource_names_the_component_that_creates_it() -> None:
    found = list_resources(Phase.SCALE, Tier.SMALL, "us-east-1")
    (cache,) = (each for each in found if each.type == "aws:elasticache/replicationGroup:ReplicationGroup")
    assert (cache.component, cache.parent) == ("tierup:aws:ReplicationGroup", "cache")
    by_name = {(each.name, each.component) for each in found if each.parent == "backend"}
    assert ("backend-service", "tierup:aws:EcsService") in by_name
    assert {component for _, component in by_name} == {"tierup:aws:EcsService", "tierup:aws:BlueGreen"}


def test_a_rejected_combination_raises_the_programs_message() -> None:
    with pytest.raises(RejectedSettingsError, match="M30 or larger"):
        list_resources(Phase.ENTERPRISE, Tier.SMALL, "eu-west-1")


def test_resources_that_need_a_secret_are_listed_without_its_value() -> None:
    config = {
        "aws:region": "us-east-1",
        "tierup:phase": "mvp",
        "tierup:tier": "small",
        "tierup:domain": "app.example.com",
        "tierup:alertEmail": "ops@example.com",
        "tierup:atlasOrgId": "0" * 24,
        "tierup:appSecrets": '{"STRIPE_KEY": "sandbox"}',
        "tierup:sentryDsn": "sandbox",
    }
    secret_keys = {"tierup:appSecrets", "tierup:sentryDsn"}
    found = list_configured_resources(config, secret_keys=secret_keys, project="shop", stack="dev")

    names = {each.name for each in found if each.type == "aws:secretsmanager/secret:Secret"}
    assert {"connection-sentry-dsn", "app-secret-stripe-key"} <= names


def test_resources_are_listed_after_the_program_has_been_forgotten() -> None:
    """`tierup switch` forgets the modules of the program before each step, and compares costs between steps."""
    known = program_modules()
    try:
        forget()
        assert list_resources(Phase.ENTERPRISE, Tier.LARGE, "eu-north-1")
        assert not program_modules()
    finally:
        sys.modules.update(known)
