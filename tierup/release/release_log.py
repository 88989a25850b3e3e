"""The releases of a stack, in its tags, so that every machine with access to the backend sees them.

Each release has its own tag, which is reused after KEPT releases, and the image has a second one: an image reference
may take most of the 256 characters that Pulumi Cloud allows. docs/adr/0014-releases-by-targeted-runs.md gives the
reasons.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from tierup.deployment.stack_tags import LONGEST_VALUE, set_tag
from tierup.deployment.workspace import Workspace

KEPT: Final = 30
"""The number of releases that a stack keeps."""

_TAG: Final = "tierup:release."
_LONGEST_REASON: Final = 80


class ReleaseResult(StrEnum):
    """How a release ended."""

    RUNNING = "running"  # or its command was killed
    SUCCEEDED = "succeeded"
    ROLLED_BACK = "rolled back"  # it failed, and the previous image runs
    FAILED = "failed"  # neither the new nor the previous image was deployed completely
    BY_UP = "by up"  # `tierup up` or `pulumi up` deployed the image


RUNS: Final = frozenset({ReleaseResult.SUCCEEDED, ReleaseResult.BY_UP})
"""The results after which the image of the release runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """One release of one service."""

    number: int
    """Counts up from 1 in each stack."""
    service: str
    """`backend` or a name of tierup:services."""
    image: str
    """The image by digest, or as it was given where nothing resolves a tag."""
    tag: str = ""
    """The tag that the digest had, or ""."""
    at: str = ""
    """The time of its start, ISO 8601."""
    by: str = ""
    """The user and host that deployed it."""
    result: ReleaseResult = ReleaseResult.RUNNING
    reason: str = ""
    """Why it failed, shortened; "" if it did not."""
    rollback_to: int | None = None
    """The release whose image this one deploys again, for a rollback."""


def decode(tags: Mapping[str, str]) -> list[Release]:
    """Return the releases in a stack's tags, oldest first. Tags that contain no release are left out."""
    found: list[Release] = []
    for name, value in tags.items():
        if not name.startswith(_TAG) or name.endswith(".image"):
            continue
        try:
            head = json.loads(value)
            found.append(
                Release(
                    number=int(head["n"]),
                    service=str(head["s"]),
                    image=tags[f"{name}.image"],
                    tag=str(head.get("t", "")),
                    at=str(head["at"]),
                    by=str(head["by"]),
                    result=ReleaseResult(head["r"]),
                    reason=str(head.get("why", "")),
                    rollback_to=head.get("to"),
                )
            )
        except (ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda each: each.number)


def encode(release: Release) -> dict[str, str]:
    """Return the tags of a release, with the image first."""
    head: dict[str, object] = {
        "n": release.number,
        "s": release.service,
        "at": release.at,
        "by": release.by,
        "r": release.result.value,
    }
    if release.rollback_to is not None:
        head["to"] = release.rollback_to
    # What is shortened: the tag and the reason are only displayed.
    for key, text in (("t", release.tag[:40]), ("why", release.reason[:_LONGEST_REASON])):
        if text and len(_json({**head, key: text})) <= LONGEST_VALUE:
            head[key] = text
    name = f"{_TAG}{release.number % KEPT:02}"
    return {f"{name}.image": release.image, name: _json(head)}


def write(workspace: Workspace, release: Release) -> Release:
    """Write a release into the stack's tags, and return it. Raises CommandError."""
    for name, value in encode(release).items():
        set_tag(workspace, name, value)
    return release


def finish(workspace: Workspace, release: Release, result: ReleaseResult, reason: str = "") -> Release:
    """Write how a release ended, and return it. Raises CommandError."""
    ended = replace(release, result=result, reason=reason)
    set_tag(workspace, list(encode(ended))[1], list(encode(ended).values())[1])
    return ended


def next_release(releases: Sequence[Release], service: str, image: str, tag: str = "") -> Release:
    """Return a new release with the next number, the time and the user."""
    return Release(
        number=max((each.number for each in releases), default=0) + 1,
        service=service,
        image=image,
        tag=tag,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        by=_user(),
    )


def running_release(releases: Iterable[Release], service: str) -> Release | None:
    """Return the newest release of a service whose image runs, or None."""
    return max(
        (each for each in releases if each.service == service and each.result in RUNS),
        key=lambda each: each.number,
        default=None,
    )


def release_before(releases: Sequence[Release], service: str, image: str) -> Release | None:
    """Return the newest release of a service that ran and has another image than `image`, or None."""
    return running_release((each for each in releases if each.image != image), service)


def _user() -> str:
    """Return the user and host; on GitHub Actions the user who started the workflow."""
    user = os.environ.get("GITHUB_ACTOR") or getpass.getuser()
    return f"{user}@{socket.gethostname()}"[:60]


def _json(head: Mapping[str, object]) -> str:
    return json.dumps(head, separators=(",", ":"), ensure_ascii=True)
