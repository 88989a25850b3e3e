"""The tags of a stack: their content, and values that AWS rejects."""

from __future__ import annotations

import pytest

from components.tags import stack_tags


def test_tags_identify_project_and_stack() -> None:
    assert stack_tags(project="tierup", stack="dev") == {"Project": "tierup", "Stack": "dev", "ManagedBy": "pulumi"}


@pytest.mark.parametrize("stack", ["", "a" * 257, "dev;prod", "dév"])
def test_invalid_values_are_rejected(stack: str) -> None:
    with pytest.raises(ValueError, match=r"^tag Stack: "):
        stack_tags(project="tierup", stack=stack)
