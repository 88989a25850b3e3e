"""Evaluates resources, a stack and a project by all rules, with the settings and exceptions in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from .config import PolicyConfig
from .exceptions import ACCOUNTED, Exceptions, RuleException, file_of
from .report import Report, Result
from .rule import (
    AnyRule,
    Finding,
    Level,
    Outcome,
    ProjectFiles,
    ProjectRule,
    Resource,
    ResourceRule,
    Rule,
    Stack,
    StackRule,
    Verdict,
)
from .values import Values, masked


class Evaluator:
    """The rules of one run, indexed by resource type: a resource is evaluated only by the rules on its type."""

    def __init__(self, rules: Iterable[AnyRule], settings: PolicyConfig, exceptions: Exceptions) -> None:
        self.rules = tuple(rule for rule in rules if settings.level(rule) is not Level.DISABLED)
        self.settings = settings
        self.exceptions = exceptions
        self._by_type: dict[str, list[ResourceRule]] = {}
        for rule in self.rules:
            if isinstance(rule, ResourceRule):
                for token in rule.applies_to:
                    self._by_type.setdefault(token, []).append(rule)

    def resource(self, resource: Resource) -> list[Result]:
        """Return the results of the rules on single resources of this type."""
        return [
            self._result(rule, resource, rule.evaluate(resource, self.settings.of(rule)))
            for rule in self._by_type.get(resource.type, ())
        ]

    def stack(self, stack: Stack) -> list[Result]:
        """Return the results of the rules on the relations of resources."""
        return [
            self._result(rule, subject, rule.evaluate(subject, stack, self.settings.of(rule)))
            for rule in self.rules
            if isinstance(rule, StackRule)
            for subject in stack.of(rule.applies_to)
        ]

    def project(self, project: ProjectFiles) -> list[Result]:
        """Return the results of the rules on files."""
        return [
            result for rule in self.rules if isinstance(rule, ProjectRule) for result in self._on_files(rule, project)
        ]

    def rest(self, stack: str, evaluated: Iterable[Result]) -> list[Result]:
        """Return what is known only at the end: rules without a subject, and expired or unused exceptions."""
        met = {result.rule for result in evaluated}
        idle = [
            Result(
                rule.id,
                "",
                "",
                "",
                Outcome.NOT_APPLICABLE,
                self.settings.level(rule),
                reason="no resource to evaluate",
            )
            for rule in self.rules
            if rule.id not in met
        ]
        return [*idle, *self._accounts(stack, met)]

    def _accounts(self, stack: str, met: Collection[str]) -> Iterator[Result]:
        ids = {rule.id for rule in self.rules}
        problems = [
            *(
                Finding(each.subject, f"expired: {each}", "an exception that has not expired")
                for each in self.exceptions.expired(stack)
            ),
            *(
                Finding(
                    each.subject, f"unused: {each}", "no exception, because its subject complies or no longer exists"
                )
                for each in self.exceptions.unused(stack)
                # Without a project (for the saved state of another one) no files were evaluated.
                if each.rule in ids and (each.resource or each.rule in met)
            ),
        ]
        outcome = Outcome.FAIL if problems else Outcome.PASS if self.exceptions.entries else Outcome.NOT_APPLICABLE
        level = self.settings.level(ACCOUNTED)
        yield Result(ACCOUNTED.id, "", "", "exceptions.yaml", outcome, level, tuple(problems))

    def _on_files(self, rule: ProjectRule, project: ProjectFiles) -> Iterator[Result]:
        """Return one result for the rule, and one more for each exception that covers some of its findings."""
        verdict = rule.evaluate(project, self.settings.of(rule))
        subject = Resource("", project.folder.name, "", {})
        exceptions = self.exceptions.on_files(rule.id, project.stack)
        excepted: dict[RuleException, list[Finding]] = {}
        others: list[Finding] = []
        for finding in verdict.findings:
            exception = exceptions.get(file_of(finding.path))
            (others if exception is None else excepted.setdefault(exception, [])).append(finding)
        self.exceptions.needed.update(excepted)
        indeterminate = verdict.reason if verdict.outcome in (Outcome.FAIL, Outcome.UNKNOWN) else ""
        if indeterminate:  # the unread part may be in one of the excepted files
            self.exceptions.undecided.update(exceptions.values())
        for exception, findings in excepted.items():
            covered = self._result(rule, subject, Verdict(Outcome.SUPPRESSED, tuple(findings)))
            yield replace(covered, exception=str(exception))
        if others or not excepted:
            yield self._result(rule, subject, replace(verdict, findings=tuple(others)))
        elif indeterminate:
            yield self._result(rule, subject, Verdict(Outcome.UNKNOWN, reason=indeterminate))

    def _result(self, rule: Rule, resource: Resource, verdict: Verdict) -> Result:
        result = Result(
            rule.id,
            resource.urn,
            resource.type,
            resource.name,
            verdict.outcome,
            self.settings.level(rule),
            tuple(_masked(verdict.findings, resource)),
            verdict.reason,
        )
        if verdict.outcome not in (Outcome.FAIL, Outcome.UNKNOWN) or not resource.urn:
            return result
        exception = self.exceptions.find(rule.id, resource.urn)
        if exception is None:
            return result
        if verdict.outcome is Outcome.UNKNOWN:
            self.exceptions.undecided.add(exception)
            return replace(result, exception=str(exception))
        self.exceptions.needed.add(exception)
        return replace(result, outcome=Outcome.SUPPRESSED, exception=str(exception))


def evaluate(
    resources: Iterable[Resource],
    settings: PolicyConfig,
    exceptions: Exceptions,
    *,
    rules: Iterable[AnyRule],
    project: ProjectFiles | None = None,
    named: tuple[str, str] = ("", ""),
    basis: str = "state",
) -> Report:
    """Return the report on all resources of a stack. `named` holds the names of the project and the stack."""
    evaluator = Evaluator(rules, settings, exceptions)
    resources = tuple(resources)
    evaluated = [result for resource in resources for result in evaluator.resource(resource)]
    evaluated += evaluator.stack(Stack(resources))
    evaluated += evaluator.project(project) if project else ()
    evaluated += evaluator.rest(named[1], evaluated)
    return Report(*named, basis, tuple(evaluated))


def _masked(findings: tuple[Finding, ...], resource: Resource) -> Iterator[Finding]:
    if not findings:
        return  # as for most results: collecting the secrets decodes the whole resource
    secrets = _secrets(resource.properties) | _secrets(resource.outputs)
    for finding in findings:
        yield Finding(finding.path, masked(finding.found, secrets), masked(finding.wanted, secrets))


def _secrets(properties: Mapping[str, object]) -> frozenset[str]:
    return properties.secrets if isinstance(properties, Values) else frozenset()
