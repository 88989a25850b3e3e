"""The report as one JSON document."""

from __future__ import annotations

from typing import Any

from policies.rule import Outcome
from tierup.check.result import CheckResult, Problem, Section, checklist
from tierup.deployment.errors import ExitCode


def as_document(checked: CheckResult) -> dict[str, Any]:
    """Return the verdict, the checklist of all sections, and each section with its findings and the pack's report."""
    return {
        "result": "succeeded" if checked.code is ExitCode.OK else checked.code.name.lower(),
        "exit_code": int(checked.code),
        "verdict": checked.verdict,
        "baseline": None if checked.baseline is None else {"fixed": checked.fixed()},
        "checklist": [
            {
                "item": row.item.value,
                "verdict": row.verdict.value,
                "rules": [rule.id for rule in row.rules],
                **_counts(row.counts),
            }
            for row in checklist(checked.sections, checked.rules)
        ],
        "sections": [_section(checked, section) for section in checked.sections],
    }


def _section(checked: CheckResult, section: Section) -> dict[str, Any]:
    return {
        "source": section.source or None,
        **_counts({outcome: len(section.of(outcome)) for outcome in Outcome}),
        "findings": [_finding(checked, problem) for problem in section.problems(checked.baseline)],
        "report": section.report.to_json(),
    }


def _finding(checked: CheckResult, problem: Problem) -> dict[str, Any]:
    result = problem.result
    return {
        "rule": problem.rule.id,
        "name": problem.rule.name,
        "item": problem.rule.item.value,
        "severity": problem.rule.severity.value,
        "level": result.level.value,
        "urn": result.urn or None,
        "type": result.type,
        "resource": result.name,
        "path": problem.finding.path,
        "found": problem.finding.found,
        "wanted": problem.finding.wanted,
        "remediation": problem.rule.remediation,
        "exception": result.exception or None,
        "in_baseline": problem.known,
        "fails": checked.fails(problem),
        "places": [{"file": place.file, "line": place.line} for place in problem.locations],
    }


def _counts(counts: Any) -> dict[str, int]:
    return {outcome.value.replace(" ", "_"): counts.get(outcome, 0) for outcome in Outcome}
