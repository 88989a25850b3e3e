"""The rehearsal cloud's own memory: one SQLite file, apart from Pulumi's state.

(stub of the interface; being written)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that stands in the cloud."""

    type: str
    id: str
    urn: str
    region: str  # "" for global services
    account: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]  # inputs, defaults and computed values together

    @property
    def name(self) -> str: ...  # the Pulumi logical name


class Cloud:
    """What rules may ask of the cloud."""

    def get(self, type: str, id: str) -> Resource | None: ...

    def find(self, type: str | tuple[str, ...], **properties: Any) -> Iterator[Resource]:
        """Resources of a type whose outputs equal all of `properties`."""
        ...
