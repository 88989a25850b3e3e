"""Our own program, in every legal combination, keeps every mandatory rule without an exception."""

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
from stacks.phases import Phase
from stacks.tiers import Tier
from tests.policies.advisories import dev, expected
from tests.policies.own_stacks import Cell, evaluated

REFUSED = (Phase.ENTERPRISE, Tier.SMALL)
ALL: tuple[Cell, ...] = tuple(
    cell for cell in product(Phase, Tier, ("cloudfront", "cloudflare")) if cell[:2] != REFUSED
)
SAMPLE: tuple[Cell, ...] = (
    (Phase.MVP, Tier.SMALL, "cloudflare"),
    (Phase.OPTIMIZATION, Tier.SMALL, "cloudfront"),  # recorded for test_violations too, as is the last
    (Phase.SCALE, Tier.MEDIUM, "cloudfront"),
    (Phase.ENTERPRISE, Tier.LARGE, "cloudflare"),
)
TODAY = datetime.now(UTC).date()


PROD = from_file(json.loads(Path("policies/environments/prod.json").read_text(encoding="utf-8")), RULES)
"""What holds for the stack prod: no less than the rules' own levels."""


@cache
def report(cell: Cell, protect: bool = True) -> Sequence[Result]:
    """Of every rule that evaluates resources, at the levels of prod."""
    rules = [rule for rule in RULES if not isinstance(rule, ProjectRule)]
    return evaluate(evaluated(cell, protect=protect), PROD, Exceptions((), TODAY), rules=rules).results


def violated(cell: Cell, protect: bool = True) -> list[str]:
    """The mandatory rules that the combination breaks, or that can't be evaluated on it."""
    return [
        f"{each.rule} {each.outcome} on {each.name}: {each.findings or each.reason}"
        for each in report(cell, protect)
        if each.level is Level.MANDATORY and each.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
    ]


def failing(cell: Cell, protect: bool = True) -> set[str]:
    """Ids of all rules that the combination breaks, at whatever level."""
    return {each.rule for each in report(cell, protect) if each.outcome is Outcome.FAIL}


@pytest.mark.parametrize("cell", SAMPLE, ids="-".join)
def test_no_mandatory_rule_is_broken(cell: Cell) -> None:
    assert violated(cell) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", [cell for cell in ALL if cell not in SAMPLE], ids="-".join)
def test_no_mandatory_rule_is_broken_in_the_others(cell: Cell) -> None:
    assert violated(cell) == []


@pytest.mark.parametrize("cell", SAMPLE, ids="-".join)
def test_the_page_of_advisories_says_what_is_broken(cell: Cell) -> None:
    assert failing(cell) == expected(cell, protect=True)


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", [cell for cell in ALL if cell not in SAMPLE], ids="-".join)
def test_the_page_of_advisories_says_what_is_broken_in_the_others(cell: Cell) -> None:
    assert failing(cell) == expected(cell, protect=True)


def test_the_page_of_advisories_says_what_dev_breaks() -> None:
    assert failing(dev(), protect=False) == expected(dev(), protect=False)


def test_a_stack_that_can_be_torn_down_is_not_let_through_as_prod() -> None:
    rules = {line.split()[0] for line in violated(dev(), protect=False)}
    assert rules == {"ALB-008", "ATL-005", "SEC-002"}


def test_we_live_without_exceptions() -> None:
    reviewed = load(Path("policies/exceptions.yaml"), rules=RULES, today=TODAY)
    assert reviewed.entries == ()
