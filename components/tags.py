"""The tags of a stack, which identify its resources and its costs in the account.

Only values that never change during a stack's life are tags. Phase and tier are stack outputs instead: a tag with their
value would update every resource at each switch, and hide the changes that matter in the preview.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# The characters that every service accepts:
# https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html (from memory; the API model of
# ECS has the same, read 2026-11-28).
_VALUE = re.compile(r"[\w\s.:/=+@-]{1,256}", re.ASCII)


def stack_tags(*, project: str, stack: str) -> Mapping[str, str]:
    """Return the tags that every taggable resource of a stack carries; a component adds "Name".

    "Stack" is also the cost allocation tag that the budget filters by. Raises ValueError for a value that AWS rejects.
    """
    tags = {"Project": project, "Stack": stack, "ManagedBy": "pulumi"}
    for key, value in tags.items():
        if not _VALUE.fullmatch(value):
            raise ValueError(
                f"tag {key}: the value is not accepted by every AWS service (got {value!r}). Use 1 to 256 letters, "
                "digits, spaces and . : / = + - @ _."
            )
    return tags
