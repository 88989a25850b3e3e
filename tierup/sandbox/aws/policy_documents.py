"""Policy documents: the JSON that IAM, ECR, CloudWatch Logs and VPC endpoints read, and what they refuse in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal

from tierup.sandbox.behaviour import UNKNOWN, BehaviourRule, Call, Plain, Rejection, Stage, documented, located, rule

GRAMMAR = documented(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html", read="2026-11-24"
)

PolicyKind = Literal["identity", "trust", "resource"]
"""identity: what the holder may do; trust: who may become the role; resource: who may use this very thing."""


def policy_document(
    path: str, kind: PolicyKind, *, longest: int | None = None, code: str = "MalformedPolicyDocument"
) -> BehaviourRule:
    """The rule that the input at `path` is a policy document of its kind, of at most `longest` characters."""

    @rule(f"{path.rpartition('.')[2].lower()}-is-a-policy-document", Stage.PLAN, source=GRAMMAR)
    def check(call: Call) -> Iterator[Rejection]:
        for at, value in located(call.inputs, path):
            if value is UNKNOWN:
                continue
            document = value
            if isinstance(value, str):
                try:
                    document = json.loads(value)
                except ValueError as fault:
                    yield Rejection(at, f"the policy is not JSON: {fault}", code)
                    continue
            for sentence in policy_faults(document, kind):
                yield Rejection(at, sentence, code)
            # IAM counts no white space; a text that is not all known yet has no length.
            text = "".join(value.split()) if isinstance(value, str) else ""
            if longest is not None and len(text) > longest:
                yield Rejection(
                    at,
                    f"the policy has {len(text)} characters without white space; allowed are {longest}",
                    "LimitExceeded",
                )

    return check


def policy_faults(document: Plain, kind: PolicyKind) -> Iterator[str]:
    """Sentences on what is wrong with a parsed policy document."""
    if not isinstance(document, dict):
        yield f"a policy is a JSON object, this is {type(document).__name__}"
        return
    version = document.get("Version")
    if version not in (None, UNKNOWN, "2012-10-17", "2008-10-17"):
        yield f"Version is {version!r}; allowed are '2012-10-17' and '2008-10-17'"
    statements = document.get("Statement")
    if statements is UNKNOWN:
        return
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        yield "the policy has no Statement; at least one is needed"
        return
    for position, statement in enumerate(statements):
        if statement is not UNKNOWN:
            yield from (f"Statement {position + 1} {fault}" for fault in _statement_faults(statement, kind))


def _statement_faults(statement: Plain, kind: PolicyKind) -> Iterator[str]:
    if not isinstance(statement, dict):
        yield "is not an object"
        return
    if statement.get("Effect") not in ("Allow", "Deny", UNKNOWN):
        yield f"has Effect {statement.get('Effect')!r}; allowed are 'Allow' and 'Deny'"
    if ("Action" in statement) == ("NotAction" in statement):
        yield "needs exactly one of Action and NotAction"
    names_principal = "Principal" in statement or "NotPrincipal" in statement
    names_resource = "Resource" in statement or "NotResource" in statement
    if kind == "identity":
        if names_principal:
            yield "names a Principal, which a policy of an identity must not"
        if not names_resource:
            yield "names no Resource; an identity's policy needs one"
        return
    if not names_principal:
        yield "names no Principal; say who is meant"
    if kind == "trust" and names_resource:
        yield "names a Resource, which a trust policy must not (prohibited field Resource)"
