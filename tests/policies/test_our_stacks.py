"""Our own program, in every legal combination, keeps every mandatory rule without an exception."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from policies.catalogue import RULES
from policies.exceptions import Exceptions, load
from policies.judge import judge
from policies.rule import Level, Outcome, ProjectRule
from policies.settings import Settings
from stacks.phases import Phase
from stacks.tiers import Tier
from tests.policies.ours import Cell, judged

REFUSED = (Phase.ENTERPRISE, Tier.SMALL)
ALL: tuple[Cell, ...] = tuple(
    cell for cell in product(Phase, Tier, ("cloudfront", "cloudflare")) if cell[:2] != REFUSED
)
SAMPLE: tuple[Cell, ...] = (
    (Phase.MVP, Tier.SMALL, "cloudfront"),
    (Phase.OPTIMIZATION, Tier.SMALL, "cloudflare"),
    (Phase.SCALE, Tier.MEDIUM, "cloudflare"),
    (Phase.ENTERPRISE, Tier.LARGE, "cloudfront"),
)
TODAY = datetime.now(UTC).date()


def broken(cell: Cell) -> list[str]:
    """The mandatory rules that the combination breaks, or that can't be judged on it."""
    report = judge(
        judged(cell),
        Settings(),
        Exceptions((), TODAY),
        rules=[rule for rule in RULES if not isinstance(rule, ProjectRule)],
    )
    return [
        f"{each.rule} {each.outcome} on {each.name}: {each.findings or each.reason}"
        for each in report.judgements
        if each.level is Level.MANDATORY and each.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
    ]


@pytest.mark.parametrize("cell", SAMPLE, ids="-".join)
def test_no_mandatory_rule_is_broken(cell: Cell) -> None:
    assert broken(cell) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", [cell for cell in ALL if cell not in SAMPLE], ids="-".join)
def test_no_mandatory_rule_is_broken_in_the_others(cell: Cell) -> None:
    assert broken(cell) == []


def test_we_live_without_exceptions() -> None:
    reviewed = load(Path("policies/exceptions.yaml"), rules=[rule.id for rule in RULES], today=TODAY)
    assert reviewed.entries == ()
