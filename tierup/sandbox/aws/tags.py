"""The characters of tags: a rule for every AWS type with a behaviour row.

The lengths, the number and the reserved prefix of tags are the same for every type; see `tierup.sandbox.validation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tierup.sandbox.behaviour import Call, Rejection, Stage, documented, rule

_CHARACTERS = r"[\w\s.:/=+\-@]*"
_PERMISSIVE = ("aws:ec2/", "aws:vpc/")  # EC2 also stores other characters, such as those of JSON (from memory)


@rule(
    "tags",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented(
        "AWS API models of iam (tagKeyType, tagValueType), ecs and elbv2 (TagKey), botocore 1.44", read="2026-11-28"
    ),
)
def tags_are_valid(call: Call) -> Iterator[Rejection]:
    tags = call.inputs.get("tags")
    if not isinstance(tags, dict):
        return
    for key, value in tags.items():
        texts = [text for text in (key, value) if isinstance(text, str)]
        if not call.type.startswith(_PERMISSIVE) and not all(re.fullmatch(_CHARACTERS, text) for text in texts):
            yield Rejection(
                f"tags.{key}",
                "the tag has characters that are not allowed. Allowed are letters, digits, spaces and . : / = + - _ @.",
                "InvalidTag",
            )


COMMON_RULES = (tags_are_valid,)
"""Rules of every AWS type. The registry adds them to each row."""
