"""The journal of a switch: its steps and its progress, in the tags of the stack.

Every backend of Pulumi stores tags beside the state, so a switch can be resumed from another machine that has neither
the settings file of the first one nor any other of its files. Pulumi Cloud limits the value of a tag to 256 characters
and its name to 40 (pkg/util/validation/stack.go of v3.259.0, read 2026-11-28), so the steps are compressed and divided.

The tag `tierup:switch` is written last and removed first: without it there is no switch. It holds the progress.
"""

from __future__ import annotations

import base64
import getpass
import json
import socket
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

from tierup.deployment.delegation import DELEGATION_SECONDS
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.stack_tags import LONGEST_VALUE, read_tags, remove_tag, set_tag
from tierup.deployment.workspace import Workspace
from tierup.switch.config_values import Config, with_values

DELEGATION_UNCHANGED: Final = datetime.min.replace(tzinfo=UTC).isoformat()
"""The value of `Journal.delegated_at` if the registrar has delegated the domain to one provider all the time."""
HEAD: Final = "tierup:switch"
_PART: Final = "tierup:switch."

Direction = Literal["forward", "back"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Journal:
    """A switch in progress. Only the fields from `done` on change during a switch."""

    title: str
    """The change in one line."""
    origin: Mapping[str, Any]
    """Path → value at the start of every setting that a step changes. None where there was none."""
    steps: Sequence[Mapping[str, Any]]
    """For each step path → value of the settings that it changes. None removes a setting."""
    direction: Direction = "forward"
    accepted: Sequence[str] = ()
    """The logical names of resources whose data the user gives up."""
    settle_seconds: Sequence[int] = ()
    """For each step how long the next one waits on real accounts."""
    created: Sequence[str] = ()
    """The logical names of the resources with data that the switch creates."""
    done: int = 0
    """The number of steps that have ended."""
    running: bool = False
    """Whether the next step has begun."""
    delegated_at: str = ""
    """When the registrar was first seen to delegate the domain as the switch needs it, ISO 8601; "" if not yet."""
    by: str = ""
    """The user and host of the last change."""
    at: str = ""
    """The time of the last change, ISO 8601."""
    parts: Sequence[str] = ()
    """The names of the tags that hold the steps."""

    def remaining_wait(self, now: datetime) -> float:
        """Return the seconds that the next step still has to wait on real accounts."""
        if self.running or not self.done or self.done > len(self.settle_seconds):
            return 0.0
        elapsed = (now - datetime.fromisoformat(self.at)).total_seconds()
        return max(0.0, self.settle_seconds[self.done - 1] - elapsed)

    def remaining_delegation(self, now: datetime) -> float:
        """Return the seconds for which resolvers may still have the name servers of before the delegation."""
        elapsed = (now - datetime.fromisoformat(self.delegated_at)).total_seconds() if self.delegated_at else 0.0
        return max(0.0, DELEGATION_SECONDS - elapsed)

    def config(self, settings_file: Config, steps: int) -> Config:
        """Return the configuration after a number of steps, given any configuration of the stack."""
        config = with_values(settings_file, self.origin)
        for changes in self.steps[:steps]:
            config = with_values(config, changes)
        return config


def read(workspace: Workspace) -> Journal | None:
    """Return the journal of a stack, or None if no switch is in progress. Raises CommandError."""
    tags = read_tags(workspace)
    if HEAD not in tags:
        return None
    try:
        return decode(tags)
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise CommandError(
            f"{HEAD}: the stack's tags contain no valid journal of a switch (got {error}). Compare the settings with "
            f"the stack, then delete it with `pulumi stack tag rm {HEAD} --stack {workspace.stack}`.",
            ExitCode.SETTINGS,
        ) from error


def begin(workspace: Workspace, journal: Journal, instead_of: Journal | None = None) -> Journal:
    """Write a new journal, which replaces another one at once. Raises CommandError."""
    parts = encode_steps(journal)
    for name, value in parts.items():
        set_tag(workspace, name, value)
    written = advance(workspace, replace(journal, parts=tuple(parts)))
    for name in instead_of.parts if instead_of else ():
        remove_tag(workspace, name)
    return written


def advance(workspace: Workspace, journal: Journal, **progress: Any) -> Journal:
    """Write the progress of a journal (other values of `done` and `running`), and return it. Raises CommandError."""
    journal = replace(
        journal,
        **progress,
        by=f"{getpass.getuser()}@{socket.gethostname()}"[:60],
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    set_tag(workspace, HEAD, encode_head(journal))
    return journal


def end(workspace: Workspace, journal: Journal) -> None:
    """Remove the journal. Raises CommandError."""
    for name in (HEAD, *journal.parts):
        remove_tag(workspace, name)


def encode_head(journal: Journal) -> str:
    """Return the value of the tag that holds the progress."""
    head = {
        "done": journal.done,
        "of": len(journal.steps),
        "running": int(journal.running),
        "direction": journal.direction,
        **({"delegated": journal.delegated_at} if journal.delegated_at else {}),
        "parts": len(journal.parts),
        "by": journal.by,
        "at": journal.at,
    }
    return json.dumps(head, separators=(",", ":"))


def encode_steps(journal: Journal) -> dict[str, str]:
    """Return the tags that hold the steps."""
    document = {
        "title": journal.title,
        "origin": dict(journal.origin),
        "steps": [dict(each) for each in journal.steps],
        "accepted": list(journal.accepted),
        "created": list(journal.created),
        "settle": list(journal.settle_seconds),
    }
    packed = base64.b64encode(zlib.compress(json.dumps(document, separators=(",", ":")).encode(), 9)).decode()
    return {
        f"{_PART}{journal.direction}.{number}": packed[start : start + LONGEST_VALUE]
        for number, start in enumerate(range(0, len(packed), LONGEST_VALUE), start=1)
    }


def decode(tags: Mapping[str, str]) -> Journal:
    """Return the journal in a stack's tags. Raises ValueError or KeyError if they contain none."""
    head = json.loads(tags[HEAD])
    names = [f"{_PART}{head['direction']}.{number}" for number in range(1, head["parts"] + 1)]
    packed = base64.b64decode("".join(tags[name] for name in names))
    document = json.loads(zlib.decompress(packed))
    steps = document["steps"]
    if len(steps) != head["of"]:
        raise ValueError(f"{len(steps)} steps, but {head['of']} are announced")
    return Journal(
        title=document["title"],
        origin=document["origin"],
        steps=steps,
        direction=head["direction"],
        done=head["done"],
        running=bool(head["running"]),
        delegated_at=head.get("delegated", ""),
        accepted=document["accepted"],
        created=document["created"],
        settle_seconds=document["settle"],
        by=head["by"],
        at=head["at"],
        parts=tuple(names),
    )
