"""Mutation of whole stacks: one property that a rule names is broken, and exactly that rule fails.

The stacks are our own in their combinations, and the compliant program for what they don't hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import pytest

from policies.catalogue import RULES
from policies.exceptions import Exceptions
from policies.judge import judge
from policies.rule import AnyRule, Outcome, ProjectRule, Resource
from policies.settings import Settings
from stacks.phases import Phase
from stacks.tiers import Tier
from tests.policies.breaks import Break, breaks, broken
from tests.policies.judging import recorded, resources_of
from tests.policies.ours import Cell, judged, program
from tests.policies.test_our_stacks import ALL

COMPLIANT = "compliant"
SAMPLE: tuple[Cell, ...] = (
    (Phase.OPTIMIZATION, Tier.SMALL, "cloudfront"),
    (Phase.ENTERPRISE, Tier.LARGE, "cloudflare"),
)
JUDGED = [rule for rule in RULES if not isinstance(rule, ProjectRule)]
TODAY = datetime.now(UTC).date()


BY_ID = {rule.id: rule for rule in JUDGED}


def outcomes(resources: list[Resource], rules: Iterable[AnyRule] = JUDGED) -> Mapping[Outcome, frozenset[str]]:
    """The rules by the outcomes they come to, on at least one resource."""
    report = judge(resources, Settings(), Exceptions((), TODAY), rules=rules)
    return {
        outcome: frozenset(each.rule for each in report.judgements if each.outcome is outcome) for outcome in Outcome
    }


def stack(cell: Cell | str) -> tuple[Mapping[str, tuple[str, Mapping[str, Any]]], Any]:
    """A stack's inputs by key, and what makes resources of them with some changed."""
    if isinstance(cell, str):
        return recorded(), resources_of
    return {urn: (each.type, each.inputs) for urn, each in program(cell).items()}, partial(judged, cell)


@cache
def healthy(cell: Cell | str) -> Mapping[Outcome, frozenset[str]]:
    return outcomes(stack(cell)[1]({}))


def kept(cell: Cell | str) -> frozenset[str]:
    """The rules that some resource keeps and none breaks: one that a resource breaks already shows no further fault."""
    return healthy(cell)[Outcome.PASS] - healthy(cell)[Outcome.FAIL]


def seen(cell: Cell | str, rule: str, fault: Break) -> frozenset[str]:
    """Which rules fail for the fault that did not before: on the first resource whose change breaks `rule`."""
    inputs, made = stack(cell)
    before = healthy(cell)[Outcome.FAIL]
    for key, (type_, properties) in inputs.items():
        if type_ not in (fault.type if isinstance(fault.type, tuple) else (fault.type,)):
            continue
        try:
            changed = broken(properties, fault)
        except LookupError:
            continue
        resources = made({key: changed})
        if rule in outcomes(resources, [BY_ID[rule]])[Outcome.FAIL]:
            return outcomes(resources)[Outcome.FAIL] - before
    return frozenset()


def wrong(cell: Cell | str, rules: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for rule in sorted(rules):
        fault = breaks()[rule]
        failing = seen(cell, rule, fault)
        if failing - set(fault.also) != {rule}:
            found[rule] = f"wanted {rule} alone, saw {sorted(failing) or 'nothing fail'}"
    return found


def test_every_rule_has_its_fault() -> None:
    assert set(breaks()) == {rule.id for rule in JUDGED}


@pytest.mark.parametrize("cell", SAMPLE, ids="-".join)
def test_each_fault_is_seen_by_the_rule_that_names_it_and_no_other(cell: Cell) -> None:
    assert wrong(cell, kept(cell) & set(breaks())) == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", [cell for cell in ALL if cell not in SAMPLE], ids="-".join)
def test_each_fault_is_seen_in_every_other_combination(cell: Cell) -> None:
    assert wrong(cell, kept(cell) & set(breaks())) == {}


def test_what_our_stacks_do_not_hold_is_seen_in_the_compliant_program() -> None:
    ours = frozenset[str]().union(*(kept(cell) for cell in SAMPLE))
    rest = {rule.id for rule in JUDGED} - ours
    assert rest <= healthy(COMPLIANT)[Outcome.PASS], "nothing keeps these, so nothing shows that they can fail"
    assert wrong(COMPLIANT, frozenset(rest & set(breaks()))) == {}
