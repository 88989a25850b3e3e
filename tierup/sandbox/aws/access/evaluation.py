"""The evaluation of policies for one request, as pure functions.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
(one account), ..._policies_evaluation-logic-cross-account.html (two accounts) and
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html (a key policy must allow) (read
2026-11-28).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..arns import account_of
from .conditions import satisfied
from .documents import Statement
from .matching import Context, MissingVariableError, matches, matches_action, substituted


class Outcome(enum.StrEnum):
    """The result of an evaluation."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"  # a policy or a condition key that the sandbox does not know decides it


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request is allowed, and why."""

    outcome: Outcome
    reason: str  # as AWS words it: "because no identity-based policy allows the s3:GetObject action"
    statement: str = ""  # the statement that decided it: "policy 'x', statement 'Sid'"

    @property
    def allowed(self) -> bool:
        """Whether the request is certainly allowed."""
        return self.outcome is Outcome.ALLOWED

    @property
    def is_explicit(self) -> bool:
        """Whether a statement denies it, instead of no statement allowing it."""
        return self.denied and bool(self.statement)

    @property
    def denied(self) -> bool:
        """Whether the request is certainly denied."""
        return self.outcome is Outcome.DENIED


def is_service(caller: str) -> bool:
    """Return whether a caller is a service principal."""
    return caller.endswith((".amazonaws.com", ".amazon.com")) and not caller.startswith("arn:")


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request to an AWS service."""

    caller: str  # ARN of a role, user or root; a service principal ("logs.eu-west-1.amazonaws.com"); or "anonymous"
    action: str  # "s3:GetObject"
    resource: str  # an ARN, or "*" for an action without resource-level permissions
    context: Context = field(default_factory=dict)  # condition keys in lower case
    is_determined: Callable[[str], bool] = lambda _key: True

    @property
    def is_service(self) -> bool:
        """Whether an AWS service makes the request as itself, not in a role."""
        return is_service(self.caller)

    @property
    def account(self) -> str:
        """The caller's account, or "" for a service and for an anonymous caller."""
        return account_of(self.caller)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policies:
    """The policies that apply to a request. An entry of `unreadable` is a policy whose statements are not known."""

    identity: Sequence[Statement] = ()
    boundary: Sequence[Statement] | None = None  # the permissions boundary
    resource: Sequence[Statement] | None = None  # None if the resource has no policy
    endpoint: Sequence[Statement] | None = None  # the policy of the VPC endpoint that the request passes
    unreadable: Sequence[str] = ()
    resource_account: str = ""  # "" if the resource is in the caller's account, or has no account
    needs_resource_policy: bool = False  # a KMS key and a role's trust: an identity-based policy alone does not suffice


def evaluate(request: Request, policies: Policies) -> Decision:
    """Return the decision: an explicit deny first, then the allows that the accounts involved require."""
    every = [*policies.identity, *(policies.resource or ()), *(policies.endpoint or ()), *(policies.boundary or ())]
    denials = [(each, _applies(each, request)) for each in every if each.effect == "Deny"]
    for statement, applies in denials:
        if applies is True:
            kind = _kind(statement, policies)
            return Decision(Outcome.DENIED, f"with an explicit deny in {_article(kind)} policy", statement.label)
    decision = _allowed(request, policies)
    if decision.denied:
        return decision
    uncertain = next((each for each, applies in denials if applies is None), None)
    if uncertain is not None:
        return Decision(Outcome.UNKNOWN, "because the condition of a deny is not determined", uncertain.label)
    return decision


def _allowed(request: Request, policies: Policies) -> Decision:
    limits = {"VPC endpoint": policies.endpoint, "permissions boundary": policies.boundary}
    for kind, limit in limits.items():
        found = _first_allow(limit, request) if limit is not None else None
        if found is not None and not found.allowed:
            return _none_allows(kind, request, found)
    direct, delegated = _resource_allows(request, policies)
    identity = _first_allow(policies.identity, request)
    if request.is_service or not request.account:
        return direct if direct.allowed else _none_allows("resource-based", request, direct, policies.unreadable)
    if policies.needs_resource_policy or (policies.resource_account or request.account) != request.account:
        # The resource's policy must allow it. If it allows the account, the account's own policies decide as well.
        own = (policies.resource_account or request.account) == request.account
        if own and direct.allowed:
            return direct
        combined = direct if direct.allowed else delegated
        if not combined.allowed:
            return _none_allows("resource-based", request, combined, policies.unreadable)
        return identity if identity.allowed else _none_allows("identity-based", request, identity, policies.unreadable)
    if identity.allowed:
        return identity
    if direct.allowed:
        return direct
    uncertain = identity if identity.outcome is Outcome.UNKNOWN else direct
    return _none_allows("identity-based", request, uncertain, policies.unreadable)


