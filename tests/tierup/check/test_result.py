"""The result of a check: exit code, verdict, and counts of the checklist."""

from __future__ import annotations

import pytest

from policies.rule import ChecklistItem, Level, Outcome
from tests.tierup.check.builders import a_result, checked, section
from tierup.check.pack import BY_ID
from tierup.check.result import CheckResult, FailOn, checklist
from tierup.deployment.errors import ExitCode


def outcome(result: Outcome, level: Level = Level.MANDATORY, fail_on: FailOn = FailOn.MANDATORY) -> CheckResult:
    return checked(section(a_result(result, level=level, exception="x", reason="why")), fail_on=fail_on)


@pytest.mark.parametrize(
    ("level", "fail_on", "code"),
    [
        (Level.MANDATORY, FailOn.MANDATORY, ExitCode.POLICY),
        (Level.REMEDIATE, FailOn.MANDATORY, ExitCode.POLICY),
        (Level.ADVISORY, FailOn.MANDATORY, ExitCode.OK),
        (Level.ADVISORY, FailOn.ADVISORY, ExitCode.POLICY),
        (Level.MANDATORY, FailOn.ADVISORY, ExitCode.POLICY),
        (Level.MANDATORY, FailOn.NEVER, ExitCode.OK),
    ],
)
def test_the_level_and_the_option_decide_the_exit_code(level: Level, fail_on: FailOn, code: ExitCode) -> None:
    assert outcome(Outcome.FAIL, level, fail_on).code is code


@pytest.mark.parametrize("result", [each for each in Outcome if each is not Outcome.FAIL])
def test_only_a_violation_fails_the_check(result: Outcome) -> None:
    assert outcome(result, fail_on=FailOn.ADVISORY).code is ExitCode.OK


def test_the_verdict_names_violated_policies_and_counts_the_rest() -> None:
    assert checked().verdict == (
        "1 mandatory policy violated: load-balancer-tls-version; 1 advisory finding; 1 result unknown."
    )
    assert outcome(Outcome.PASS).verdict == "No policy violated."
    assert outcome(Outcome.FAIL, Level.ADVISORY).verdict == "No mandatory policy violated; 1 advisory finding."
    assert outcome(Outcome.FAIL, fail_on=FailOn.NEVER).verdict.endswith(
        "load-balancer-tls-version, not failing the check."
    )
    advisory = outcome(Outcome.FAIL, Level.ADVISORY, FailOn.ADVISORY)
    assert advisory.verdict == "1 policy violated: load-balancer-tls-version."


def test_the_checklist_counts_each_outcome_apart_in_the_guides_order() -> None:
    rows = {row.item: row for row in checklist([section()], BY_ID.values())}
    https = rows[ChecklistItem.HTTPS_ENFORCED]
    assert https.counts == {
        Outcome.PASS: 1,
        Outcome.FAIL: 2,
        Outcome.SUPPRESSED: 1,
        Outcome.UNKNOWN: 1,
        Outcome.NOT_APPLICABLE: 1,
    }
    assert https.verdict is Outcome.FAIL
    assert not https.advisory
    assert rows[ChecklistItem.RATE_LIMITING].verdict is Outcome.NOT_APPLICABLE
    assert list(rows) == [item for item in ChecklistItem if item in rows]


@pytest.mark.parametrize(
    ("results", "worst"),
    [
        ((Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN), Outcome.FAIL),
        ((Outcome.PASS, Outcome.UNKNOWN), Outcome.UNKNOWN),
        ((Outcome.PASS, Outcome.SUPPRESSED), Outcome.SUPPRESSED),
        ((Outcome.PASS, Outcome.NOT_APPLICABLE), Outcome.PASS),
        ((Outcome.NOT_APPLICABLE,), Outcome.NOT_APPLICABLE),
    ],
)
def test_an_items_verdict_is_its_worst_outcome(results: tuple[Outcome, ...], worst: Outcome) -> None:
    evaluated = section(*(a_result(each, f"n{number}") for number, each in enumerate(results)))
    assert next(checklist([evaluated], [BY_ID["ALB-002"]])).verdict is worst


def test_an_item_with_advisory_violations_only_is_advisory() -> None:
    evaluated = section(a_result(Outcome.FAIL, level=Level.ADVISORY))
    assert next(checklist([evaluated], [BY_ID["ALB-002"]])).advisory


def test_an_item_is_shown_if_one_of_the_selected_rules_covers_it() -> None:
    assert [row.item for row in checklist([section()], [BY_ID["ALB-002"]])] == [ChecklistItem.HTTPS_ENFORCED]


def test_findings_have_the_checklists_order_in_every_report() -> None:
    evaluated = section(a_result(Outcome.FAIL, rule="S3-001"), a_result(Outcome.FAIL, rule="ALB-001"))
    assert [each.rule.id for each in evaluated.problems(None)] == ["ALB-001", "S3-001"]
