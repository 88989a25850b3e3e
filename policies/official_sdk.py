"""An adapter for Pulumi's policy SDK for Python: it makes this pack's rules policies of any `pulumi_policy.PolicyPack`.

    from policies.official_sdk import as_policies
    from policies.cache.encrypted import RULE as CACHE_ENCRYPTED

    PolicyPack("my-pack", policies=as_policies(CACHE_ENCRYPTED))

The verdicts are those of this pack's server (tests/policies/test_official_sdk.py compares them). A policy of that SDK
cannot see which values are secret, so findings are not masked. Exceptions files and the `policies:` settings of a
stack's configuration apply to this pack's server only. Levels and parameters come from the policy config file, or from
the pack.

`pulumi-policy` is no dependency of this project, so it is imported only when `as_policies` is called.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from .report import Result
from .rule import (
    AnyRule,
    Outcome,
    ProjectFiles,
    ProjectRule,
    RegisteredOptions,
    RegisteredProvider,
    Resource,
    ResourceRule,
    Rule,
    Stack,
    StackRule,
    Verdict,
)
from .server import message, project_folder, whole_numbers
from .values import UNKNOWN, UNKNOWN_TEXTS, Values

if TYPE_CHECKING:
    from pulumi_policy import (
        Policy,
        PolicyConfigSchema,
        PolicyProviderResource,
        PolicyResource,
        PolicyResourceOptions,
        ReportViolation,
        ResourceValidationArgs,
        StackValidationArgs,
    )

INPUTS = "stack-inputs"
"""The name of the policy that notes the inputs of every resource for the rules on stacks."""


class _Inputs:
    """The inputs, options and providers that the resource policies saw, by URN. The engine calls from several threads.

    A stack policy of the SDK sees outputs only, and at preview every output that a provider fills in is unknown.
    """

    def __init__(self) -> None:
        self._noted: dict[str, Resource] = {}
        self._lock = threading.Lock()

    def note(self, resource: Resource) -> None:
        with self._lock:
            self._noted[resource.urn] = resource

    def get(self, urn: str) -> Resource | None:
        with self._lock:
            return self._noted.get(urn)


def as_policies(*rules: AnyRule) -> list[Policy]:
    """Return a policy for each rule, and one more for rules on stacks, which notes the inputs that they evaluate.

    Raises ImportError when `pulumi-policy` is not installed.
    """
    inputs = _Inputs()
    adapted = [_as_policy(rule, inputs) for rule in rules]
    return [_noting(inputs), *adapted] if any(isinstance(rule, StackRule) for rule in rules) else adapted


def _as_policy(rule: AnyRule, inputs: _Inputs) -> Policy:
    from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, Severity, StackValidationPolicy

    metadata: dict[str, Any] = {
        "name": rule.name,
        "description": rule.title,
        "enforcement_level": EnforcementLevel(rule.level.value),
        "config_schema": _schema(rule),
        "display_name": f"{rule.id} {rule.name}",
        "severity": Severity(rule.severity.value),
        "tags": [rule.item.value, *([f"Pitfall {rule.pitfall}"] if rule.pitfall else ())],
        "remediation_steps": f"{rule.remediation}\n\n{rule.example}",
        "url": rule.source,
    }
    if isinstance(rule, ResourceRule):
        remediate = _remediation(rule) if rule.remedy else None
        return ResourceValidationPolicy(validate=_on_resource(rule), remediate=remediate, **metadata)
    validate = _on_project(rule) if isinstance(rule, ProjectRule) else _on_stack(rule, inputs)
    return StackValidationPolicy(validate=validate, **metadata)


def _noting(inputs: _Inputs) -> Policy:
    from pulumi_policy import EnforcementLevel, ResourceValidationPolicy

    def validate(args: ResourceValidationArgs, _report: ReportViolation) -> None:
        inputs.note(_resource(args))

    return ResourceValidationPolicy(
        name=INPUTS,
        description="Notes the inputs of every resource for the policies on the stack; it reports nothing.",
        validate=validate,
        enforcement_level=EnforcementLevel.ADVISORY,
    )


def _on_resource(rule: ResourceRule) -> Any:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = _resource(args)
        verdict = rule.evaluate(resource, whole_numbers(args.get_config()))
        if verdict.outcome is Outcome.NOT_APPLICABLE:
            args.not_applicable(verdict.reason)
        _report_findings(rule, resource, verdict, report)
        _report_indeterminate([verdict.reason] if verdict.reason else [])

    return validate


def _on_stack(rule: StackRule, inputs: _Inputs) -> Any:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        stack = Stack(tuple(_stack_resource(each, inputs.get(each.urn)) for each in args.resources))
        parameters = whole_numbers(args.get_config())
        reasons: list[str] = []
        for subject in stack.of(rule.applies_to):
            verdict = rule.evaluate(subject, stack, parameters)
            if verdict.outcome is Outcome.NOT_APPLICABLE:
                continue
            _report_findings(rule, subject, verdict, report)
            if verdict.reason:
                reasons.append(f"{subject.type} {subject.name}: {verdict.reason}")
        _report_indeterminate(reasons)

    return validate


def _on_project(rule: ProjectRule) -> Any:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        folder = project_folder(Path.cwd())  # the engine starts a pack in the program's folder
        if folder is None:
            args.not_applicable("the pack was not started in the folder of a Pulumi project")
            return
        verdict = rule.evaluate(ProjectFiles(folder, pulumi.get_stack()), whole_numbers(args.get_config()))
        if verdict.outcome is Outcome.NOT_APPLICABLE:
            args.not_applicable(verdict.reason)
        _report_findings(rule, Resource("", folder.name, "", {}), verdict, report)
        _report_indeterminate([verdict.reason] if verdict.reason else [])

    return validate


def _remediation(rule: ResourceRule) -> Any:
    def remediate(args: ResourceValidationArgs) -> Mapping[str, Any] | None:
        changes = rule.corrections(_resource(args), whole_numbers(args.get_config()))
        if not changes:
            return None
        # The SDK's mapping keeps secrets secret and unknown values unknown only if it is returned itself.
        properties: Any = args.props
        for key, value in changes.items():
            properties[key] = value
        return properties

    return remediate


def _report_findings(rule: Rule, resource: Resource, verdict: Verdict, report: ReportViolation) -> None:
    result = Result(rule.id, resource.urn, resource.type, resource.name, verdict.outcome, rule.level)
    for finding in verdict.findings:
        report(message(rule, result, finding.path, finding.found, finding.wanted), resource.urn or None)


def _report_indeterminate(reasons: Sequence[str]) -> None:
    """Report that a rule could not be evaluated, in the SDK's way for unknown values: an advisory diagnostic."""
    from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

    if reasons:
        error = UnknownValueError(UNKNOWN_STRING_VALUE, [])
        error.message = "; ".join(reasons)
        raise error


