"""The parts of a container image reference: registry, repository, tag and digest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tierup.deployment.errors import CommandError, ExitCode

DOCKER_HUB: Final = "docker.io"
"""The registry of a reference that names none, as in `node:22`.
https://github.com/distribution/reference/blob/main/normalize.go (read 2026-11-28)"""

_REPOSITORY: Final = re.compile(r"[a-z0-9]+([._/-]+[a-z0-9]+)*")
_TAG: Final = re.compile(r"\w[\w.-]{0,127}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
# 111122223333.dkr.ecr.eu-west-1.amazonaws.com; in China amazonaws.com.cn
_ECR: Final = re.compile(r"(?P<account>\d{12})\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageReference:
    """A container image by tag, by digest or by both."""

    given: str
    """The name before the tag and the digest, as it was given."""
    registry: str
    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def ecr(self) -> tuple[str, str] | None:
        """The account and the region of an image in a private ECR repository, or None."""
        found = _ECR.fullmatch(self.registry)
        return (found["account"], found["region"]) if found else None

    def pinned(self, digest: str) -> str:
        """Return the reference by digest."""
        return f"{self.given}@{digest}"


def parse(text: str) -> ImageReference:
    """Return the parts of a reference. Raises CommandError if it names no tag and no digest, or is not valid."""
    name, _, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    given = f"{head}{slash}{last}"
    first, has_slash, rest = given.partition("/")
    if has_slash and ("." in first or ":" in first or first == "localhost"):
        registry, repository = first, rest
    else:
        registry, repository = DOCKER_HUB, given if has_slash else f"library/{given}"
    if (
        not _REPOSITORY.fullmatch(repository)
        or (tag and not _TAG.fullmatch(tag))
        or (digest and not _DIGEST.fullmatch(digest))
        or not (tag or digest)
    ):
        raise CommandError(
            f"--image: not an image with a tag or a digest (got {text!r}). Give REPOSITORY:TAG or "
            "REPOSITORY@sha256:DIGEST.",
            ExitCode.SETTINGS,
        )
    if tag == "latest" and not digest:
        raise CommandError(
            f"--image: the tag latest is mutable, so it does not identify an image (got {text}). Give the tag of "
            "one build, or a digest.",
            ExitCode.SETTINGS,
        )
    return ImageReference(given=given, registry=registry, repository=repository, tag=tag, digest=digest)
