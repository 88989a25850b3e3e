"""What a check came to, as every format shows it: the sections, each broken rule's findings, the checklist's counts."""

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
from tierup.deployment.errors import ExitCode
from tierup.deployment.project import Project

BLOCKING = (Level.MANDATORY, Level.REMEDIATE)  # what a remedy did not mend is as bad as what has none


class FailOn(StrEnum):
    """Which broken rules make a check fail."""

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
        """Whether a reviewed exception covers it."""
        return self.result.outcome is Outcome.SUPPRESSED

    @property
    def mandatory(self) -> bool:
        """Whether it would stop an `up`."""
        return self.result.level in BLOCKING


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One stack that was judged. `source` is the file it was read from, "" for a preview."""

    source: str
    report: Report
    locations: SourceLocations = field(default_factory=dict[str, tuple[SourceLocation, ...]])

    @property
    def title(self) -> str:
        """What was judged, in words."""
        stack = f"{self.report.project}/{self.report.stack}"
        return f"{stack}, {self.source}" if self.source else f"{stack}, a {self.report.basis}"

    def of(self, outcome: Outcome) -> list[Result]:
        """The results of this outcome."""
        return [each for each in self.report.results if each.outcome is outcome]

    def problems(self, baseline: Baseline | None) -> list[Problem]:
        """Every finding, those that an exception covers too, in the checklist's order."""
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
    """The results in the checklist's order, a rule's resources together."""
    return sorted(section.report.results, key=lambda each: _ORDER.get(each.rule, len(_ORDER)))


_ORDER = {rule.id: number for number, rule in enumerate(EVALUATED_RULES)}


@dataclass(frozen=True, slots=True, eq=False)
class CheckResult:
    """A whole check: one section a stack. `rules` are those that were asked for."""

    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    project: Project | None = None
    baseline: Baseline | None = None
    fail_on: FailOn = FailOn.MANDATORY

    def problems(self) -> list[Problem]:
        """The findings of all sections."""
        return [problem for section in self.sections for problem in section.problems(self.baseline)]

    def fails(self, problem: Problem) -> bool:
        """Whether this finding makes the check fail."""
        if problem.suppressed or problem.known or self.fail_on is FailOn.NEVER:
            return False
        return problem.mandatory or self.fail_on is FailOn.ADVISORY

    @property
    def code(self) -> ExitCode:
        """How the command ends."""
        return ExitCode.POLICY if any(map(self.fails, self.problems())) else ExitCode.OK

    @property
    def verdict(self) -> str:
        """The verdict in one sentence."""
        problems = self.problems()
        failing = [each for each in problems if self.fails(each)]
        known = sum(1 for each in problems if each.known)
        # An advisory finding that makes the check fail is not told a second time.
        noted = [e for e in problems if not (e.mandatory or e.suppressed or e.known or self.fails(e))]
        let_pass = [e for e in problems if e.mandatory and not (e.suppressed or e.known or self.fails(e))]
        open_ = self.count(Outcome.UNKNOWN)
        none = f"No {'new ' if known else ''}{'mandatory ' if noted or known else ''}policy broken"
        parts = [
            _broken(failing) if failing else f"{_broken(let_pass)}, let pass" if let_pass else none,
            _number(len(noted), "advisory finding") if noted else "",
            f"{_number(known, 'finding')} of the baseline" if known else "",
            f"{_number(open_, 'result')} open" if open_ else "",
        ]
        return "; ".join(filter(None, parts)) + "."

    def count(self, outcome: Outcome) -> int:
        """How many results have this outcome."""
        return sum(len(section.of(outcome)) for section in self.sections)

    def gone(self) -> int:
        """How many findings of the baseline are no longer found."""
        if self.baseline is None:
            return 0
        found: Counter[tuple[str, str, str]] = Counter()
        for section in self.sections:
            found |= Counter(key_of(p.result, p.finding) for p in section.problems(None) if not p.suppressed)
        asked = {rule.id for rule in self.rules}
        return sum(max(0, number - found[key]) for key, number in self.baseline.accepted.items() if key[0] in asked)


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One item of the guide's checklist: how many results came out how, and by which rules. `advisory`: none of
    the broken ones is mandatory."""

    item: ChecklistItem
    rules: tuple[Rule, ...]
    counts: Mapping[Outcome, int]
    advisory: bool

    @property
    def verdict(self) -> Outcome:
        """The worst of its outcomes; NOT_APPLICABLE when nothing was there to judge."""
        worst = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.SUPPRESSED, Outcome.PASS)
        return next((each for each in worst if self.counts[each]), Outcome.NOT_APPLICABLE)


def checklist(sections: Iterable[Section], rules: Iterable[Rule]) -> Iterator[ChecklistRow]:
    """The checklist item by item, in the guide's order, as far as one of these rules helps to prove it."""
    counts: dict[str, Counter[Outcome]] = {}
    stopping: set[str] = set()
    for section in sections:
        for result in section.report.results:
            counts.setdefault(result.rule, Counter())[result.outcome] += 1
            if result.outcome is Outcome.FAIL and result.level in BLOCKING:
                stopping.add(result.rule)
    rules = tuple(rules)
    for item in ChecklistItem:
        proving = tuple(rule for rule in rules if rule.item is item)
        if proving:
            total: Counter[Outcome] = Counter()
            for rule in proving:
                total.update(counts.get(rule.id, {}))
            yield ChecklistRow(item, proving, total, advisory=not any(rule.id in stopping for rule in proving))


def subject(result: Result) -> str:
    """What was judged, in words: a resource's type and name, or what a rule without one looks at."""
    if result.urn:
        return f"{result.type} {result.name}"
    if result.rule == ACCOUNTED.id:
        return result.name
    return "the project's files" if isinstance(BY_ID.get(result.rule), ProjectRule) else "the stack"


def _broken(problems: Iterable[Problem]) -> str:
    """As an operation's own verdict has it (tierup/deployment/operation.py)."""
    problems = list(problems)
    names = sorted({problem.rule.name for problem in problems})
    kind = "mandatory " if all(problem.mandatory for problem in problems) else ""
    return f"{_number(len(names), f'{kind}policy', f'{kind}policies')} broken: {', '.join(names)}"


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
