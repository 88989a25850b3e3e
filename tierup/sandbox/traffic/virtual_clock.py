"""The virtual clock: when each operation of a run begins and ends on the real clouds.

An operation begins when those that it depends on have ended. The dependencies come from the engine's state, if a
command has recorded them, and from the ids and ARNs in the operation's inputs. Operations that do not depend on each
other overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tierup.sandbox.cloud import CloudResource, Operation

from .durations import seconds
from .rows import Rows


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on the virtual clock, in seconds since the beginning of the run."""

    kind: str
    name: str
    type: str
    begin: int
    end: int
    urn: str = ""

    def as_document(self) -> dict[str, Any]:
        """Return the step as plain values for JSON."""
        return {"operation": self.kind, "name": self.name, "type": self.type, "begin": self.begin, "end": self.end}


def schedule(operations: Sequence[Operation], rows: Rows, dependencies: Mapping[str, Iterable[str]]) -> list[Step]:
    """Return when each operation begins and ends on the real clouds, in the order of `operations`."""
    merged = Rows([*rows.everything(), *(each.after for each in operations if each.after is not None)])
    waits = _Dependencies(operations, dependencies)
    finished: dict[str, int] = {}
    ends: list[int] = []
    steps: list[Step] = []
    for number, operation in enumerate(operations):
        urn = operation.resource.urn
        if operation.kind == "delete" and not _is_replaced_later(operations, number):
            begin = max(
                [end for end, each in zip(ends, operations[:number], strict=True) if each.kind != "delete"], default=0
            )
            begin = max([begin, *(finished.get(f"-{each}", 0) for each in waits.dependents(urn))])
        else:
            begin = max((finished.get(each, 0) for each in waits.of(urn)), default=0)
            begin = max(begin, finished.get(f"-{urn}", 0) if operation.kind == "create" else 0)
        end = begin + seconds(operation, merged)
        finished[f"-{urn}" if operation.kind == "delete" else urn] = end
        ends.append(end)
        resource = operation.resource
        steps.append(Step(operation.kind, resource.name or resource.id, resource.type, begin, end, urn))
    return steps


def _is_replaced_later(operations: Sequence[Operation], number: int) -> bool:
    urn = operations[number].resource.urn
    return any(each.kind == "create" and each.resource.urn == urn for each in operations[number + 1 :])


class _Dependencies:
    """The URNs that an operation waits for, through resources that do not change."""

    def __init__(self, operations: Sequence[Operation], recorded: Mapping[str, Iterable[str]]) -> None:
        self._direct: dict[str, set[str]] = {urn: set(found) for urn, found in recorded.items()}
        owners: dict[str, str] = {}
        for operation in operations:
            resource = operation.resource
            for value in _identities(resource):
                owners.setdefault(value, resource.urn)
        for operation in operations:
            resource = operation.resource
            found = {owners[text] for text in _texts(resource.inputs) if text in owners}
            self._direct.setdefault(resource.urn, set()).update(found - {resource.urn})
        self._all: dict[str, frozenset[str]] = {}

    def of(self, urn: str) -> frozenset[str]:
        """Return everything that a URN depends on."""
        if urn not in self._all:
            found: set[str] = set()
            waiting = [urn]
            while waiting:
                for each in self._direct.get(waiting.pop(), ()):
                    if each not in found and each != urn:
                        found.add(each)
                        waiting.append(each)
            self._all[urn] = frozenset(found)
        return self._all[urn]

    def dependents(self, urn: str) -> list[str]:
        """Return the URNs that directly depend on a URN."""
        return [each for each, found in self._direct.items() if urn in found]


def _identities(resource: CloudResource) -> Iterable[str]:
    for name in ("arn", "dnsName", "domainName", "bucket", "versionId", "connectionId", "secretArn"):
        value = resource.outputs.get(name)
        if isinstance(value, str) and len(value) > 8:
            yield value
    if len(resource.id) > 8:
        yield resource.id


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(each)
