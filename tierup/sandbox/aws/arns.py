"""What can be read from an ARN."""

from __future__ import annotations


def service_of(text: str) -> str:
    """The service of an ARN ("sns"); "" where the text is no ARN."""
    return _part(text, 2)


def region_of(text: str) -> str:
    """The region of an ARN; "" for global ones and for what is no ARN."""
    return _part(text, 3)


def account_of(text: str) -> str:
    """The account of an ARN; "" for those without (S3 buckets) and for what is no ARN."""
    return _part(text, 4)


def _part(text: str, index: int) -> str:
    parts = text.split(":", 5)
    return parts[index] if len(parts) == 6 and parts[0] == "arn" else ""
