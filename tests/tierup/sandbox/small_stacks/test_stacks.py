"""The sandbox decides on small stacks as the real clouds do."""

from __future__ import annotations

import pytest

from . import atlas, cloudflare
from .stack import SmallStack, Step

WRONG = {**atlas.WRONG, **cloudflare.WRONG}
RIGHT = {**atlas.RIGHT, **cloudflare.RIGHT}
HELD = {**atlas.HELD}


@pytest.mark.parametrize(("message", "steps"), WRONG.values(), ids=list(WRONG))
def test_last_resource_is_refused(message: str, steps: tuple[Step, ...]) -> None:
    *before, last = steps
    assert message in (SmallStack(*before).create(last) or "accepted")


@pytest.mark.parametrize("steps", RIGHT.values(), ids=list(RIGHT))
def test_stack_is_accepted(steps: tuple[Step, ...]) -> None:
    assert SmallStack(*steps).outputs.keys() == {name for name, _, _ in steps}


@pytest.mark.parametrize(("message", "steps", "target"), HELD.values(), ids=list(HELD))
def test_resource_in_use_is_not_deleted(message: str, steps: tuple[Step, ...], target: tuple[str, str]) -> None:
    assert message in (SmallStack(*steps).delete(*target) or "deleted")
