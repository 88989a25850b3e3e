"""The report as Markdown for a comment on a pull request: the verdict first, long parts collapsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from policies.rule import Outcome
from tierup.check.result import CheckResult, Problem, Section, checklist, in_order, subject
from tierup.deployment.errors import ExitCode

MAX_CHARACTERS = 60_000
"""The longest report in characters. A comment on GitHub has at most 65,536 (from memory), and callers may add text."""

_SIGNS = {
    Outcome.FAIL: "❌",
    Outcome.UNKNOWN: "❔",
    Outcome.SUPPRESSED: "⚠️",
    Outcome.PASS: "✅",
    Outcome.NOT_APPLICABLE: "➖",
}
_CUT = "\n\n…\n\nThe report is longer than a comment allows. Run `tierup check` to see all of it.\n"


def as_markdown(checked: CheckResult) -> str:
    """Return the comment, cut at the end of a line if it is too long."""
    sign = "✅" if checked.code is ExitCode.OK else "❌"
    lines = [f"## {sign} Policies: {_text(checked.verdict)}", ""]
    for section in checked.sections:
        lines += _open(checked, section)
    lines += _checklist(checked)
    for section in checked.sections:
        lines += _collapsed_parts(checked, section)
    text = "\n".join(lines).rstrip() + "\n"
    if len(text) <= MAX_CHARACTERS:
        return text
    cut = text[: MAX_CHARACTERS - len(_CUT) - len("\n</details>")]
    cut = cut[: cut.rfind("\n")]
    closing = "\n\n</details>" if cut.count("<details>") > cut.count("</details>") else ""
    return cut + closing + _CUT


def _open(checked: CheckResult, section: Section) -> Iterator[str]:
    """Yield the findings that are not collapsed: mandatory ones, and those that fail the check."""
    problems = [each for each in section.problems(checked.baseline) if _is_prominent(checked, each)]
    if problems:
        yield f"### {_text(section.title)}"
        yield ""
        yield from _table(problems)


def _collapsed_parts(checked: CheckResult, section: Section) -> Iterator[str]:
    problems = section.problems(checked.baseline)
    unknown = section.of(Outcome.UNKNOWN)
    of = f" of {_text(section.title)}" if len(checked.sections) > 1 else ""
    new = [each for each in problems if not (each.suppressed or each.known)]
    for heading, chosen in (
        ("advisory", [each for each in new if not _is_prominent(checked, each)]),
        ("in the baseline", [each for each in problems if each.known]),
        ("covered by an exception", [each for each in problems if each.suppressed]),
    ):
        if chosen:
            yield from _collapsed(f"{len(chosen)} {heading}{of}", _table(chosen))
    if unknown:
        rules = groupby((each for each in in_order(section) if each.outcome is Outcome.UNKNOWN), key=lambda e: e.rule)
        lines = [f"- **{rule}** {_text('; '.join(f'{subject(e)}: {e.reason}' for e in each))}" for rule, each in rules]
        yield from _collapsed(f"{len(unknown)} not evaluated{of}", iter([*lines, ""]))


def _is_prominent(checked: CheckResult, problem: Problem) -> bool:
    return checked.fails(problem) or (problem.mandatory and not problem.suppressed and not problem.known)


def _table(problems: list[Problem]) -> Iterator[str]:
    if not problems:
        return
    yield "| rule | resource | found | wanted | remediation |"
    yield "| --- | --- | --- | --- | --- |"
    for _, of_one in groupby(problems, key=lambda problem: problem.result):
        yield _row(list(of_one))
    yield ""


def _row(problems: list[Problem]) -> str:
    """Return the row of one rule and resource, with all findings."""
    rule, result, locations = problems[0].rule, problems[0].result, problems[0].locations
    named = f"[{rule.id}]({rule.source})" if rule.source else rule.id
    of = f"`{result.type}` {_text(result.name)}" if result.urn else _text(subject(result))
    at = f"<br>{_text(str(locations[0]))}" if locations else ""
    found = "<br>".join(_text(f"{each.finding.path} is {each.finding.found}") for each in problems)
    wanted = "<br>".join(_text(each.finding.wanted) for each in problems)
    do = f"exception: {_text(result.exception)}" if problems[0].suppressed else _text(rule.remediation)
    return f"| {named} {rule.severity} | {of}{at} | {found} | {wanted} | {do} |"


def _checklist(checked: CheckResult) -> Iterator[str]:
    table = ["| | item | pass | fail | suppressed | unknown | not applicable |", "| --- | --- " + "| --: " * 5 + "|"]
    order = (Outcome.PASS, Outcome.FAIL, Outcome.SUPPRESSED, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)
    for row in checklist(checked.sections, checked.rules):
        counts = " | ".join(str(row.counts.get(outcome) or "") for outcome in order)
        sign = _SIGNS[Outcome.SUPPRESSED] if row.verdict is Outcome.FAIL and row.advisory else _SIGNS[row.verdict]
        table.append(f"| {sign} | {_text(row.item.value)} | {counts} |")
    yield from _collapsed("The checklist", iter([*table, ""]))


def _collapsed(summary: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"<details><summary>{summary}</summary>"
    yield ""
    yield from lines
    yield "</details>"
    yield ""


def _text(text: str) -> str:
    """Escape text for the cell of a table."""
    return re.sub(r"([|`*_<>\[\]\\])", r"\\\1", " ".join(text.split()))
