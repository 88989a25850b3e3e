"""Turns the rules into policies that the engine runs.

**Enforcement.** Every rule is mandatory, in every stack, unless a policy config file given beside the pack says
otherwise: `--policy-pack-config policies/environments/dev.json` makes all of them advisory (they are still all
reported). Such a file can also set single rules and their parameters, as in
`{"load-balancer-tls-version": {"enforcementLevel": "mandatory", "minimumTls": "1.3"}}`, and the engine checks it
against the rules' schemas. Nothing is guessed from a stack's name, and a stack that is given no file is held to
everything. The stack's own config cannot say it: the engine hands that to a pack in a call that the Python SDK ignores
(ConfigureStack, pulumi_policy 1.21).

**Unknown values.** A verdict UNKNOWN is reported as advisory by the SDK, through the exception it knows for that,
because a preview cannot know better. The same rule judges the value at `up`: a resource rule before the resource is
made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import Severity as EngineSeverity
from pulumi_policy.proxy import UnknownValueError

from .exceptions import Exceptions, stack_of
from .rule import Outcome, Resource, ResourceRule, Rule, Stack, StackRule, Verdict

Inputs = dict[str, Mapping[str, Any]]
"""By URN, the inputs of the resources seen so far."""


class NotJudgedError(UnknownValueError):
    """Tells the SDK, in our words, that a rule could not be judged; it reports that as advisory, whatever the level."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.message = message


def policies(rules: Iterable[ResourceRule | StackRule], exceptions: Exceptions) -> list[Policy]:
    """One policy a rule, then those on the exceptions: they come last, when every rule has run."""
    inputs: Inputs = {}
    made = [
        resource_policy(r, exceptions, inputs) if isinstance(r, ResourceRule) else stack_policy(r, exceptions, inputs)
        for r in rules
    ]
    return [*made, *exception_policies(exceptions)]


def resource_policy(rule: ResourceRule, exceptions: Exceptions, inputs: Inputs) -> ResourceValidationPolicy:
    """The policy that judges each resource by `rule`, before it is made or changed, and notes its inputs."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        inputs[args.urn] = args.props
        resource = Resource(args.resource_type, args.name, args.urn, args.props)
        verdict = rule.judge(resource, args.get_config())
        if verdict.outcome is Outcome.NOT_APPLICABLE:
            args.not_applicable(verdict.reason)
        if unjudged := _answer(rule, resource, verdict, exceptions, report):
            raise NotJudgedError(unjudged)

    return ResourceValidationPolicy(validate=validate, **_metadata(rule))


def stack_policy(rule: StackRule, exceptions: Exceptions, inputs: Inputs) -> StackValidationPolicy:
    """The policy that judges the finished stack by `rule`."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        stack = Stack(tuple(_resource(r, inputs) for r in args.resources))
        unjudged: list[str] = []
        for resource in stack.of(rule.applies_to):
            verdict = rule.judge(resource, stack, args.get_config())
            unjudged += filter(None, [_answer(rule, resource, verdict, exceptions, report)])
        if unjudged:
            raise NotJudgedError("; ".join(unjudged))

    return StackValidationPolicy(validate=validate, **_metadata(rule))


def exception_policies(exceptions: Exceptions) -> list[Policy]:
    """Holds exceptions to account: one policy fails for those out of date or use, one lists those in force."""

    def account(args: StackValidationArgs, report: ReportViolation) -> None:
        stack = stack_of(args.resources[0].urn) if args.resources else ""
        for exception in exceptions.expired(stack):
            report(f"Expired: {exception}. Fix the resource, or have the exception reviewed and renewed.", None)
        for exception in exceptions.unused(stack):
            report(f"Unused: {exception}. The resource passes the rule or is gone: take the exception out.", None)

    def listing(_args: StackValidationArgs, report: ReportViolation) -> None:
        for exception in sorted(exceptions.needed, key=str):
            report(f"In force: {exception}", None)

    return [
        StackValidationPolicy(
            name="exceptions-accounted-for",
            description="An exception from a rule is in date, and needed.",
            validate=account,
            severity=EngineSeverity.HIGH,
        ),
        StackValidationPolicy(
            name="exceptions-in-force",
            description="Exceptions from rules that hold today.",
            validate=listing,
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=EngineSeverity.LOW,
        ),
    ]


def message(rule: Rule, resource: Resource, path: str, found: str, wanted: str) -> str:
    """One violation in words: rule, resource, what stands where, what should, and what to do."""
    return (
        f"{rule.id} [{rule.item}] {resource.type} {resource.name}: "
        f"{path} is {found}; wanted: {wanted}. {rule.remediation} See {rule.source}"
    )


def _answer(
    rule: Rule, resource: Resource, verdict: Verdict, exceptions: Exceptions, report: ReportViolation
) -> str | None:
    """Reports what the verdict found, unless an exception covers it. Returns what could not be judged, in words."""
    if verdict.outcome not in (Outcome.FAIL, Outcome.UNKNOWN):
        return None
    if exception := exceptions.find(rule.id, resource.urn):
        (exceptions.needed if verdict.outcome is Outcome.FAIL else exceptions.undecided).add(exception)
        return None
    for finding in verdict.findings:
        report(message(rule, resource, finding.path, finding.found, finding.wanted), resource.urn)
    return f"{rule.id} not judged on {resource.type} {resource.name}: {verdict.reason}" if verdict.reason else None


def _resource(resource: PolicyResource, inputs: Inputs) -> Resource:
    """A resource of the stack. The engine shows outputs here; the inputs are those the resource policies noted."""
    outputs = resource.props
    flows = {
        key: frozenset(source.urn for source in sources) for key, sources in resource.property_dependencies.items()
    }
    properties = inputs.get(resource.urn, outputs)
    return Resource(resource.resource_type, resource.name, resource.urn, properties, outputs, flows)


def _metadata(rule: Rule) -> dict[str, Any]:
    schema = (
        PolicyConfigSchema({p.name: {**p.schema, "default": p.default} for p in rule.parameters})
        if rule.parameters
        else None
    )
    return {
        "name": rule.name,
        "description": rule.title,
        "display_name": f"{rule.id} {rule.name}",
        "severity": EngineSeverity(rule.severity.value),
        "tags": [rule.item.value],
        "remediation_steps": f"{rule.remediation}\n\n{rule.example}",
        "url": rule.source,
        "config_schema": schema,
    }
