"""Mutation of whole stacks: one property that a rule names is broken, and exactly that rule fails.

The stacks are our own in their combinations, and the compliant program for what they don't hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from itertools import chain
from typing import Any

import pytest

from policies.config import PolicyConfig
from policies.evaluator import Evaluator
from policies.exceptions import Exceptions
from policies.registry import RULES
from policies.report import Result
from policies.rule import Outcome, ProjectRule, Resource, ResourceRule, Stack, StackRule
from policies.values import from_state
from stacks.phases import Phase
from stacks.tiers import Tier
from tests.policies.evaluation import recorded, resources_of
from tests.policies.own_stacks import Cell, evaluated, program
from tests.policies.test_own_stacks import ALL
from tests.policies.violations import Violation, violated, violations

COMPLIANT = "compliant"
SAMPLE: tuple[Cell, ...] = (
    (Phase.OPTIMIZATION, Tier.SMALL, "cloudfront"),
    (Phase.ENTERPRISE, Tier.LARGE, "cloudflare"),
)
EVALUATED: list[ResourceRule | StackRule] = [rule for rule in RULES if not isinstance(rule, ProjectRule)]
BY_ID = {rule.id: rule for rule in EVALUATED}
TODAY = datetime.now(UTC).date()


def evaluator_with(parameters: Mapping[str, Any]) -> Evaluator:
    return Evaluator(EVALUATED, PolicyConfig(parameters=parameters), Exceptions((), TODAY))


EVALUATOR = evaluator_with({})


def outcomes(
    resources: Iterable[Resource], parameters: Mapping[str, Any] | None = None
) -> Mapping[Outcome, frozenset[str]]:
    """The rules by the outcomes they come to, on at least one resource."""
    resources = tuple(resources)
    evaluate, alone = (
        (evaluator_with(parameters), evaluator_with(parameters).resource) if parameters else (EVALUATOR, _alone)
    )
    results = [*chain.from_iterable(map(alone, resources)), *evaluate.stack(Stack(resources))]
    return {outcome: frozenset(each.rule for each in results if each.outcome is outcome) for outcome in Outcome}


@cache
def _alone(resource: Resource) -> list[Result]:
    """By the rules that see nothing but the resource: a change of another one is nothing to them."""
    return EVALUATOR.resource(resource)


def fails(rule: ResourceRule | StackRule, resources: Iterable[Resource], parameters: Mapping[str, Any]) -> bool:
    stack = Stack(tuple(resources))
    set_to = PolicyConfig(parameters=parameters).of(rule)
    return any(
        (
            rule.evaluate(subject, set_to) if isinstance(rule, ResourceRule) else rule.evaluate(subject, stack, set_to)
        ).outcome
        is Outcome.FAIL
        for subject in stack.of(rule.applies_to)
    )


def stack(cell: Cell | str) -> tuple[Mapping[str, tuple[str, Mapping[str, Any]]], Any]:
    """A stack's inputs by key, and what makes resources of them with some changed."""
    if isinstance(cell, str):
        return recorded(), resources_of
    return {urn: (each.type, each.inputs) for urn, each in program(cell).items()}, partial(evaluated, cell)


@cache
def healthy(cell: Cell | str) -> Mapping[Outcome, frozenset[str]]:
    return outcomes(stack(cell)[1]({}))


def kept(cell: Cell | str) -> frozenset[str]:
    """The rules that some resource keeps and none breaks: one that a resource breaks already shows no further fault."""
    return healthy(cell)[Outcome.PASS] - healthy(cell)[Outcome.FAIL]


def planted(cell: Cell | str, fault: Violation) -> Iterator[list[Resource]]:
    """The stack with the fault in it, once for each resource that it can be planted in."""
    inputs, made = stack(cell)
    if fault.adds is not None:
        type_, properties = fault.adds
        values = from_state(properties)
        yield [*made({}), Resource(type_, "added", f"urn:pulumi:prod::tierup::{type_}::added", values, values)]
        return
    changes: dict[str, Mapping[str, Any] | None] = {}
    for key, (type_, properties) in sorted(inputs.items()):  # they are registered in another order each time
        if type_ in fault.types:
            with suppress(LookupError):
                changes[key] = violated(properties, fault)
    if fault.everywhere:
        yield made(changes)
    else:
        yield from (made({key: changed}) for key, changed in changes.items())


def seen(cell: Cell | str, rule: str, fault: Violation) -> frozenset[str]:
    """Which rules fail for the fault that did not before: on the first resource whose change breaks `rule`."""
    before = healthy(cell)[Outcome.FAIL]
    if fault.parameters:
        before = outcomes(stack(cell)[1]({}), fault.parameters)[Outcome.FAIL]
    for resources in planted(cell, fault):
        if fails(BY_ID[rule], resources, fault.parameters):
            return outcomes(resources, fault.parameters)[Outcome.FAIL] - before
    return frozenset()


def wrong(cell: Cell | str, rules: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for rule in sorted(rules):
        fault = violations()[rule]
        failing = seen(cell, rule, fault)
        if failing - set(fault.also) != frozenset({rule}):
            found[rule] = f"wanted {rule} alone, saw {sorted(failing) or 'nothing fail'}"
    return found


def test_every_rule_has_its_fault() -> None:
    assert set(violations()) == {rule.id for rule in EVALUATED}


@pytest.mark.parametrize("cell", SAMPLE, ids="-".join)
def test_each_fault_is_seen_by_the_rule_that_names_it_and_no_other(cell: Cell) -> None:
    before = frozenset[str]().union(*(kept(other) for other in SAMPLE[: SAMPLE.index(cell)]))
    assert wrong(cell, kept(cell) & set(violations()) - before) == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", ALL, ids="-".join)
def test_each_fault_is_seen_in_every_combination(cell: Cell) -> None:
    assert wrong(cell, kept(cell) & set(violations())) == {}


def test_what_our_stacks_do_not_hold_is_seen_in_the_compliant_program() -> None:
    ours = frozenset[str]().union(*(kept(cell) for cell in SAMPLE))
    rest = {rule.id for rule in EVALUATED} - ours
    assert rest <= healthy(COMPLIANT)[Outcome.PASS], "nothing keeps these, so nothing shows that they can fail"
    assert wrong(COMPLIANT, frozenset(rest & set(violations()))) == {}
