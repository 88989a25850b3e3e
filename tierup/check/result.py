"""The result of a check, for all report formats: sections, findings of violated rules, and counts by checklist item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from policies.exceptions import ACCOUNTED
from policies.report import Report, Result
from policies.rule import ChecklistItem, Finding, Level, Outcome, ProjectRule, Rule
from tierup.check.baseline import Baseline, key_of
from tierup.check.pack import BY_ID, EVALUATED_RULES
from tierup.check.source_locations import SourceLocation, SourceLocations
from tierup.counting import counted
from tierup.deployment.errors import ExitCode
from tierup.deployment.project import Project

BLOCKING = (Level.MANDATORY, Level.REMEDIATE)  # a violation that the remediation did not correct blocks as well


class FailOn(StrEnum):
    """The findings that fail a check."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a violated rule, with the lines of the program that create the resource."""

    rule: Rule
    result: Result
    finding: Finding
    locations: tuple[SourceLocation, ...]
    known: bool  # listed in the baseline

    @property
    def suppressed(self) -> bool:
        """Whether a reviewed exception covers the finding."""
        return self.result.outcome is Outcome.SUPPRESSED

    @property
    def mandatory(self) -> bool:
        """Whether the finding stops an `up`."""
        return self.result.level in BLOCKING


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One evaluated stack. `source` is the file of its data, "" for a preview."""

    source: str
    report: Report
    locations: SourceLocations = field(default_factory=dict[str, tuple[SourceLocation, ...]])

    @property
    def title(self) -> str:
        """The name of the stack and of the source of its data."""
        stack = f"{self.report.project}/{self.report.stack}"
        return f"{stack}, {self.source}" if self.source else f"{stack}, a {self.report.basis}"

    def of(self, outcome: Outcome) -> list[Result]:
        """Return the results with an outcome."""
        return [each for each in self.report.results if each.outcome is outcome]

    def problems(self, baseline: Baseline | None) -> list[Problem]:
        """Return all findings, including suppressed ones, in the checklist's order."""
        left = Counter(baseline.accepted if baseline else ())
        found: list[Problem] = []
        for result in in_order(self):
            if result.outcome not in (Outcome.FAIL, Outcome.SUPPRESSED):
                continue
            for finding in result.findings:
                key = key_of(result, finding)
                known = result.outcome is Outcome.FAIL and left[key] > 0
                left[key] -= known
                locations = self.locations.get(result.urn, ())
                found.append(Problem(BY_ID[result.rule], result, finding, locations, known))
        return found


def in_order(section: Section) -> list[Result]:
    """Return the results in the checklist's order, grouped by rule."""
    return sorted(section.report.results, key=lambda each: _ORDER.get(each.rule, len(_ORDER)))


_ORDER = {rule.id: number for number, rule in enumerate(EVALUATED_RULES)}


@dataclass(frozen=True, slots=True, eq=False)
class CheckResult:
    """A whole check, with one section for each stack. `rules` are the selected ones."""

    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    project: Project | None = None
    baseline: Baseline | None = None
    fail_on: FailOn = FailOn.MANDATORY

    def problems(self) -> list[Problem]:
        """Return the findings of all sections."""
        return [problem for section in self.sections for problem in section.problems(self.baseline)]

    def fails(self, problem: Problem) -> bool:
        """Return whether a finding fails the check."""
        if problem.suppressed or problem.known or self.fail_on is FailOn.NEVER:
            return False
        return problem.mandatory or self.fail_on is FailOn.ADVISORY

    @property
    def code(self) -> ExitCode:
        """The exit code of the command."""
        return ExitCode.POLICY if any(map(self.fails, self.problems())) else ExitCode.OK

    @property
    def verdict(self) -> str:
        """The verdict in one sentence."""
        problems = self.problems()
        failing = [each for each in problems if self.fails(each)]
        known = sum(1 for each in problems if each.known)
        # An advisory finding that fails the check is counted once.
        noted = [e for e in problems if not (e.mandatory or e.suppressed or e.known or self.fails(e))]
        not_failing = [e for e in problems if e.mandatory and not (e.suppressed or e.known or self.fails(e))]
        unknown = self.count(Outcome.UNKNOWN)
        none = f"No {'new ' if known else ''}{'mandatory ' if noted or known else ''}policy violated"
        parts = [
            _violated(failing)
            if failing
            else f"{_violated(not_failing)}, not failing the check"
            if not_failing
            else none,
            counted(len(noted), "advisory finding") if noted else "",
            f"{counted(known, 'finding')} of the baseline" if known else "",
            f"{counted(unknown, 'result')} unknown" if unknown else "",
        ]
        return "; ".join(filter(None, parts)) + "."

    def count(self, outcome: Outcome) -> int:
        """Return the number of results with an outcome."""
        return sum(len(section.of(outcome)) for section in self.sections)

    def fixed(self) -> int:
        """Return the number of findings in the baseline that no longer exist."""
        if self.baseline is None:
            return 0
        found: Counter[tuple[str, str, str]] = Counter()
        for section in self.sections:
            found |= Counter(key_of(p.result, p.finding) for p in section.problems(None) if not p.suppressed)
        selected = {rule.id for rule in self.rules}
        return sum(max(0, number - found[key]) for key, number in self.baseline.accepted.items() if key[0] in selected)


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One item of the guide's checklist: the rules that cover it, and the number of results by outcome.

    `advisory` is true if no mandatory rule is violated.
    """

    item: ChecklistItem
    rules: tuple[Rule, ...]
    counts: Mapping[Outcome, int]
    advisory: bool

    @property
    def verdict(self) -> Outcome:
        """The worst of its outcomes, or NOT_APPLICABLE if there was nothing to evaluate."""
        worst = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.SUPPRESSED, Outcome.PASS)
        return next((each for each in worst if self.counts[each]), Outcome.NOT_APPLICABLE)


def checklist(sections: Iterable[Section], rules: Iterable[Rule]) -> Iterator[ChecklistRow]:
    """Yield the checklist's items that one of the rules covers, in the guide's order."""
    counts: dict[str, Counter[Outcome]] = {}
    blocking: set[str] = set()
    for section in sections:
        for result in section.report.results:
            counts.setdefault(result.rule, Counter())[result.outcome] += 1
            if result.outcome is Outcome.FAIL and result.level in BLOCKING:
                blocking.add(result.rule)
    rules = tuple(rules)
    for item in ChecklistItem:
        covering = tuple(rule for rule in rules if rule.item is item)
        if covering:
            total: Counter[Outcome] = Counter()
            for rule in covering:
                total.update(counts.get(rule.id, {}))
            yield ChecklistRow(item, covering, total, advisory=not any(rule.id in blocking for rule in covering))


def subject(result: Result) -> str:
    """Return the subject of a result: a resource's type and name, or what a rule without a resource evaluates."""
    if result.urn:
        return f"{result.type} {result.name}"
    if result.rule == ACCOUNTED.id:
        return result.name
    return "the project's files" if isinstance(BY_ID.get(result.rule), ProjectRule) else "the stack"


def _violated(problems: Iterable[Problem]) -> str:
    """Return the violated policies in one phrase, worded as an operation's error (tierup/deployment/operation.py)."""
    problems = list(problems)
    names = sorted({problem.rule.name for problem in problems})
    kind = "mandatory " if all(problem.mandatory for problem in problems) else ""
    return f"{counted(len(names), f'{kind}policy', f'{kind}policies')} violated: {', '.join(names)}"
