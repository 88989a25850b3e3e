"""S3: lifecycle rules of a bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Rejection,
    Stage,
    assumed,
    located,
    rule,
)
from .s3 import OWNER, setting_row

_LIFECYCLE = assumed(
    "S3 rejects rules without an action, duplicate ids, and transitions that come too early; page to check:"
    " https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"
)


@rule("lifecycle-rules-have-actions", Stage.PLAN, source=_LIFECYCLE)
def _lifecycle(call: Call) -> Iterator[Rejection]:
    seen: set[str] = set()
    for at, each in located(call.inputs, "rules[*]"):
        if not isinstance(each, dict):
            continue
        if isinstance(each.get("id"), str) and each["id"] in seen:
            yield Rejection(
                f"{at}.id", f"duplicate rule id (got '{each['id']}'). Rule ids must be unique.", "InvalidArgument"
            )
        seen.add(str(each.get("id")))
        if not any(each.get(action) for action in _LIFECYCLE_ACTIONS):
            yield Rejection(
                at, f"the rule has no action. Set at least one of {', '.join(_LIFECYCLE_ACTIONS)}.", "InvalidRequest"
            )
        expiration = each.get("expiration")
        if isinstance(expiration, dict):
            days, date = expiration.get("days"), expiration.get("date")
            if isinstance(days, (int, float)) and days < 1 and not expiration.get("expiredObjectDeleteMarker"):
                yield Rejection(
                    f"{at}.expiration.days",
                    f"'Days' for Expiration action must be a positive integer (got {days:g}).",
                    "InvalidArgument",
                )
            if days and date:
                yield Rejection(f"{at}.expiration", "days and date conflict. Set only one of them.", "MalformedXML")
        yield from _transitions(at, each)


_LIFECYCLE_ACTIONS = (
    "expiration",
    "transitions",
    "noncurrentVersionExpiration",
    "noncurrentVersionTransitions",
    "abortIncompleteMultipartUpload",
)


def _transitions(at: str, each: Mapping[str, Any]) -> Iterator[Rejection]:
    expires = (each.get("expiration") or {}).get("days") if each.get("expiration") is not UNKNOWN else None
    for index, transition in enumerate(each.get("transitions") or []):
        if not isinstance(transition, dict) or not isinstance(transition.get("days"), (int, float)):
            continue
        days, to = transition["days"], transition.get("storageClass")
        if to in ("STANDARD_IA", "ONEZONE_IA") and days < 30:
            yield Rejection(
                f"{at}.transitions[{index}].days",
                f"too early (got {days:g} days). Objects cannot move to {to} in their first 30 days.",
                "InvalidArgument",
            )
        if isinstance(expires, (int, float)) and expires and days >= expires:
            yield Rejection(
                f"{at}.expiration.days",
                f"objects expire after {expires:g} days, before they move to {to} after {days:g} days. Expiration"
                " must be later.",
                "InvalidArgument",
            )


BEHAVIOURS: tuple[Behaviour, ...] = (
    setting_row(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "s3/bucketlifecycleconfiguration",
        replaces=OWNER,
        outputs={"expectedBucketOwner": "", "transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
        enums={
            "rules[*].status": ("Enabled", "Disabled"),
            "rules[*].transitions[*].storageClass": (
                "GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR",
            ),
            "rules[*].noncurrentVersionTransitions[*].storageClass": (
                "GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR",
            ),
            "transitionDefaultMinimumObjectSize": ("all_storage_classes_128K", "varies_by_storage_class"),
        },
        rules=(_lifecycle,),
    ),
)  # fmt: skip
