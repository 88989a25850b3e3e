"""Read the parts of an ARN."""

from __future__ import annotations


def service_of(text: str) -> str:
    """Return the service of an ARN ("sns"), or "" if the text is not an ARN."""
    return _part(text, 2)


def region_of(text: str) -> str:
    """Return the region of an ARN, or "" for a global one and for text that is not an ARN."""
    return _part(text, 3)


def account_of(text: str) -> str:
    """Return the account of an ARN, or "" for one without an account (S3 buckets) and for text that is not an ARN."""
    return _part(text, 4)


def _part(text: str, index: int) -> str:
    parts = text.split(":", 5)
    return parts[index] if len(parts) == 6 and parts[0] == "arn" else ""
