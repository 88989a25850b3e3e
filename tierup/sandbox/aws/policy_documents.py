"""Validation of policy documents: the JSON that IAM, ECR, CloudWatch Logs and VPC endpoints read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from tierup.sandbox.behaviour import UNKNOWN, BehaviourRule, Call, Plain, Rejection, Stage, documented, located, rule

GRAMMAR = documented(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html", read="2026-11-24"
)

PolicyKind = Literal["identity", "trust", "resource"]
"""An identity-based policy, a role's trust policy (assumeRolePolicy), or a resource-based policy."""


def policy_document(
    path: str, kind: PolicyKind, *, longest: int | None = None, code: str = "MalformedPolicyDocument"
) -> BehaviourRule:
    """Return a rule that validates the policy document at `path`, which may have at most `longest` characters."""

    @rule(f"{path.rpartition('.')[2].lower()}-is-a-policy-document", Stage.PLAN, source=GRAMMAR)
    def check(call: Call) -> Iterator[Rejection]:
        for at, value in located(call.inputs, path):
            if value is UNKNOWN:
                continue
            document = value
            if isinstance(value, str):
                try:
                    document = json.loads(value)
                except ValueError as error:
                    yield Rejection(at, f"the policy is not JSON: {error}", code)
                    continue
            for sentence in policy_violations(document, kind):
                yield Rejection(at, sentence, code)
            # IAM's quotas do not count white space. A document with unknown parts has no length yet.
            text = "".join(value.split()) if isinstance(value, str) else ""
            if longest is not None and len(text) > longest:
                yield Rejection(
                    at,
                    f"the policy is too long (got {len(text)} characters without white space). Allowed are at most"
                    f" {longest}.",
                    "LimitExceeded",
                )

    return check


def statements_of(policy: Plain) -> list[Mapping[str, Any]]:
    """Return the statements of a policy document, or [] if it cannot be parsed (another rule rejects that)."""
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
        found = document["Statement"]
    except (ValueError, TypeError, KeyError):
        return []
    return [each for each in listed(found) if isinstance(each, dict)]


def listed(value: Plain) -> list[Plain]:
    """Return the values of an element of a policy, which may be a list, one value or absent."""
    return value if isinstance(value, list) else [] if value is None else [value]


def policy_violations(document: Plain, kind: PolicyKind) -> Iterator[str]:
    """Yield a sentence for each violation in a parsed policy document."""
    if not isinstance(document, dict):
        yield f"a policy must be a JSON object (got {type(document).__name__})"
        return
    version = document.get("Version")
    if version not in (None, UNKNOWN, "2012-10-17", "2008-10-17"):
        yield f"invalid Version (got {version!r}). Allowed are '2012-10-17' and '2008-10-17'."
    statements = document.get("Statement")
    if statements is UNKNOWN:
        return
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        yield "the policy has no Statement. At least one is required."
        return
    sids = [str(each["Sid"]) for each in statements if isinstance(each, dict) and isinstance(each.get("Sid"), str)]
    for sid in sorted({sid for sid in sids if sid and sids.count(sid) > 1}):
        yield f"Statement IDs (SID) in a single policy must be unique (got '{sid}' more than once)"
    for position, statement in enumerate(statements):
        if statement is not UNKNOWN:
            yield from (f"Statement {position + 1} {violation}" for violation in _statement_violations(statement, kind))


