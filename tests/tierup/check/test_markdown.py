"""Markdown: the verdict comes first, and any text of a finding is escaped."""

from __future__ import annotations

import re

import pytest

from policies.rule import Finding, Outcome
from tests.tierup.check.builders import TLS, a_result, checked, section, urn
from tierup.check import baseline, markdown
from tierup.check.baseline import key_of
from tierup.check.result import FailOn
from tierup.check.source_locations import SourceLocation


def test_the_verdict_comes_first() -> None:
    assert markdown.as_markdown(checked()).startswith("## ❌ Policies: 1 mandatory policy violated")
    clean = markdown.as_markdown(checked(section(a_result(Outcome.PASS))))
    assert clean.startswith("## ✅ Policies: No policy violated.")


def test_failing_findings_are_open_and_others_are_collapsed() -> None:
    text = markdown.as_markdown(checked())
    before, *folded = text.split("<details>")
    assert "https" in before
    assert "ALB-002" in before
    summaries = [re.match(r"<summary>(.*?)</summary>", part) for part in folded]
    assert [found[1] for found in summaries if found] == [
        "The checklist",
        "1 advisory",
        "1 covered by an exception",
        "1 not evaluated",
    ]


def test_with_several_stacks_each_collapsed_part_names_its_stack() -> None:
    text = markdown.as_markdown(checked(section(source="a.json"), section(source="b.json")))
    assert "<summary>1 advisory of trial/dev, a.json</summary>" in text
    assert "<summary>1 advisory of trial/dev, b.json</summary>" in text
    assert text.count("<summary>The checklist</summary>") == 1


def test_mandatory_findings_are_open_even_with_fail_on_never() -> None:
    assert "https" in markdown.as_markdown(checked(fail_on=FailOn.NEVER)).split("<details>")[0]


def test_findings_in_the_baseline_are_collapsed() -> None:
    accepted = baseline.of([[key_of(a_result(Outcome.FAIL), TLS)]])
    before, *folded = markdown.as_markdown(checked(baseline=accepted)).split("<details>")
    assert "https" not in before
    assert any(part.startswith("<summary>1 in the baseline") for part in folded)


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    with_markup = a_result(Outcome.FAIL, findings=(Finding("a|b", "`x`\n| y", "<b>*z*</b>"), Finding("c", "d", "e")))
    lines = markdown.as_markdown(checked(section(with_markup))).splitlines()
    tables = [line for line in lines if line.startswith("|")]
    cells = [len(re.findall(r"(?<!\\)\|", line)) for line in tables]
    assert set(cells) == {6, 8}, "the findings' table has five columns, the checklist's seven"
    assert "<b>" not in "\n".join(tables)


def test_findings_of_one_resource_share_a_row_that_names_the_line() -> None:
    two = a_result(Outcome.FAIL, findings=(Finding("one", "1", "2"), Finding("two", "3", "4")))
    text = markdown.as_markdown(
        checked(section(two, locations={urn("https"): (SourceLocation("stacks/ingress.py", 30),)}))
    )
    (row,) = [line for line in text.splitlines() if "one is 1" in line]
    assert "two is 3" in row
    assert "stacks/ingress.py:30" in row


@pytest.mark.parametrize("level", ["mandatory", "never"])
def test_a_long_report_is_cut_to_a_comments_size_with_all_tags_closed(level: str) -> None:
    many = [a_result(Outcome.FAIL, f"listener-{number}") for number in range(1000)]
    text = markdown.as_markdown(checked(section(*many), fail_on=FailOn(level)))
    assert len(text) <= markdown.MAX_CHARACTERS
    assert text.count("<details>") == text.count("</details>")
    assert "longer than a comment allows" in text
