"""The records by which ACM sees that a domain name is ours, as values, whoever keeps the zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pulumi import Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidationRecord:
    """The record by which ACM sees that a domain name is ours."""

    name: Output[str]
    type: Output[str]
    value: Output[str]


DnsValidation: TypeAlias = Callable[[str, ValidationRecord, ResourceOptions], Output[str]]
"""Writes a record of that logical name, and gives its full DNS name once it stands."""
