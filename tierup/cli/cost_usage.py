"""The parts of `tierup cost` on usage-based cost and on the scaling guide's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierup.cli.errors import usage_error

if TYPE_CHECKING:
    from tierup.cost.estimate import Estimate
    from tierup.cost.guide import GuideRow
    from tierup.cost.prices import Price
    from tierup.cost.rules import PricedResource
    from tierup.cost.usage import Range, UsageLine


def usage_of(file: Path | None, tier: str) -> Mapping[str, Range]:
    """Return the assumptions of a tier, from a file or the defaults. Raises CommandError."""
    from tierup.cost.usage import UsageError, default_usage, read_usage

    if file is None:
        return default_usage(tier)
    try:
        return read_usage(file, tier)
    except UsageError as error:
        raise usage_error(str(error)) from error
    except FileNotFoundError as error:
        raise usage_error(f"--usage: no such file (got {file}). Write one with --write-usage FILE.") from error


def write_usage_file(path: Path) -> None:
    """Write the default assumptions of all tiers to a new file. Raises CommandError."""
    from tierup.cost.usage import usage_file

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(usage_file())
    except FileExistsError as error:
        raise usage_error(f"--write-usage: the file exists (got {path}). Give another name, or delete it.") from error


def lines_of(
    program: Sequence[PricedResource], region: str, file: Path | None, tier: str, *, free_tier: bool
) -> Sequence[UsageLine]:
    """Return the usage-based cost of a program. Raises CommandError."""
    from tierup.cost.usage import usage_lines

    return usage_lines(program, region, usage_of(file, tier), free_tier=free_tier)


def usage_rows(lines: Sequence[UsageLine]) -> Sequence[Sequence[str]]:
    """Return a row for each line, and the sum. A price that was not read is marked with an asterisk."""
    from tierup.cost.usage import total_usd

    rows = [
        (_what(line.price), _quantity(line.quantity[1]), *(f"{each:,.2f}" for each in line.usd))
        for line in lines
        if line.quantity[2] or line.free[2]
    ]
    return [*rows, ("usage", "", *(f"{each:,.2f}" for each in total_usd(lines)))]


USAGE_HEAD = ("usage", "quantity", "low", "expected", "high")
UNREAD = (
    "* The price was not read at its source (from memory, or that of another region). Check it before you rely on it."
)


def usage_document(lines: Sequence[UsageLine]) -> Sequence[Mapping[str, Any]]:
    """Return the lines as JSON."""
    from tierup.cost.usage import LEVELS

    return [
        {
            "what": line.price.what,
            "per": line.price.per,
            "usd": float(line.price.usd),
            "source": line.price.source,
            "read": line.price.read,
            "from_memory": not line.price.is_read,
            "quantity": {level: round(value, 4) for level, value in zip(LEVELS, line.quantity, strict=True)},
            "free": {level: round(value, 4) for level, value in zip(LEVELS, line.free, strict=True)},
            "usd_a_month": {level: round(value, 2) for level, value in zip(LEVELS, line.usd, strict=True)},
        }
        for line in lines
    ]


def free_document(estimated: Estimate) -> Mapping[str, Any]:
    """Return the free allowances as JSON, with what they cover of the fixed cost."""
    from tierup.cost.prices import free_allowances
    from tierup.cost.usage import free_fixed_usd

    return {
        "fixed_usd_a_month": float(round(free_fixed_usd(estimated.lines), 2)),
        "allowances": [
            {
                "price": each.key,
                "quantity": float(each.quantity),
                "source": each.source,
                "read": each.read,
                "from_memory": each.read is None,
            }
            for each in free_allowances().values()
        ],
    }


def guide_rows(rows: Sequence[GuideRow]) -> Sequence[Sequence[str]]:
    """Return a row for each part, and the sums."""
    return [
        *(
            (row.part, row.guide_item, f"{row.guide_usd:,}", f"{row.usd:,.0f}", f"{row.difference:+,.0f}", row.why)
            for row in rows
        ),
        (
            "total",
            "",
            f"{sum(row.guide_usd for row in rows):,}",
            f"{_sum(rows):,.0f}",
            f"{_sum(rows) - sum(row.guide_usd for row in rows):+,.0f}",
            "",
        ),
    ]


GUIDE_HEAD = ("part", "the guide", "USD", "tierup", "difference", "why")


def guide_document(rows: Sequence[GuideRow]) -> Sequence[Mapping[str, Any]]:
    """Return the comparison as JSON."""
    return [
        {
            "part": row.part,
            "guide": row.guide_item,
            "guide_usd": row.guide_usd,
            "usd": float(round(row.usd, 2)),
            "why": row.why,
        }
        for row in rows
    ]


def _what(price: Price) -> str:
    return f"{price.what}: {price.usd.normalize():f} per {price.per}{'' if price.is_read else ' *'}"


def _sum(rows: Sequence[GuideRow]) -> Decimal:
    return sum((row.usd for row in rows), Decimal())


def _quantity(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}".rstrip("0").rstrip(".") or "0"