def _schema(rule: Rule) -> PolicyConfigSchema | None:
    from pulumi_policy import PolicyConfigSchema

    properties = {
        each.name: {**each.schema, "default": list(each.default) if isinstance(each.default, tuple) else each.default}
        for each in rule.parameters
    }
    return PolicyConfigSchema(properties) if properties else None


def _resource(args: ResourceValidationArgs) -> Resource:
    return Resource(
        args.resource_type,
        args.name,
        args.urn,
        _values(args.props),
        options=_options(args.opts),
        provider=_provider(args.provider),
    )


def _stack_resource(given: PolicyResource, noted: Resource | None) -> Resource:
    outputs = _values(given.props)
    return Resource(
        given.resource_type,
        given.name,
        given.urn,
        noted.properties if noted else outputs,
        outputs,
        {key: frozenset(each.urn for each in sources) for key, sources in given.property_dependencies.items()},
        noted.options if noted else _options(given.opts, given.parent.urn if given.parent else ""),
        noted.provider if noted else _provider(given.provider),
    )


def _options(given: PolicyResourceOptions, parent: str = "") -> RegisteredOptions:
    return RegisteredOptions(
        protect=given.protect,
        parent=given.parent or parent,
        ignore_changes=tuple(given.ignore_changes),
        delete_before_replace=given.delete_before_replace,
        aliases=tuple(given.aliases),
        additional_secret_outputs=tuple(given.additional_secret_outputs),
        create_timeout=given.custom_timeouts.create_seconds,
        update_timeout=given.custom_timeouts.update_seconds,
        delete_timeout=given.custom_timeouts.delete_seconds,
    )


def _provider(given: PolicyProviderResource | None) -> RegisteredProvider | None:
    if given is None:
        return None
    return RegisteredProvider(given.resource_type, given.name, given.urn, _values(given.props))


def _values(properties: Mapping[str, Any]) -> Values:
    """Return the properties as the rules read them: the SDK's mapping raises another exception on an unknown value."""
    return Values(load=lambda: (_known(properties), frozenset()))


def _known(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _element(properties, key) for key in properties}


def _element(container: Any, key: Any) -> Any:
    from pulumi_policy import Secret
    from pulumi_policy.deserialize import serialize_properties
    from pulumi_policy.proxy import UnknownValueError

    try:
        value = container[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, (pulumi.Asset, pulumi.Archive)):
        return serialize_properties({"value": value})["value"]  # as the engine writes it, and our own server reads it
    if isinstance(value, Secret):  # as a remediation sees secrets
        return _element([value.value], 0)
    if isinstance(value, str) and value in UNKNOWN_TEXTS:  # a remediation gets unknown values unchecked
        return UNKNOWN
    if isinstance(value, Mapping):
        return _known(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_element(value, index) for index in range(len(value))]
    return value
