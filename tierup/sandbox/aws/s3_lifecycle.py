"""S3: lifecycle rules of a bucket."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
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
            if expiration.get("expiredObjectDeleteMarker") is True and (days or date):
                yield Rejection(
                    f"{at}.expiration", "expiredObjectDeleteMarker conflicts with days and date.", "MalformedXML"
                )
            if isinstance(date, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d(T00:00:00(\.0+)?(Z|\+00:00))?", date):
                yield Rejection(f"{at}.expiration.date", "'Date' must be at midnight GMT.", "InvalidArgument")
        yield from _filter(at, each)
        yield from _transitions(at, each)


_LIFECYCLE_ACTIONS = (
    "expiration",
    "transitions",
    "noncurrentVersionExpiration",
    "noncurrentVersionTransitions",
    "abortIncompleteMultipartUpload",
)


_ONE_FILTER = ("and", "objectSizeGreaterThan", "objectSizeLessThan", "prefix", "tag")


def _filter(at: str, each: Mapping[str, Any]) -> Iterator[Rejection]:
    """Yield what is wrong with a rule's filter, and actions that its tags or sizes do not allow."""
    found = each.get("filter")
    if not isinstance(found, dict) or UNKNOWN in found.values():
        return
    given = [name for name in _ONE_FILTER if found.get(name) not in (None, "", 0)]
    if len(given) > 1:
        yield Rejection(
            f"{at}.filter", f"a filter has only one of {', '.join(_ONE_FILTER)} (got {', '.join(given)}). Combine them"
            " with and.", "MalformedXML",
        )  # fmt: skip
    joined = found.get("and") if isinstance(found.get("and"), dict) else {}
    assert isinstance(joined, dict)
    low, high = joined.get("objectSizeGreaterThan"), joined.get("objectSizeLessThan")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and high and low >= high:
        yield Rejection(
            f"{at}.filter.and", f"objectSizeGreaterThan ({low:g}) must be less than objectSizeLessThan ({high:g}).",
            "InvalidRequest",
        )  # fmt: skip
    tagged = bool(found.get("tag") or joined.get("tags"))
    if tagged and each.get("abortIncompleteMultipartUpload"):
        yield Rejection(
            f"{at}.abortIncompleteMultipartUpload", "AbortIncompleteMultipartUpload cannot be specified with tags.",
            "InvalidRequest",
        )  # fmt: skip
    expiration = each.get("expiration")
    if tagged and isinstance(expiration, dict) and expiration.get("expiredObjectDeleteMarker") is True:
        yield Rejection(
            f"{at}.expiration.expiredObjectDeleteMarker", "ExpiredObjectDeleteMarker cannot be specified with tags.",
            "InvalidRequest",
        )  # fmt: skip


_WATERFALL = ("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")


def _order(at: str, each: Mapping[str, Any]) -> Iterator[Rejection]:
    """Yield transitions to a colder class that come before, or less than 30 days after, those to a warmer one."""
    known = [
        (_WATERFALL.index(transition["storageClass"]), float(transition["days"]), transition["storageClass"])
        for transition in each.get("transitions") or []
        if isinstance(transition, dict)
        and transition.get("storageClass") in _WATERFALL
        and isinstance(transition.get("days"), (int, float))
    ]
    for (_, early, warm), (_, late, cold) in pairwise(sorted(known)):
        least = 30 if warm.endswith("_IA") and cold in ("GLACIER", "DEEP_ARCHIVE") else 1
        if late < early + least:
            yield Rejection(
                f"{at}.transitions", f"'Days' in the 'Transition' action for StorageClass '{cold}' must be"
                f" {f'{least} days more' if least > 1 else 'greater'} than 'Days' in the 'Transition' action for"
                f" StorageClass '{warm}' (got {late:g} and {early:g}).", "InvalidArgument",
            )  # fmt: skip


def _transitions(at: str, each: Mapping[str, Any]) -> Iterator[Rejection]:
    yield from _order(at, each)
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
