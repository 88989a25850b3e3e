"""A need: one action that a service or role must be allowed, so that a resource works; and what happens without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tierup.sandbox.behaviour import Call, Rejection
from tierup.sandbox.cloud import Cloud, CloudResource

from . import cloud_policies
from .cloud_policies import KEY
from .decisions import Values, decide
from .evaluation import Decision

_ALIAS = "aws:kms/alias:Alias"


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """One action that must be allowed."""

    caller: str  # see `decide`
    action: str
    resource: str
    context: Mapping[str, Values] = field(default_factory=dict)
    undetermined: tuple[str, ...] = ()  # see `decide`
    code: str = "AccessDeniedException"  # of the error that AWS reports
    prefix: str = ""  # AWS's text before "User: ... is not authorized"
    effect: str = ""  # what does not happen without it, as a sentence
    session: str = "session"  # the session's name in AWS's message
    only_explicit_deny: bool = False  # AWS itself adds the statement that allows it


@dataclass(frozen=True, slots=True)
class Denial:
    """A need that the policies do not allow."""

    need: Need
    decision: Decision

    @property
    def message(self) -> str:
        """AWS's message, with the statement that decided it."""
        by = f" ({self.decision.statement})" if self.decision.statement else ""
        return f"{self.need.prefix}{denied_message(self.need, self.decision)}{by}"


def denied_message(need: Need, decision: Decision) -> str:
    """Return the message of an AccessDenied error as AWS words it.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html (read 2026-11-28).
    """
    on = f" on resource: {need.resource}"
    return f"User: {_identity(need)} is not authorized to perform: {need.action}{on} {decision.reason}"


def _identity(need: Need) -> str:
    head, _, name = need.caller.partition(":role/")
    if not name:
        return need.caller
    return f"{head.replace(':iam:', ':sts:')}:assumed-role/{name.rpartition('/')[2]}/{need.session}"


def denials(needs: Iterable[Need], cloud: Cloud) -> Iterator[Denial]:
    """Yield the needs that are certainly denied."""
    for need in needs:
        decision = decide(need.caller, need.action, need.resource, need.context, cloud, need.undetermined)
        if decision.denied and (decision.is_explicit or not need.only_explicit_deny):
            yield Denial(need, decision)


def assumes(
    service: str,
    role_arn: object,
    *,
    source_arn: str | None = None,
    account: str = "",
    effect: str = "",
) -> Iterator[Need]:
    """Yield the need that a service assumes a role. A role that the sandbox does not have is not checked."""
    if isinstance(role_arn, str) and role_arn:
        yield Need(
            caller=service,
            action="sts:AssumeRole",
            resource=role_arn,
            context={"aws:SourceArn": source_arn, "aws:SourceAccount": account if source_arn else None},
            effect=effect,
        )


def denied_needs(call: Call, path: str, needs: Iterable[Need], message: str, code: str) -> Iterator[Rejection]:
    """Yield a rejection of the role at `path` for each need that is denied. `message` is the service's, without the
    reason. The provider retries the call, because IAM applies a policy with a delay."""
    for denial in denials(needs, call.cloud):
        yield Rejection(path, f"{message} ({denial.decision.reason})", code, retried=True)


def untrusted_service(
    call: Call, path: str, service: str, message: str, code: str, *, source_arn: str | None = None
) -> Iterator[Rejection]:
    """Yield a rejection of the role at `path` if its trust policy does not allow a service to assume it.

    `message` is the service's, without the reason. A role that the sandbox does not have is not checked. The service
    calls for the call's account. Without `source_arn`, it is not known which ARN the service sends, if any, so that a
    condition on aws:SourceArn decides nothing.
    """
    arn = call.get(path)
    role = cloud_policies.role(call.cloud, arn) if isinstance(arn, str) else None
    if role is not None:
        need = Need(
            caller=service,
            action="sts:AssumeRole",
            resource=str(arn),
            context={"aws:SourceAccount": call.account, **({"aws:SourceArn": source_arn} if source_arn else {})},
            undetermined=() if source_arn else ("aws:SourceArn",),
        )
        text = f"{message}: the trust policy of '{role.name}' does not allow it to {service}"
        yield from denied_needs(call, path, [need], text, code)


def is_known_role(cloud: Cloud, arn: object) -> bool:
    """Return whether the sandbox has a role, so that its policies are known."""
    return isinstance(arn, str) and cloud_policies.role(cloud, arn) is not None


def customer_key(cloud: Cloud, value: object, account: str, region: str) -> CloudResource | None:
    """Return the customer managed key that a key id, ARN or alias refers to, or None if the sandbox has none."""
    if not isinstance(value, str) or not value:
        return None
    found = cloud.get(KEY, value) or next(cloud.find(KEY, arn=value), None)
    if found is not None:
        return found
    for alias in cloud.find(_ALIAS, **{"arn" if value.startswith("arn:") else "name": value}):
        if alias.account == account and alias.region == region:
            target = str(alias.inputs.get("targetKeyId"))
            return cloud.get(KEY, target) or next(cloud.find(KEY, arn=target), None)
    return None


def session_context(account: str, region: str, service: str, **encryption: str) -> Mapping[str, Values]:
    """Return the context of a KMS request that a service makes on behalf of a role: kms:ViaService and the rest."""
    context: dict[str, Values] = {"kms:ViaService": f"{service}.{region}.amazonaws.com", "kms:CallerAccount": account}
    return context | {f"kms:EncryptionContext:{key}": value for key, value in encryption.items()}
