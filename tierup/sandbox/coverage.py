"""What the sandbox knows, and how well: by behaviour row, or by schema alone; documented, or assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tierup.sandbox.registry import registry

from .behaviour import Behaviour, Source
from .schema import PACKAGES, sdk


@dataclass(frozen=True, slots=True)
class Covered:
    """How well one resource type is known."""

    type: str
    documented: int  # facts with a page they were read from
    assumed: int  # facts without one

    @property
    def by_row(self) -> bool:
        """Whether there is a behaviour row; without one the type works by its schema alone."""
        return self.documented + self.assumed > 0


def coverage(types: Iterable[str]) -> list[Covered]:
    """How well each of `types` is known, by token."""
    rows = registry().behaviours
    return [_covered(token, rows.get(token)) for token in sorted(set(types))]


def all_rows() -> list[Covered]:
    """Every type with a behaviour row."""
    return coverage(registry().behaviours)


def known_types() -> dict[str, int]:
    """How many resource types each provider has by its SDK."""
    return {package: len(sdk(package).tokens) for package in PACKAGES}


def _covered(token: str, row: Behaviour | None) -> Covered:
    if row is None:
        return Covered(token, 0, 0)
    sources = list(_sources(row))
    documented = sum(1 for source in sources if source.documented)
    return Covered(token, documented, len(sources) - documented)


def _sources(row: Behaviour) -> Iterable[Source]:
    yield row.source
    if row.replace_source is not None:
        yield row.replace_source
    if row.name is not None:
        yield row.name.source
    for part in (*row.references, *row.quotas, *row.rules):
        yield part.source
