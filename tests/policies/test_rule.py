from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from policies.rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Outcome,
    Parameter,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    Stack,
    declared,
    refers,
    shown,
)
from policies.values import from_state
from tests.policies.evaluation import UNKNOWN, resource

WRONG = Finding("size", "9", "1")


def rule(check: Any) -> ResourceRule:
    return ResourceRule(
        id="T-001",
        name="test",
        title="Holds.",
        item=ChecklistItem.BASELINE,
        severity=Severity.LOW,
        applies_to=("a:b:C",),
        check=check,
        remediation="Do.",
        example="C()",
        source="https://example.com",
        read=date(2026, 11, 24),
        parameters=(Parameter("limit", {"type": "integer"}, 3),),
    )


def outcome_of(check: Any, **properties: Any) -> tuple[Outcome, int, str]:
    verdict = rule(check).evaluate(resource("a:b:C", properties))
    return verdict.outcome, len(verdict.findings), verdict.reason


def test_each_way_that_a_check_ends_has_its_outcome() -> None:
    def no_violation(_resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        yield from ()

    def one_violation(_resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        yield WRONG

    def not_applicable(_resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        raise NotApplicable("internal")
        yield WRONG

    def indeterminate(_resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        yield WRONG
        raise Indeterminate("elsewhere")

    def reads_unknown(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        if resource.properties["size"]:
            yield WRONG

    assert outcome_of(no_violation) == (Outcome.PASS, 0, "")
    assert outcome_of(one_violation) == (Outcome.FAIL, 1, "")
    assert outcome_of(not_applicable) == (Outcome.NOT_APPLICABLE, 0, "internal")
    assert outcome_of(indeterminate) == (Outcome.FAIL, 1, "elsewhere")
    assert outcome_of(reads_unknown, size=UNKNOWN) == (Outcome.UNKNOWN, 0, "size is not known before `up`")


def test_a_check_that_raises_is_unknown_with_the_path_and_keeps_its_findings() -> None:
    def expects_an_object(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        yield WRONG
        yield Finding("size", resource.properties["size"]["x"]["y"], "1")

    def expects_a_number(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        if resource.properties["rules"][0]["size"] > 1:
            yield WRONG

    shape = "has a shape that the rule cannot read"
    assert outcome_of(expects_an_object, size={"x": 3.0}) == (Outcome.FAIL, 1, f"size.x {shape} (TypeError)")
    expected = (Outcome.UNKNOWN, 0, f"rules[0].size {shape} (TypeError)")
    assert outcome_of(expects_a_number, rules=[{"size": "text"}]) == expected


def test_parameters_are_the_configured_ones_or_the_defaults() -> None:
    def over_limit(resource: Resource, parameters: Parameters) -> Iterator[Finding]:
        if resource.properties["size"] > parameters["limit"]:
            yield WRONG

    five = resource("a:b:C", {"size": 5.0})
    assert rule(over_limit).evaluate(five).outcome is Outcome.FAIL
    assert rule(over_limit).evaluate(five, {"limit": 9, "unheard-of": 1}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("properties", "expected"), [({}, False), ({"a": None}, False), ({"a": False}, True), ({"a": UNKNOWN}, True)]
)
def test_declared_is_true_for_an_unknown_value(properties: dict[str, Any], expected: bool) -> None:
    assert declared(from_state({"before": UNKNOWN, **properties}), "a") is expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "not set"),
        (True, "true"),
        (443.0, "443"),
        (0.5, "0.5"),
        ("TLSv1", '"TLSv1"'),
        (0.0, "0"),
        (False, "false"),
    ],
)
def test_shown_formats_a_value_as_in_a_program(value: object, text: str) -> None:
    assert shown(value) == text


class TestRefers:
    target = Resource("a:b:T", "target", "urn:target", {}, from_state({"arn": "arn:1"}))
    not_created = Resource("a:b:T", "target", "urn:target", {}, from_state({"arn": UNKNOWN}))

    def pointing(self, value: Any, *sources: str) -> Resource:
        properties = from_state({"targetArn": value})
        return Resource("a:b:S", "source", "urn:source", properties, {}, {"targetArn": frozenset(sources)})

    def test_a_resource_refers_by_data_flow_when_values_are_unknown(self) -> None:
        assert refers(self.pointing(UNKNOWN, "urn:target"), "targetArn", self.not_created, "arn")

    def test_a_resource_refers_by_value_without_data_flow(self) -> None:
        assert refers(self.pointing("arn:1"), "targetArn", self.target, "arn")

    def test_a_resource_does_not_refer_to_another(self) -> None:
        assert not refers(self.pointing(UNKNOWN, "urn:another"), "targetArn", self.not_created, "arn")
        assert not refers(self.pointing("arn:2"), "targetArn", self.target, "arn")
        assert not refers(self.pointing("arn:1"), "targetArn", self.not_created, "arn")
        assert not refers(self.pointing(None), "targetArn", self.target, "name")

    def test_a_stack_finds_the_referring_resources(self) -> None:
        near, far = self.pointing("arn:1"), self.pointing("arn:2")
        assert list(Stack((near, far, self.target)).referring(("a:b:S",), "targetArn", self.target, "arn")) == [near]
