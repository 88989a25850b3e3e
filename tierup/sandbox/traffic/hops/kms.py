"""KMS: whether a customer managed key exists, is enabled, and allows a service to decrypt."""

from __future__ import annotations

from collections.abc import Mapping

from tierup.sandbox.aws.access.cloud_policies import KEY
from tierup.sandbox.aws.access.decisions import decide
from tierup.sandbox.aws.access.evaluation import Outcome
from tierup.sandbox.aws.access.needs import customer_key
from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, World, fails, unknown
from ..rows import label
from .view import cloud_view

__all__ = ["KEY", "decrypts", "usable"]


def usable(world: World, reference: object, owner: CloudResource) -> Hop | None:
    """Return the hop that stops the use of the key of a resource, or leaves it unknown; None if it can be used.

    `reference` is the key's id, ARN or alias; empty for a key of AWS.
    """
    text = str(reference or "")
    if not text or "alias/aws/" in text:
        return None
    key = customer_key(cloud_view(world), text, owner.account, owner.region)
    if key is None:
        account = text.split(":")[4] if text.startswith("arn:") and text.count(":") >= 5 else owner.account
        if account != owner.account:
            reason = f"The key of {label(owner)} is in account {account}, which is not in the sandbox."
            return unknown("kms-key", label(owner), "kmsKeyId", reason, sources.KMS_KEYS)
        reason = f"The KMS key of {label(owner)} does not exist."
        return fails("kms-key", label(owner), "kmsKeyId", reason, sources.KMS_KEYS)
    if key.value("isEnabled") is False:
        reason = f"The KMS key of {label(owner)} is disabled."
        return fails("kms-key", label(key), "isEnabled", reason, sources.KMS_KEYS)
    return None


def decrypts(
    world: World, reference: object, owner: CloudResource, principal: str, context: Mapping[str, str]
) -> Hop | None:
    """Return the hop that stops a principal from decrypting with the key of a resource; None if it may."""
    found = usable(world, reference, owner)
    if found is not None:
        return found
    view = cloud_view(world)
    key = customer_key(view, str(reference), owner.account, owner.region)
    if key is None:
        return None
    decision = decide(principal, "kms:Decrypt", str(key.value("arn")), dict(context), view)
    if decision.denied:
        reason = (
            f"{principal} is not allowed to decrypt what {label(owner)} contains, by the policy of the key or its own."
        )
        return fails("kms-key", label(key), "policy", reason, sources.KMS_KEYS)
    if decision.outcome is Outcome.UNKNOWN:
        reason = "A condition of the key's policy cannot be decided."
        return unknown("kms-key", label(key), "policy", reason, sources.KMS_KEYS)
    return None
