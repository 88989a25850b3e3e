"""One resource of the bootstrap: its state in the account, and how it is created or completed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

TAG: Final = "tierup:bootstrap"
"""The tag of everything that `tierup bootstrap` creates. Its value is the project."""


class StepAction(StrEnum):
    """What the bootstrap does with a resource."""

    NONE = "none"  # it exists and is right
    CREATE = "create"
    UPDATE = "update"  # an earlier run created it, and it is incomplete or out of date
    REJECT = "reject"  # something else created it, and it is wrong


@dataclass(frozen=True, kw_only=True, slots=True)
class BootstrapStep:
    """One resource."""

    resource: str
    """What it is, such as "state bucket"."""
    name: str
    action: StepAction
    details: Sequence[str] = ()
    """What is created, missing or wrong."""
    command: str = ""
    """What corrects a rejected resource."""
    apply: Callable[[], Any] = lambda: None
    """Create or complete the resource."""


def tag_list(project: str, *, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Return the tag of the bootstrap, with the names that the service gives to key and value."""
    return [{key: TAG, value: project}]


def has_tag(tags: Any, *, key: str = "Key") -> bool:
    """Return whether the tag of the bootstrap is among a resource's tags."""
    return any(each.get(key) == TAG for each in tags or ())
