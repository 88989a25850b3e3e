"""Parse a container image reference: [registry/]repository[:tag][@digest]."""

from __future__ import annotations


def repository(image: str) -> str:
    """Return the reference without tag and digest."""
    return _parts(image)[0]


def tag(image: str) -> str | None:
    """Return the tag, or None without one."""
    return _parts(image)[1]


def has_digest(image: str) -> bool:
    """Return whether the reference pins a digest; the container runtime ignores a tag beside one."""
    return "@sha256:" in image


def _parts(image: str) -> tuple[str, str | None]:
    named = image.partition("@")[0]
    path, slash, last = named.rpartition("/")  # a registry's port has a colon, too
    name, colon, version = last.partition(":")
    return f"{path}{slash}{name}", version if colon else None
