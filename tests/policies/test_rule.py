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


def test_the_outcomes_are_kept_apart() -> None:
    def none_wrong(_resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        yield from ()

    def one_wrong(_resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        yield WRONG

    def of_another_kind(_resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        raise NotApplicable("internal")
        yield WRONG

    def out_of_sight(_resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        yield WRONG
        raise Indeterminate("elsewhere")

    def reads_on(resource: Resource, _parameters: Parameters) -> Iterator[Finding]:
        if resource.properties["size"]:
            yield WRONG

    assert outcome_of(none_wrong) == (Outcome.PASS, 0, "")
    assert outcome_of(one_wrong) == (Outcome.FAIL, 1, "")
    assert outcome_of(of_another_kind) == (Outcome.NOT_APPLICABLE, 0, "internal")
    assert outcome_of(out_of_sight) == (Outcome.FAIL, 1, "elsewhere")
    assert outcome_of(reads_on, size=UNKNOWN) == (Outcome.UNKNOWN, 0, "size is not known before `up`")


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
def test_a_value_that_is_not_known_yet_is_declared(properties: dict[str, Any], expected: bool) -> None:
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
def test_values_are_shown_as_they_are_written(value: object, text: str) -> None:
    assert shown(value) == text


class TestRefers:
    target = Resource("a:b:T", "target", "urn:target", {}, from_state({"arn": "arn:1"}))
    unmade = Resource("a:b:T", "target", "urn:target", {}, from_state({"arn": UNKNOWN}))

    def pointing(self, value: Any, *sources: str) -> Resource:
        properties = from_state({"targetArn": value})
        return Resource("a:b:S", "source", "urn:source", properties, {}, {"targetArn": frozenset(sources)})

    def test_by_data_flow_when_nothing_is_known(self) -> None:
        assert refers(self.pointing(UNKNOWN, "urn:target"), "targetArn", self.unmade, "arn")

    def test_by_value_when_nothing_flows(self) -> None:
        assert refers(self.pointing("arn:1"), "targetArn", self.target, "arn")

    def test_not_to_another(self) -> None:
        assert not refers(self.pointing(UNKNOWN, "urn:another"), "targetArn", self.unmade, "arn")
        assert not refers(self.pointing("arn:2"), "targetArn", self.target, "arn")
        assert not refers(self.pointing("arn:1"), "targetArn", self.unmade, "arn")
        assert not refers(self.pointing(None), "targetArn", self.target, "name")

    def test_a_stack_finds_what_refers(self) -> None:
        near, far = self.pointing("arn:1"), self.pointing("arn:2")
        assert list(Stack((near, far, self.target)).referring(("a:b:S",), "targetArn", self.target, "arn")) == [near]
