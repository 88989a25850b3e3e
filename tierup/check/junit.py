"""The report as JUnit XML: a suite for each section of the checklist, a case for each rule and resource.

A case fails if it fails the check. Other violations (advisory, in the baseline, covered by an exception) and unknown
results are skipped, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from xml.etree import ElementTree

from policies.report import Result
from policies.rule import Outcome
from tierup.check.pack import BY_ID
from tierup.check.result import CheckResult, Problem, Section, in_order, subject

_INVALID_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_xml(checked: CheckResult) -> str:
    """Return the document."""
    root = ElementTree.Element("testsuites", {"name": "tierup check"})
    for section in checked.sections:
        for suite in _suites(checked, section):
            root.append(suite)
    for kind in ("tests", "failures", "errors", "skipped"):
        root.set(kind, str(sum(int(suite.get(kind, "0")) for suite in root)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suites(checked: CheckResult, section: Section) -> Iterator[ElementTree.Element]:
    problems: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in section.problems(checked.baseline):
        problems.setdefault(_case_key(problem.result), []).append(problem)
    by_group = groupby(in_order(section), key=lambda each: BY_ID[each.rule].item.partition(": ")[0])
    for group, results in by_group:
        suite = ElementTree.Element("testsuite", {"name": f"{section.title}: {group}"})
        for result in results:
            suite.append(_case(checked, result, problems.get(_case_key(result), [])))
        cases = list(suite)
        suite.set("tests", str(len(cases)))
        suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
        suite.set("errors", "0")
        suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
        yield suite


def _case_key(result: Result) -> tuple[str, str, str]:
    return result.rule, result.urn, result.name


def _case(checked: CheckResult, result: Result, problems: list[Problem]) -> ElementTree.Element:
    rule = BY_ID[result.rule]
    case = ElementTree.Element("testcase", {"classname": f"{rule.id} {rule.name}", "name": _clean(subject(result))})
    if problems and problems[0].locations:
        case.set("file", problems[0].locations[0].file)
        case.set("line", str(problems[0].locations[0].line))
    failing = [problem for problem in problems if checked.fails(problem)]
    if failing:
        failure = ElementTree.SubElement(case, "failure", {"type": rule.severity.value, "message": rule.title})
        failure.text = _clean("\n".join([*map(_text, failing), rule.remediation, rule.source]))
    elif reason := _why_skipped(result, problems):
        ElementTree.SubElement(case, "skipped", {"message": _clean(reason)})
    return case


def _why_skipped(result: Result, problems: list[Problem]) -> str:
    if result.outcome is Outcome.SUPPRESSED:
        return f"exception: {result.exception}"
    if result.outcome is Outcome.FAIL:
        why = "in the baseline" if all(problem.known for problem in problems) else result.level.value
        return f"violated, {why}: {'; '.join(map(_text, problems))}"
    return "" if result.outcome is Outcome.PASS else f"{result.outcome.value}: {result.reason}"


def _text(problem: Problem) -> str:
    return f"{problem.finding.path} is {problem.finding.found}; wanted: {problem.finding.wanted}"


def _clean(text: str) -> str:
    """Replace characters that XML does not allow."""
    return _INVALID_XML.sub("�", text)
