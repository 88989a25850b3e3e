"""ACM's DNS validation records, independent of the DNS provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pulumi import Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidationRecord:
    """The record by which ACM validates the ownership of a domain name."""

    name: Output[str]
    """Full name of the record."""
    type: Output[str]
    """Type of the record, CNAME."""
    value: Output[str]
    """Value of the record."""


DnsValidation: TypeAlias = Callable[[str, ValidationRecord, ResourceOptions], Output[str]]
"""Creates a record with the given logical name and returns its full DNS name."""