def _resource_allows(request: Request, policies: Policies) -> tuple[Decision, Decision]:
    """Return what the resource's policy allows to the caller directly, and to the caller's account as a whole."""
    given = policies.resource or ()
    direct = _first_allow([each for each in given if _names(each, request) == "caller"], request)
    delegated = _first_allow([each for each in given if _names(each, request) == "account"], request)
    return direct, delegated


def _first_allow(statements: Iterable[Statement], request: Request) -> Decision:
    uncertain = None
    for statement in statements:
        if statement.effect != "Allow":
            continue
        applies = _applies(statement, request)
        if applies is True:
            return Decision(Outcome.ALLOWED, "because a policy allows it", statement.label)
        if applies is None:
            uncertain = uncertain or statement
    if uncertain is not None:
        return Decision(Outcome.UNKNOWN, "because the condition of an allow is not determined", uncertain.label)
    return Decision(Outcome.DENIED, "")


def _none_allows(kind: str, request: Request, found: Decision, unreadable: Sequence[str] = ()) -> Decision:
    if found.outcome is Outcome.UNKNOWN:
        return found
    if unreadable:
        return Decision(Outcome.UNKNOWN, f"because {unreadable[0]} is not known to the sandbox")
    if kind == "permissions boundary":
        return Decision(Outcome.DENIED, f"because no permissions boundary allows the {request.action} action")
    return Decision(Outcome.DENIED, f"because no {kind} policy allows the {request.action} action")


def _kind(statement: Statement, policies: Policies) -> str:
    if policies.resource is not None and statement in policies.resource:
        return "resource-based"
    if policies.endpoint is not None and statement in policies.endpoint:
        return "VPC endpoint"
    if policies.boundary is not None and statement in policies.boundary and statement not in policies.identity:
        return "permissions boundary"
    return "identity-based"


def _article(kind: str) -> str:
    return f"an {kind}" if kind.startswith("i") else f"a {kind}"


def _applies(statement: Statement, request: Request) -> bool | None:
    """Return whether a statement applies to the request; None if one of its conditions is not determined."""
    if not _matches_action(statement, request.action) or not _matches_resource(statement, request):
        return False
    named = _names(statement, request)
    if named is None or (named == "account" and statement.effect == "Allow" and not request.account):
        return False
    return satisfied(statement.conditions, request.context, request.is_determined, variables=statement.has_variables)


def _matches_action(statement: Statement, action: str) -> bool:
    if statement.not_actions:
        return not any(matches_action(each, action) for each in statement.not_actions)
    return any(matches_action(each, action) for each in statement.actions)


def _matches_resource(statement: Statement, request: Request) -> bool:
    if statement.not_resources:
        return not any(_matches_one(each, request, statement) for each in statement.not_resources)
    if not statement.resources:  # a trust policy has no Resource element
        return statement.principals is not None or statement.not_principals is not None
    return any(_matches_one(each, request, statement) for each in statement.resources)


def _matches_one(pattern: str, request: Request, statement: Statement) -> bool:
    if statement.has_variables and "${" in pattern:
        try:
            pattern = substituted(pattern, request.context, escape=True)
        except MissingVariableError:
            return False
    return matches(pattern, request.resource)


def _names(statement: Statement, request: Request) -> str | None:
    """Return how a statement names the caller: "caller", "account" (its account as a whole), or None (not at all)."""
    if statement.not_principals is not None:
        return None if _named_in(statement.not_principals, request) else "caller"
    if statement.principals is None:
        return "caller"  # an identity-based policy belongs to its caller
    return _named_in(statement.principals, request)


def _named_in(principals: Mapping[str, Sequence[str]], request: Request) -> str | None:
    for name in principals.get("AWS", ()):
        if name == "*" or name == request.caller or (request.caller == _role_of(name)):
            return "caller"
    if request.is_service and any(_same_service(name, request.caller) for name in principals.get("Service", ())):
        return "caller"
    if request.caller in principals.get("Federated", ()):
        return "caller"
    for name in principals.get("AWS", ()):
        if request.account and request.account in (name, account_of(name) if name.endswith(":root") else None):
            return "account"
    return None


def _same_service(name: str, caller: str) -> bool:
    return name == "*" or name.lower() == caller.lower()


def _role_of(session: str) -> str | None:
    """Return the ARN of the role of an assumed-role session, as far as its ARN contains it (without the path)."""
    head, _, rest = session.partition(":assumed-role/")
    if not rest:
        return None
    return f"{head.replace(':sts:', ':iam:')}:role/{rest.partition('/')[0]}"
