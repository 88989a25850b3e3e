"""The table: the checklist, then the findings with location and remediation."""

from __future__ import annotations

from policies.rule import Finding, Outcome
from tests.tierup.check.builders import EXCEPTION, TLS, a_result, checked, section, urn
from tierup.check import baseline
from tierup.check.baseline import key_of
from tierup.check.report import ReportFormat, render
from tierup.check.result import CheckResult, FailOn
from tierup.check.source_locations import SourceLocation


def text(result: CheckResult) -> str:
    return render(result, ReportFormat.TABLE)


def part(result: CheckResult, heading: str) -> str:
    """Return the lines from a heading to the next empty line."""
    lines = text(result).splitlines()
    start = lines.index(heading)
    return "\n".join(lines[start : lines.index("", start)])


def test_the_checklist_is_counted_item_by_item() -> None:
    (row,) = [line.split() for line in text(checked()).splitlines() if "HTTPS enforced" in line]
    assert row == ["✗", "HTTPS", "enforced", "1", "2", "1", "1", "1"]


def test_mandatory_and_advisory_findings_are_separate_and_complete() -> None:
    result = checked(section(locations={urn("https"): (SourceLocation("stacks/ingress.py", 30),)}))
    mandatory = part(result, "Mandatory")
    assert "✗ ALB-002 load-balancer-tls-version high" in mandatory
    assert "aws:lb/listener:Listener https stacks/ingress.py:30" in mandatory
    assert f"sslPolicy is {TLS.found}; wanted: {TLS.wanted}" in mandatory
    assert "→ Set ssl_policy" in mandatory
    assert "ALB-001" not in mandatory
    assert "port is 80" in part(result, "Advisory")


def test_exceptions_and_unknown_results_are_shown() -> None:
    assert EXCEPTION in part(checked(), "Suppressed by an exception")
    unknown = part(checked(), "Unknown")
    assert "later: sslPolicy is not known before `up`" in unknown


def test_a_rules_remediation_is_shown_once_for_all_its_resources() -> None:
    evaluated = section(*(a_result(Outcome.FAIL, f"n{number}") for number in range(3)))
    assert text(checked(evaluated)).count("→") == 1


def test_many_unknown_results_are_counted() -> None:
    evaluated = section(*(a_result(Outcome.UNKNOWN, f"n{number}", reason="why") for number in range(9)))
    assert "… and 4 more" in text(checked(evaluated))


def test_baseline_findings_are_marked_and_fixed_ones_are_counted() -> None:
    old, fixed = a_result(Outcome.FAIL, "old"), a_result(Outcome.FAIL, "fixed")
    accepted = baseline.of([[key_of(old, TLS), key_of(fixed, TLS)]])
    shown = text(checked(section(old), baseline=accepted))
    assert "(in the baseline)" in shown
    assert "1 finding of the baseline is fixed" in shown


def test_several_stacks_are_counted_together_and_shown_separately() -> None:
    result = checked(section(source="a.json"), section(a_result(Outcome.PASS), source="b.json"))
    (row,) = [line.split() for line in text(result).splitlines() if "HTTPS enforced" in line]
    assert row[3] == "2"
    assert "trial/dev, a.json" in text(result).splitlines()
    assert "trial/dev, b.json" not in text(result).splitlines(), "a stack without findings has no section"


def test_with_several_stacks_advisory_findings_are_one_line_per_rule() -> None:
    result = checked(
        section(source="a.json"), section(source="b.json"), section(a_result(Outcome.PASS), source="c.json")
    )
    lines = text(result).splitlines()
    (advisory_line,) = [line for line in lines if line.startswith("✗ ALB-001")]
    assert advisory_line.endswith("2 in 2 of 3 stacks")
    (unknown,) = [line for line in lines if line.startswith("? ALB-002")]
    assert unknown.endswith("2 in 2 of 3 stacks")
    assert len([line for line in lines if line.startswith("✗ ALB-002")]) == 2, "mandatory findings are shown in full"


def test_with_several_stacks_failing_advisory_findings_are_shown_in_full() -> None:
    result = checked(section(source="a.json"), section(source="b.json"), fail_on=FailOn.ADVISORY)
    assert text(result).count("port is 80") == 2


def test_text_in_brackets_is_not_markup() -> None:
    with_markup = a_result(Outcome.FAIL, findings=(Finding("rules[0]", "[red]", "[/bold]"),))
    assert "rules[0] is [red]; wanted: [/bold]" in text(checked(section(with_markup)))