def _action_violations(statement: Mapping[str, Plain]) -> Iterator[str]:
    for key in ("Action", "NotAction"):
        given = statement.get(key)
        for action in given if isinstance(given, list) else [given]:
            if isinstance(action, str) and action != "*" and not re.fullmatch(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+", action):
                yield (
                    f"has an invalid {key} (got '{action}'). Actions/Conditions must be prefaced by a vendor, e.g.,"
                    " iam,"
                    " sdb, ec2, etc."
                )


def _service_violations(principal: Plain) -> Iterator[str]:
    """Yield a sentence for each principal that cannot be a service's name.

    Service names end with amazonaws.com, or amazonaws.com.cn
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html, from memory).
    """
    given = principal.get("Service") if isinstance(principal, dict) else None
    for service in given if isinstance(given, list) else [given]:
        if isinstance(service, str) and not re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?", service):
            yield f'has an invalid principal: "SERVICE":"{service}". Service names end with .amazonaws.com.'


_KEYS = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
_PRINCIPALS = ("AWS", "CanonicalUser", "Federated", "Service")
_AWS_PRINCIPAL = re.compile(r"\*|\d{12}|arn:.+|A[A-Z0-9]{15,}")
_OPERATORS = frozenset(
    operator.lower()
    for operator in (
        *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike"),
        *("StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
        *("NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan"),
        *("DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress"),
        *("NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null"),
    )
)
"""From memory; to check:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""


def _condition_violations(statement: Mapping[str, Plain]) -> Iterator[str]:
    condition = statement.get("Condition")
    if condition is None or condition is UNKNOWN:
        return
    if not isinstance(condition, dict):
        yield "has a Condition that is not an object (syntax errors in policy)"
        return
    for operator, tests in condition.items():
        name = re.sub(r"(?i)^(ForAllValues|ForAnyValue):|IfExists$", "", str(operator))
        if name.lower() not in _OPERATORS:
            yield f"has an invalid Condition type : {operator}"
        if not isinstance(tests, dict) and tests is not UNKNOWN:
            yield f"has a Condition {operator} that is not an object of keys and values (syntax errors in policy)"


def _resource_violations(statement: Mapping[str, Plain]) -> Iterator[str]:
    for key in ("Resource", "NotResource"):
        for resource in listed(statement.get(key)):
            if not isinstance(resource, str) or "*" in resource or resource.startswith("${"):
                continue
            if not resource.startswith("arn:") or resource.count(":") < 5:
                yield f'has an invalid {key}: {resource} must be in ARN format or "*".'


def _trust_violations(statement: Mapping[str, Plain]) -> Iterator[str]:
    for action in listed(statement.get("Action")):
        if isinstance(action, str) and ":" in action and not action.lower().startswith("sts:"):
            yield f"has the action {action}. AssumeRole policy may only specify STS AssumeRole actions."
    principal = statement.get("Principal")
    for kind, values in principal.items() if isinstance(principal, dict) else ():
        if kind not in _PRINCIPALS:
            yield f"has an unknown kind of principal (got {kind}). Allowed are {', '.join(_PRINCIPALS)}."
        for value in listed(values):
            if kind == "AWS" and isinstance(value, str) and not _AWS_PRINCIPAL.fullmatch(value):
                yield f'has an invalid principal: "AWS":"{value}"'


def _statement_violations(statement: Plain, kind: PolicyKind) -> Iterator[str]:
    if not isinstance(statement, dict):
        yield "is not an object"
        return
    for key in statement:
        if key not in _KEYS:
            yield f"has the unknown element {key} (syntax errors in policy). Allowed are {', '.join(_KEYS)}."
    if "Resource" in statement and "NotResource" in statement:
        yield "must have only one of Resource and NotResource"
    yield from _condition_violations(statement)
    if statement.get("Effect") not in ("Allow", "Deny", UNKNOWN):
        yield f"has an invalid Effect (got {statement.get('Effect')!r}). Allowed are 'Allow' and 'Deny'."
    if ("Action" in statement) == ("NotAction" in statement):
        yield "must have exactly one of Action and NotAction"
    yield from _action_violations(statement)
    sid = statement.get("Sid")
    if kind == "identity" and isinstance(sid, str) and not re.fullmatch(r"[A-Za-z0-9]*", sid):
        yield f"has an invalid Sid (got '{sid}'). Allowed are letters and digits."
    names_principal = "Principal" in statement or "NotPrincipal" in statement
    names_resource = "Resource" in statement or "NotResource" in statement
    if kind == "identity":
        if names_principal:
            yield "has a Principal, which an identity-based policy must not have"
        if not names_resource:
            yield "has no Resource. An identity-based policy requires one."
        yield from _resource_violations(statement)
        return
    if kind == "trust":
        yield from _service_violations(statement.get("Principal"))
        yield from _trust_violations(statement)
    if not names_principal:
        yield "has no Principal. Add the principals that the statement applies to."
    if kind == "trust" and names_resource:
        yield "has a Resource, which a trust policy must not have (prohibited field Resource)"


def foreign_actions(policy: Plain, service: str) -> Iterator[str]:
    """Yield the actions of a policy that are not actions of the service."""
    for statement in statements_of(policy):
        for action in listed(statement.get("Action")):
            if isinstance(action, str) and action != "*" and not action.lower().startswith(f"{service}:"):
                yield action
