"""The decision about a request, from the policies in the sandbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from tierup.sandbox.cloud import Cloud

from ..arns import account_of
from . import cloud_policies
from .documents import Statement
from .evaluation import Decision, Policies, Request, evaluate, is_service

Values = str | Sequence[str] | None
"""The value of a condition key, or several; None means that the request does not have the key."""

DETERMINED: Final = frozenset(
    {
        "aws:calledvia", "aws:currenttime", "aws:principalaccount", "aws:principalarn", "aws:principalisawsservice",
        "aws:principalorgid", "aws:principaltype", "aws:resourceaccount", "aws:securetransport", "aws:sourceaccount",
        "aws:sourcearn", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:userid", "aws:username",
        "aws:viaawsservice", "ecs:cluster", "iam:awsservicename", "iam:passedtoservice", "kms:calleraccount",
        "kms:grantisforawsresource", "kms:viaservice", "s3:x-amz-acl",
    }
)  # fmt: skip
"""Condition keys that the sandbox always knows: a request without one of them in its context does not have it."""
_DETERMINED_PREFIXES: Final = ("kms:encryptioncontext:", "aws:requesttag/", "aws:resourcetag/", "aws:principaltag/")


def decide(
    caller: str,
    action: str,
    resource: str,
    context: Mapping[str, Values],
    cloud: Cloud,
    undetermined: Collection[str] = (),
) -> Decision:
    """Return whether a caller may perform an action on a resource, from the policies in the cloud.

    Args:
        caller: ARN of a role, a user or an account's root; a service principal; or "anonymous".
        action: such as "secretsmanager:GetSecretValue".
        resource: the ARN, or "*" for actions without resource-level permissions.
        context: condition keys of the request, such as {"aws:SourceAccount": "123456789012"}; None marks a key as
            absent. Those that follow from caller and resource are added. A key that is neither given nor in DETERMINED
            makes the decision unknown if it matters. "aws:SourceVpce" also applies the policy of that VPC endpoint.
        cloud: the resources of the sandbox.
        undetermined: keys of DETERMINED that the sandbox does not know in this request.
    """
    given = _context(caller, resource, context, cloud)
    determined = DETERMINED - {key.lower() for key in undetermined}
    request = Request(
        caller=caller,
        action=action,
        resource=resource,
        context=given,
        is_determined=lambda key: key in given or key in determined or key.startswith(_DETERMINED_PREFIXES),
    )
    return evaluate(request, _policies(request, cloud))


def _policies(request: Request, cloud: Cloud) -> Policies:
    identity = cloud_policies.Found(cloud_policies.identity_documents(cloud, request.caller))
    unreadable = list(identity.unreadable)
    granted = identity.statements
    if request.caller.endswith(":root") and request.caller.startswith("arn:"):
        granted = [*granted, Statement("Allow", actions=("*",), resources=("*",), label="the account's root user")]
    resource = None
    documents = cloud_policies.resource_documents(cloud, request.resource)
    if documents is not None and (not request.resource.startswith("arn:aws:iam:") or _is_trust(request)):
        found = cloud_policies.Found(documents)
        resource, unreadable = found.statements, unreadable + found.unreadable
    boundary = cloud_policies.boundary_document(cloud, request.caller)
    limit = cloud_policies.Found([boundary]) if boundary is not None else None
    endpoint_id = next(iter(request.context.get("aws:sourcevpce", ())), "")
    endpoint = cloud_policies.endpoint_document(cloud, endpoint_id) if endpoint_id else None
    return Policies(
        identity=granted,
        boundary=limit.statements if limit is not None and not limit.unreadable else None,
        resource=resource,
        endpoint=cloud_policies.Found([endpoint]).statements if endpoint is not None else None,
        unreadable=unreadable,
        resource_account=cloud_policies.resource_account(cloud, request.resource),
        needs_resource_policy=cloud_policies.needs_resource_policy(request.resource, request.action),
    )


def _is_trust(request: Request) -> bool:
    return request.action.startswith(cloud_policies.TRUST_ACTIONS)


def _context(caller: str, resource: str, given: Mapping[str, Values], cloud: Cloud) -> Mapping[str, Sequence[str]]:
    own = account_of(caller)
    context: dict[str, Values] = {
        "aws:securetransport": "true",
        "aws:principalisawsservice": "true" if is_service(caller) else "false",
        "aws:viaawsservice": "false",
    }
    if own:
        context |= {"aws:principalarn": caller, "aws:principalaccount": own, "kms:calleraccount": own}
        context |= {"aws:principaltype": "AssumedRole" if ":role/" in caller else "User"}
    if account := cloud_policies.resource_account(cloud, resource):
        context["aws:resourceaccount"] = account
    context |= {key.lower(): value for key, value in given.items()}
    return {
        key: () if value is None else (value,) if isinstance(value, str) else value for key, value in context.items()
    }
