"""A baseline matches findings independent of list positions, and reports a further one as new."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.rule import Finding, Outcome
from tests.tierup.check.builders import TLS, a_result, checked, section
from tierup.check import baseline
from tierup.check.baseline import key_of
from tierup.deployment.errors import CommandError, ExitCode


def at(*paths: str, name: str = "https") -> baseline.Baseline:
    found = a_result(Outcome.FAIL, name, findings=tuple(Finding(path, "open", "closed") for path in paths))
    return baseline.of([[key_of(found, finding) for finding in found.findings]])


def failing(*paths: str, name: str = "https") -> list[bool]:
    """Return whether each finding is known to a baseline with the finding rules[0].action on https."""
    found = a_result(Outcome.FAIL, name, findings=tuple(Finding(path, "open", "closed") for path in paths))
    return [each.known for each in section(found).problems(at("rules[0].action"))]


def test_a_finding_matches_the_baseline_at_another_list_position() -> None:
    assert failing("rules[3].action") == [True]


def test_one_more_finding_of_the_same_key_is_new() -> None:
    assert sorted(failing("rules[0].action", "rules[1].action")) == [False, True]


def test_another_property_or_another_resource_is_new() -> None:
    assert failing("rules[0].priority") == [False]
    assert failing("rules[0].action", name="other") == [False]


def test_value_and_parents_do_not_affect_the_match() -> None:
    one = a_result(Outcome.FAIL)
    moved = a_result(Outcome.FAIL, findings=(Finding(TLS.path, "another", TLS.wanted),))
    assert key_of(one, one.findings[0]) == key_of(moved, moved.findings[0])
    assert "LoadBalancer$" not in key_of(one, one.findings[0])[1]


def test_a_check_fails_only_on_new_findings() -> None:
    old, new = a_result(Outcome.FAIL, "old"), a_result(Outcome.FAIL, "new")
    accepted = baseline.of([[key_of(old, TLS)]])
    assert checked(section(old), baseline=accepted).code is ExitCode.OK
    both = checked(section(new, old), baseline=accepted)
    assert both.code is ExitCode.POLICY
    assert [each.result.name for each in both.problems() if both.fails(each)] == ["new"]


def test_fixed_findings_are_counted_including_suppressed_ones() -> None:
    old = a_result(Outcome.FAIL, "old")
    accepted = baseline.of([[key_of(old, TLS)]])
    assert checked(section(old), baseline=accepted).fixed() == 0
    assert checked(section(a_result(Outcome.PASS, "old")), baseline=accepted).fixed() == 1
    assert checked(section(a_result(Outcome.SUPPRESSED, "old", exception="x")), baseline=accepted).fixed() == 1


def test_the_baseline_applies_to_each_stack() -> None:
    old = a_result(Outcome.FAIL, "old")
    accepted = baseline.of([[key_of(old, TLS)]])
    assert checked(section(old, source="a.json"), section(old, source="b.json"), baseline=accepted).code is ExitCode.OK


def test_a_baseline_is_written_sorted_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    before = baseline.of([[("B-001", "t::b", "x"), ("A-001", "t::ü", "y[].z"), ("A-001", "t::ü", "y[].z")]])
    baseline.write(file, before)
    assert baseline.read(file) == before
    lines = [line for line in file.read_text().splitlines() if "rule" in line]
    assert lines == sorted(lines)
    assert len(lines) == 2
    assert '"t::ü"' in lines[0]


def test_an_empty_baseline_can_be_written_and_read(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    baseline.write(file, baseline.of([]))
    assert baseline.read(file).accepted == {}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 9, "accepted": []}', '{"format": 1, "accepted": [{}]}'])
def test_an_invalid_baseline_is_rejected_with_the_command_that_creates_one(text: str, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text)
    with pytest.raises(CommandError, match="--write-baseline") as raised:
        baseline.read(file)
    assert raised.value.code is ExitCode.SETTINGS


def test_a_missing_baseline_is_rejected_with_the_command_that_creates_it(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such file"):
        baseline.read(tmp_path / "none.json")
