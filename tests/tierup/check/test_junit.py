"""JUnit: findings that fail the check are failures; other findings are skipped with the reason."""

from __future__ import annotations

from junitparser import JUnitXml, TestSuite

from policies.rule import Finding, Level, Outcome
from tests.tierup.check.builders import EXCEPTION, TLS, a_result, checked, section, urn
from tierup.check import baseline, junit
from tierup.check.baseline import key_of
from tierup.check.result import CheckResult, FailOn
from tierup.check.source_locations import SourceLocation


def suites(check_result: CheckResult) -> list[TestSuite]:
    return list(JUnitXml.fromstring(junit.as_xml(check_result).encode()))


def results(check_result: CheckResult) -> dict[str, tuple[str, str]]:
    """Return, by the resource's name, the kind of result (passed, Failure or Skipped) and its message."""
    found: dict[str, tuple[str, str]] = {}
    for suite in suites(check_result):
        for case in suite:
            result = case.result[0] if case.result else None
            name = (case.name or "").split()[-1]
            found[name] = (type(result).__name__, result.message or "") if result is not None else ("passed", "")
    return found


def test_each_outcome_has_its_own_result() -> None:
    found = results(checked())
    assert found["good"] == ("passed", "")
    assert found["https"][0] == "Failure"
    assert found["http"] == ("Skipped", "violated, advisory: port is 80; wanted: 443 | or a redirect")
    assert found["old"] == ("Skipped", f"exception: {EXCEPTION}")
    assert found["later"] == ("Skipped", "unknown: sslPolicy is not known before `up`")
    assert found["plain"] == ("Skipped", "not applicable: TLS does not end at this listener")


def test_fail_on_advisory_makes_advisory_findings_failures() -> None:
    assert results(checked(fail_on=FailOn.ADVISORY))["http"][0] == "Failure"
    assert results(checked(fail_on=FailOn.NEVER))["https"][0] == "Skipped"


def test_findings_in_the_baseline_are_skipped() -> None:
    accepted = baseline.of([[key_of(a_result(Outcome.FAIL), TLS)]])
    kind, message = results(checked(baseline=accepted))["https"]
    assert kind == "Skipped"
    assert message.startswith("violated, in the baseline")


def test_a_suite_is_a_section_of_the_checklist_and_counts_its_cases() -> None:
    evaluated = section(a_result(Outcome.FAIL), a_result(Outcome.PASS, "good"), a_result(Outcome.PASS, rule="S3-001"))
    check_result = checked(evaluated)
    assert [suite.name for suite in suites(check_result)] == [
        "trial/dev, a preview: Security",
        "trial/dev, a preview: Baseline",
    ]
    assert [(suite.tests, suite.failures, suite.skipped) for suite in suites(check_result)] == [(2, 1, 0), (1, 0, 0)]
    whole = JUnitXml.fromstring(junit.as_xml(check_result).encode())
    assert (whole.tests, whole.failures) == (3, 1)


def test_a_failure_contains_finding_remediation_and_location() -> None:
    (suite,) = suites(
        checked(section(a_result(Outcome.FAIL), locations={urn("https"): (SourceLocation("stacks/ingress.py", 30),)}))
    )
    (case,) = suite
    assert TLS.found in (case.result[0].text or "")
    assert "Set ssl_policy" in (case.result[0].text or "")
    assert case._elem.attrib["file"] == "stacks/ingress.py"  # pyright: ignore[reportPrivateUsage] (no accessor for it)
    assert case._elem.attrib["line"] == "30"  # pyright: ignore[reportPrivateUsage]


def test_characters_that_xml_forbids_are_replaced() -> None:
    with_control_characters = a_result(
        Outcome.FAIL, level=Level.MANDATORY, findings=(Finding("path", "a\x00b\ufffe<&>", "c"),)
    )
    (suite,) = suites(checked(section(with_control_characters)))
    (case,) = suite
    assert "a\ufffdb\ufffd<&>" in (case.result[0].text or "")
