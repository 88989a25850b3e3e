"""The tags of a stack: what tells its resources, and its bill, from everything else in the account.

Only what stays true for a stack's whole life is a tag. Phase and tier are not: a tag that changes with them would turn
every switch into an update of every resource, and the plan that matters would drown in it (they are outputs of the
stack instead).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html (from memory): what every service accepts.
_VALUE = re.compile(r"[\w\s.:/=+@-]{1,256}", re.ASCII)


def stack_tags(*, project: str, stack: str) -> Mapping[str, str]:
    """The tags that every taggable resource of a stack carries; a component adds "Name".

    "Stack" is also the cost allocation tag that the budget filters by. Raises ValueError for a value that AWS refuses.
    """
    tags = {"Project": project, "Stack": stack, "ManagedBy": "pulumi"}
    for key, value in tags.items():
        if not _VALUE.fullmatch(value):
            raise ValueError(
                f"tag {key} is '{value}'; allowed are 1 to 256 of letters, digits, spaces and . : / = + - @ _,"
                " because some AWS services refuse the rest"
            )
    return tags
