"""The deployer: the identity in which the provider calls AWS. It is an administrator unless policies are set.

`tierup sandbox deployer set` stores the policies in the cloud. Each operation then needs the actions of
`deployer_actions.py`, and a missing one is denied as AWS denies it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tierup.sandbox.behaviour import UNKNOWN, Call, Rejection, located
from tierup.sandbox.cloud import Cloud

from .decisions import DETERMINED
from .deployer_actions import ACTIONS, FUNCTIONS, TypeActions
from .documents import Statement, statements
from .evaluation import Policies, Request, evaluate
from .needs import Denial, Need

SETTING: Final = "aws:deployer"
LONGEST: Final = 6_144
"""Characters of a managed policy without white space.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)"""
_ROLE: Final = "role/deployer"


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """One policy of the deployer."""

    name: str
    document: Mapping[str, Any]


def policies(cloud: Cloud) -> Sequence[NamedPolicy] | None:
    """Return the deployer's policies, or None if it is an administrator."""
    stored = cloud.setting(SETTING)
    return None if stored is None else [NamedPolicy(**each) for each in json.loads(stored)]


def set_policies(cloud: Cloud, given: Sequence[NamedPolicy] | None) -> None:
    """Set the deployer's policies; None makes it an administrator. Raises UnreadablePolicyError and ValueError."""
    if given is None:
        cloud.set_setting(SETTING, None)
        return
    for each in given:
        statements(each.document, each.name)
        length = len("".join(json.dumps(each.document, separators=(",", ":")).split()))
        if length > LONGEST:
            raise ValueError(
                f"{each.name}: the policy is too long (got {length} characters). Allowed are at most {LONGEST}."
                " Split it."
            )
    listed = [{"name": each.name, "document": each.document} for each in given]
    cloud.set_setting(SETTING, json.dumps(listed))


@lru_cache(maxsize=8)
def _parsed(stored: str) -> tuple[Statement, ...]:
    return tuple(
        statement
        for each in json.loads(stored)
        for statement in statements(each["document"], f"policy '{each['name']}'")
    )


@dataclass(frozen=True, slots=True)
class Right:
    """One action that an operation needs, on a resource, with the condition keys of its own."""

    action: str
    resource: str
    context: Mapping[str, Sequence[str]]


def denied(operation: str, call: Call) -> Iterator[Rejection]:
    """Yield why the deployer may not perform an operation ("create", "read", "update" or "delete") on a resource."""
    stored = call.cloud.setting(SETTING)
    known = ACTIONS.get(call.type)
    if stored is None or known is None:
        return
    for right in rights(operation, known, call):
        if (rejection := _denial(right, stored, call.account, call.region)) is not None:
            yield rejection
            return  # AWS denies the first call, and the others are not made


def invoke_denied(token: str, account: str, region: str, cloud: Cloud) -> str | None:
    """Return why the deployer may not call a function, or None."""
    stored = cloud.setting(SETTING)
    if stored is None:
        return None
    for action in FUNCTIONS.get(token, ()):
        rejection = _denial(Right(action, "*", {}), stored, account, region)
        if rejection is not None:
            return f"{rejection.code}: {rejection.message}"
    return None


def rights(operation: str, known: TypeActions, call: Call) -> Iterator[Right]:
    """Yield what an operation needs, in the order of the provider's calls."""
    if operation in ("create", "update"):
        for path, service in known.passes:
            for _, arn in located(call.inputs, path):
                if isinstance(arn, str) and arn:
                    yield Right("iam:PassRole", arn, {"iam:passedtoservice": [service]})
        if operation == "create" and known.linked and not _has_linked_role(known.linked, call):
            arn = f"arn:aws:iam::{call.account}:role/aws-service-role/{known.linked}/AWSServiceRole"
            yield Right("iam:CreateServiceLinkedRole", arn, {"iam:awsservicename": [known.linked]})
    actions = list(getattr(known, operation))
    if operation in ("create", "update"):
        changed = operation == "create" or _tags(call.inputs) != _tags(call.old or {})
        if changed and (_tags(call.inputs) or call.default_tags or operation == "update"):
            actions += known.tag + (known.untag if operation == "update" else ())
        actions += known.needed_by(call.inputs)
        actions += known.read
    resource = _arn(call)
    requested = {f"aws:requesttag/{key.lower()}": [str(value)] for key, value in _tags(call.inputs).items()}
    for action in dict.fromkeys(actions):
        yield Right(action, resource, requested)


def _tags(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    given = inputs.get("tags")
    return given if isinstance(given, Mapping) else {}


def _arn(call: Call) -> str:
    arn = call.outputs.get("arn") or (call.this.outputs.get("arn") if call.this is not None else None)
    if isinstance(arn, str) and arn is not UNKNOWN and arn:
        return arn
    return call.id if call.id.startswith("arn:") else "*"


def _has_linked_role(service: str, call: Call) -> bool:
    """Return whether an earlier resource has created the service-linked role, which stays in the account."""
    types = tuple(type for type, each in ACTIONS.items() if each.linked == service)
    return any(found.account == call.account for found in call.cloud.find(types))


_CODES: Final = {
    **dict.fromkeys(("iam", "s3", "elasticloadbalancing", "cloudwatch", "cloudfront", "route53"), "AccessDenied"),
    "ec2": "UnauthorizedOperation",
    "elasticache": "AccessDenied",
    "sns": "AuthorizationError",
}
"""The error codes of services that do not use AccessDeniedException: those of ElastiCache and SNS as public
repositories quote them (read 2026-11-28), the others from memory."""


def _denial(right: Right, stored: str, account: str, region: str) -> Rejection | None:
    caller = f"arn:aws:iam::{account}:{_ROLE}"
    context = {
        "aws:principalarn": [caller],
        "aws:principalaccount": [account],
        "aws:requestedregion": [region or "us-east-1"],
        "aws:securetransport": ["true"],
        **right.context,
    }
    request = Request(
        caller=caller,
        action=right.action,
        resource=right.resource,
        context=context,
        is_determined=lambda key: key in context or key in DETERMINED or key.startswith("aws:requesttag/"),
    )
    decision = evaluate(request, Policies(identity=_parsed(stored)))
    if not decision.denied:
        return None
    service = right.action.partition(":")[0]
    prefix = "You are not authorized to perform this operation. " if service == "ec2" else ""
    need = Need(caller=caller, action=right.action, resource=right.resource, prefix=prefix)
    return Rejection("", Denial(need, decision).message, _CODES.get(service, need.code))
