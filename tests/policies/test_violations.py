"""Mutation of whole stacks: after one violation of a rule is introduced, exactly that rule fails.

The stacks are combinations of our own program, and the compliant program for types that they lack.
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
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.policies.evaluation import recorded, resources_of
from tests.policies.own_stacks import TWO_REGIONS, Cell, program, resources_of_stack
from tests.policies.test_own_stacks import ALL
from tests.policies.violations import Violation, violated, violations

COMPLIANT = "compliant"
# The other region satisfies REG-001, and its dashboard MON-007: the mocks give both load balancers one name.
ALSO_IN_OTHER_REGION = frozenset({"REG-001", "MON-007"})
SAMPLE: tuple[Cell, ...] = (
    (Phase.OPTIMIZATION, Tier.SMALL, "cloudfront"),
    (Phase.ENTERPRISE, Tier.LARGE, "cloudflare"),
    TWO_REGIONS,
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
    """Return the rules by the outcomes that they have on at least one resource."""
    resources = tuple(resources)
    evaluator = evaluator_with(parameters) if parameters else EVALUATOR
    alone = evaluator.resource if parameters else _alone
    results = [*chain.from_iterable(map(alone, resources)), *evaluator.stack(Stack(resources))]
    return {outcome: frozenset(each.rule for each in results if each.outcome is outcome) for outcome in Outcome}


@cache
def _alone(resource: Resource) -> list[Result]:
    """Return the results of the rules on single resources; a change of another resource does not affect them."""
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
    """Return a stack's inputs by key, and a function that builds its resources with changed inputs."""
    if isinstance(cell, str):
        return recorded(), resources_of
    return {urn: (each.type, each.inputs) for urn, each in program(cell).items()}, partial(resources_of_stack, cell)


@cache
def healthy(cell: Cell | str) -> Mapping[Outcome, frozenset[str]]:
    return outcomes(stack(cell)[1]({}))


def passing(cell: Cell | str) -> frozenset[str]:
    """Return the rules that some resource passes and none fails: a rule that fails already would hide the violation."""
    return healthy(cell)[Outcome.PASS] - healthy(cell)[Outcome.FAIL]


def mutated(cell: Cell | str, violation: Violation) -> Iterator[list[Resource]]:
    """Yield the stack with the violation, once for each resource that can have it."""
    inputs, build = stack(cell)
    if violation.adds is not None:
        type_, properties = violation.adds
        values = from_state(properties)
        yield [*build({}), Resource(type_, "added", f"urn:pulumi:prod::tierup::{type_}::added", values, values)]
        return
    changes: dict[str, Mapping[str, Any] | None] = {}
    for key, (type_, properties) in sorted(inputs.items()):  # the order of registration varies
        if type_ in violation.types:
            with suppress(LookupError):
                changes[key] = violated(properties, violation)
    if violation.everywhere:
        yield build(changes)
    else:
        yield from (build({key: changed}) for key, changed in changes.items())


def newly_failing(cell: Cell | str, rule: str, violation: Violation) -> frozenset[str]:
    """Return the rules that fail only with the violation, on the first resource whose change makes `rule` fail."""
    before = healthy(cell)[Outcome.FAIL]
    if violation.parameters:
        before = outcomes(stack(cell)[1]({}), violation.parameters)[Outcome.FAIL]
    for resources in mutated(cell, violation):
        if fails(BY_ID[rule], resources, violation.parameters):
            return outcomes(resources, violation.parameters)[Outcome.FAIL] - before
    return frozenset()


def mismatches(cell: Cell | str, rules: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for rule in sorted(rules):
        violation = violations()[rule]
        failing = newly_failing(cell, rule, violation)
        if failing - set(violation.also) != frozenset({rule}):
            found[rule] = f"wanted only {rule} to fail (got {sorted(failing) or 'none'})"
    return found


def test_every_rule_has_a_violation() -> None:
    assert set(violations()) == {rule.id for rule in EVALUATED}


@pytest.mark.parametrize("cell", SAMPLE, ids="-".join)
def test_a_violation_makes_only_its_rule_fail(cell: Cell) -> None:
    before = frozenset[str]().union(*(passing(other) for other in SAMPLE[: SAMPLE.index(cell)]))
    assert mismatches(cell, passing(cell) & set(violations()) - before) == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", [*ALL, TWO_REGIONS], ids="-".join)
def test_a_violation_makes_only_its_rule_fail_in_every_combination(cell: Cell) -> None:
    other_region = ALSO_IN_OTHER_REGION if cell == TWO_REGIONS else frozenset[str]()
    assert mismatches(cell, passing(cell) & set(violations()) - other_region) == {}


def test_other_violations_make_only_their_rules_fail_in_the_compliant_program() -> None:
    of_sample = frozenset[str]().union(*(passing(cell) for cell in SAMPLE))
    rest = {rule.id for rule in EVALUATED} - of_sample
    assert rest <= healthy(COMPLIANT)[Outcome.PASS], "no stack passes these rules, so no test shows that they can fail"
    assert mismatches(COMPLIANT, frozenset(rest & set(violations()))) == {}
