"""The tags of AWS resources: a rule for every type that has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tierup.sandbox.behaviour import Call, Rejection, Stage, documented, rule

_MOST_TAGS = 50
_LONGEST_KEY = 128
_LONGEST_VALUE = 256
_CHARACTERS = r"[\w\s.:/=+\-@]*"


@rule(
    "tags",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented(
        "AWS API models of iam (tagKeyType, tagValueType), ecs and elbv2 (TagKey), botocore 1.44; 50 tags and the"
        " prefix"
        " aws: as in https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html from memory",
        read="2026-11-28",
    ),
)
def tags_are_valid(call: Call) -> Iterator[Rejection]:
    tags = call.inputs.get("tags")
    if not isinstance(tags, dict):
        return
    together = {**call.default_tags, **tags}
    if len(together) > _MOST_TAGS:
        yield Rejection(
            "tags", f"too many tags (got {len(together)}). Allowed are at most {_MOST_TAGS}.", "TooManyTags"
        )
    for key, value in tags.items():
        at = f"tags.{key}"
        if not 1 <= len(key) <= _LONGEST_KEY:
            yield Rejection(
                "tags",
                f"invalid length of a tag key (got {len(key)} characters). Allowed are 1 to {_LONGEST_KEY}.",
                "InvalidTag",
            )
        if key.lower().startswith("aws:"):
            yield Rejection(at, f"tag keys that begin with 'aws:' are reserved (got '{key}')", "InvalidTag")
        if isinstance(value, str) and len(value) > _LONGEST_VALUE:
            yield Rejection(
                at,
                f"the tag value is too long (got {len(value)} characters). Allowed are at most {_LONGEST_VALUE}.",
                "InvalidTag",
            )
        if not re.fullmatch(_CHARACTERS, key) or (isinstance(value, str) and not re.fullmatch(_CHARACTERS, value)):
            yield Rejection(
                at,
                "the tag has characters that are not allowed. Allowed are letters, digits, spaces and . : / = + - _ @.",
                "InvalidTag",
            )


COMMON_RULES = (tags_are_valid,)
"""Rules of every AWS type. The registry adds them to each row."""
