"""The tags of a stack: what is in them, what is not, and what AWS would refuse."""

from __future__ import annotations

import pytest

from components.tags import stack_tags


def test_tags_say_whose_a_resource_is_and_nothing_that_changes() -> None:
    assert stack_tags(project="tierup", stack="dev") == {"Project": "tierup", "Stack": "dev", "ManagedBy": "pulumi"}


@pytest.mark.parametrize("stack", ["", "a" * 257, "dev;prod", "dév"])
def test_values_that_aws_refuses_are_refused(stack: str) -> None:
    with pytest.raises(ValueError, match="tag Stack is"):
        stack_tags(project="tierup", stack=stack)
