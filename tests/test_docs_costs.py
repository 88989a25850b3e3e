"""docs/reference/costs.md is what `tierup cost` finds, and the stacks' budgets leave room above it.

TIERUP_REFRESH_DOCS=1 .venv/bin/pytest tests/test_docs_costs.py
"""

from __future__ import annotations

import itertools
import os

import pytest

from stacks.phases import Phase
from stacks.tiers import AWS_BUDGET_USD, Tier
from tests.docs_costs import PAGE, REFRESH, estimates, page


def test_the_page_is_as_the_prices_and_the_program_have_it() -> None:
    fresh = page()
    if os.environ.get("TIERUP_REFRESH_DOCS"):
        PAGE.write_text(fresh, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == fresh, f"stale; run: {REFRESH}"


@pytest.mark.parametrize(("phase", "tier"), list(itertools.product(Phase, Tier)))
def test_a_budget_leaves_room_for_use_above_what_the_stack_costs_and_not_too_much(phase: Phase, tier: Tier) -> None:
    """Small in enterprise takes a larger database, and has no sum of its own."""
    of = estimates().get((phase, tier))
    if of is None:
        assert (phase, tier) == (Phase.ENTERPRISE, Tier.SMALL)
        assert AWS_BUDGET_USD[phase][tier] > AWS_BUDGET_USD[Phase.SCALE][tier]
        return
    times = AWS_BUDGET_USD[phase][tier] / float(of.usd("AWS"))
    assert 1.3 < times < 2.1, f"of ${of.usd('AWS'):,.2f}; half as much again is about right"
