"""The difference of two estimates, line by line, as Markdown and as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .estimate import Estimate, Line
from .prices import Price


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedLine:
    """One line whose quantity or price differs; a side of None does not have it."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """The line of the later estimate, or of the earlier one if it was removed."""
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def usd(self) -> Decimal:
        """The change of the monthly cost in US dollars."""
        return _usd_of(self.after) - _usd_of(self.before)


@dataclass(frozen=True, kw_only=True, slots=True)
class CostSide:
    """One side of a comparison."""

    source: str
    """The name of the stack or file."""
    region: str
    """The region of the prices."""
    estimate: Estimate


@dataclass(frozen=True, kw_only=True, slots=True)
class CostDifference:
    """The difference between two estimates."""

    before: CostSide
    after: CostSide

    @property
    def usd(self) -> Decimal:
        """The change of the monthly cost in US dollars."""
        return self.after.estimate.usd() - self.before.estimate.usd()

    @property
    def lines(self) -> Sequence[ChangedLine]:
        """The lines that differ, the largest change first."""
        before, after = _by_key(self.before.estimate), _by_key(self.after.estimate)
        found = [
            ChangedLine(before=before.get(key), after=after.get(key))
            for key in dict.fromkeys((*before, *after))
            if _figures(before.get(key)) != _figures(after.get(key))
        ]
        return sorted(found, key=lambda each: (-abs(each.usd), each.line.name, each.line.price.key))

    @property
    def by_use_added(self) -> Sequence[Price]:
        """The prices by usage that only the later estimate has."""
        return _without(self.after.estimate, self.before.estimate)

    @property
    def by_use_removed(self) -> Sequence[Price]:
        """The prices by usage that only the earlier estimate has."""
        return _without(self.before.estimate, self.after.estimate)

    @property
    def unpriced(self) -> Sequence[str]:
        """What has no price on either side."""
        return sorted({*self.before.estimate.unpriced, *self.after.estimate.unpriced})

    def as_document(self) -> dict[str, Any]:
        """Return the difference as one JSON document."""
        return {
            "before": _side_document(self.before),
            "after": _side_document(self.after),
            "usd_a_month": _number(self.usd),
            "lines": [
                {
                    "component": each.line.component,
                    "name": each.line.name,
                    "what": each.line.price.what,
                    "before": _line_document(each.before),
                    "after": _line_document(each.after),
                    "usd_a_month": _number(each.usd),
                }
                for each in self.lines
            ],
            "by_use_added": [_price_document(each) for each in self.by_use_added],
            "by_use_removed": [_price_document(each) for each in self.by_use_removed],
            "unpriced": list(self.unpriced),
        }


def as_markdown(document: dict[str, Any]) -> str:
    """Return the document of a difference as Markdown for a comment on a pull request."""
    before, after, change = document["before"], document["after"], float(document["usd_a_month"])
    lines = [
        f"### Cost: {signed(change)} USD a month",
        "",
        f"Fixed monthly cost at list prices: {before['usd_a_month']:,.2f} USD ({_code(before['source'])}) → "
        f"{after['usd_a_month']:,.2f} USD ({_code(after['source'])}).",
        "",
    ]
    if document["lines"]:
        lines += ["| resource | what | before | after | USD a month |", "| --- | --- | --: | --: | --: |"]
        lines += [
            f"| {_cell(each['name'])} | {_cell(each['what'])} | {_quantity(each['before'])} | "
            f"{_quantity(each['after'])} | {signed(each['usd_a_month'])} |"
            for each in document["lines"]
        ]
        lines.append("")
    else:
        lines += ["No line with a fixed monthly cost changes.", ""]
    for heading, key in (("New cost by usage", "by_use_added"), ("Cost by usage that ends", "by_use_removed")):
        if document[key]:
            lines += [f"{heading}:", ""]
            lines += [f"- {_cell(each['what'])}: {each['usd']:g} USD per {each['per']}" for each in document[key]]
            lines.append("")
    if document["unpriced"]:
        lines += [f"No price available: {', '.join(_code(each) for each in document['unpriced'])}.", ""]
    return "\n".join(lines)


def signed(usd: float | Decimal) -> str:
    """Return an amount with its sign, such as +12.50."""
    return f"{usd:+,.2f}" if round(usd, 2) else "0.00"


def _side_document(side: CostSide) -> dict[str, Any]:
    return {"source": side.source, "region": side.region, "usd_a_month": _number(side.estimate.usd())}


def _line_document(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {"quantity": float(round(line.quantity, 4)), "usd_a_month": _number(line.usd)}


def _price_document(price: Price) -> dict[str, Any]:
    return {"what": price.what, "per": price.per, "usd": float(price.usd), "source": price.source, "read": price.read}


def _by_key(estimated: Estimate) -> dict[tuple[str, str, str], Line]:
    return {(line.component, line.name, line.price.key): line for line in estimated.lines}


def _figures(line: Line | None) -> tuple[Decimal, Decimal] | None:
    return None if line is None else (line.quantity, line.price.usd)


def _usd_of(line: Line | None) -> Decimal:
    return Decimal() if line is None else line.usd


def _without(estimated: Estimate, other: Estimate) -> Sequence[Price]:
    known = {price.key for price in other.by_use}
    return [price for price in estimated.by_use if price.key not in known]


def _number(usd: Decimal) -> float:
    return float(round(usd, 2))


def _quantity(side: dict[str, Any] | None) -> str:
    return "–" if side is None else f"{side['quantity']:,.2f}".rstrip("0").rstrip(".")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`"
