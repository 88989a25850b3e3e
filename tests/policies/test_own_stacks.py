"""Our own program complies with every mandatory rule in every valid combination, without an exception."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from policies.config import from_file
from policies.evaluator import Result, evaluate
from policies.exceptions import Exceptions, load
from policies.registry import RULES
from policies.rule import Level, Outcome, ProjectRule
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.policies.advisories import dev, expected
from tests.policies.own_stacks import HOSTED, STANDBY, TWO_REGIONS, Cell, resources_of_stack

INVALID = (Phase.ENTERPRISE, Tier.SMALL)
ALL: tuple[Cell, ...] = tuple(
    cell for cell in product(Phase, Tier, ("cloudfront", "cloudflare")) if cell[:2] != INVALID
)
SAMPLE: tuple[Cell, ...] = (
    (Phase.MVP, Tier.SMALL, "cloudflare"),
    (Phase.OPTIMIZATION, Tier.SMALL, "cloudfront"),  # test_violations uses this one and the last too
    (Phase.SCALE, Tier.MEDIUM, "cloudfront"),
    (Phase.ENTERPRISE, Tier.LARGE, "cloudflare"),
)
TODAY = datetime.now(UTC).date()


PROD = from_file(json.loads(Path("policies/environments/prod.json").read_text(encoding="utf-8")), RULES)
"""The levels of the stack prod, which are no lower than the rules' own."""


@cache
def report(cell: Cell, protect: bool = True) -> Sequence[Result]:
    """Return the results of every rule on resources, at the levels of prod."""
    rules = [rule for rule in RULES if not isinstance(rule, ProjectRule)]
    resources = resources_of_stack(cell, protect=protect)
    return evaluate(resources, PROD, Exceptions((), TODAY), rules=rules).results


def mandatory_problems(cell: Cell, protect: bool = True) -> list[str]:
    """Return the mandatory rules that the combination violates, or that could not be evaluated on it."""
    return [
        f"{each.rule} {each.outcome} on {each.name}: {each.findings or each.reason}"
        for each in report(cell, protect)
        if each.level is Level.MANDATORY and each.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
    ]


def failing(cell: Cell, protect: bool = True) -> set[str]:
    """Return the ids of all rules that the combination violates, of any level."""
    return {each.rule for each in report(cell, protect) if each.outcome is Outcome.FAIL}


@pytest.mark.parametrize("cell", SAMPLE, ids="-".join)
def test_a_combination_complies_with_every_mandatory_rule(cell: Cell) -> None:
    assert mandatory_problems(cell) == []


@pytest.mark.parametrize("hosts", HOSTED)
def test_a_stack_on_managed_hosts_complies_with_every_mandatory_rule(hosts: str) -> None:
    assert mandatory_problems((Phase.MVP, Tier.SMALL, hosts)) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("state", STANDBY)
@pytest.mark.parametrize(("phase", "tier"), [each[:2] for each in SAMPLE])
def test_a_stack_violates_no_further_rule_while_its_cdn_changes(phase: Phase, tier: Tier, state: str) -> None:
    assert mandatory_problems((phase, tier, state)) == []
    assert failing((phase, tier, state)) <= failing((phase, tier, "cloudfront")) | failing((phase, tier, "cloudflare"))


@pytest.mark.parametrize(
    ("regional", "cdn"),
    [("regions", "cloudfront"), pytest.param("regions-cloudflare", "cloudflare", marks=pytest.mark.exhaustive)],
)
def test_a_stack_of_two_regions_violates_no_rule_that_one_of_a_region_keeps(regional: str, cdn: str) -> None:
    phase, tier, _ = TWO_REGIONS
    assert mandatory_problems((phase, tier, regional)) == []
    assert failing((phase, tier, regional)) == expected((phase, tier, cdn), protect=True)


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", [cell for cell in ALL if cell not in SAMPLE], ids="-".join)
def test_the_other_combinations_comply_with_every_mandatory_rule(cell: Cell) -> None:
    assert mandatory_problems(cell) == []


@pytest.mark.parametrize("cell", SAMPLE, ids="-".join)
def test_the_page_of_advisories_lists_the_violations_of_a_combination(cell: Cell) -> None:
    assert failing(cell) == expected(cell, protect=True)


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", [cell for cell in ALL if cell not in SAMPLE], ids="-".join)
def test_the_page_of_advisories_lists_the_violations_of_the_other_combinations(cell: Cell) -> None:
    assert failing(cell) == expected(cell, protect=True)


def test_the_page_of_advisories_lists_the_violations_of_dev() -> None:
    assert failing(dev(), protect=False) == expected(dev(), protect=False)


def test_an_unprotected_stack_violates_the_levels_of_prod() -> None:
    rules = {line.split()[0] for line in mandatory_problems(dev(), protect=False)}
    assert rules == {"ALB-008", "ATL-005", "SEC-002"}


def test_program_of_the_checkout_has_no_exceptions() -> None:
    reviewed = load(Path("policies/exceptions.yaml"), rules=RULES, today=TODAY)
    assert reviewed.entries == ()
