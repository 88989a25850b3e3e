"""The list prices in prices.yaml, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import yaml

HOURS_A_MONTH: Final = 730
REGIONS: Final = ("us-east-1", "eu-west-1")
"""The regions with prices."""

_FILE: Final = Path(__file__).with_name("prices.yaml")
_GLOBAL: Final = "everywhere"


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """A price in US dollars `per` hour, month, GB and so on."""

    key: str
    what: str
    per: str
    usd: Decimal
    source: str
    read: str | None
    """The day on which the source was read, or None."""

    @property
    def is_read(self) -> bool:
        """Whether the source was read. If not, the price is from memory, or that of another region."""
        return self.read is not None

    @property
    def usd_a_month(self) -> Decimal:
        """The price for a whole month. Raises TypeError for a price by usage."""
        match self.per:
            case "month":
                return self.usd
            case "hour":
                return self.usd * HOURS_A_MONTH
            case _:
                raise TypeError(f"{self.key}: no monthly price (got a price per {self.per}).")


@cache
def prices(region: str) -> Mapping[str, Price]:
    """Return the prices of a region by key, including global ones. Raises LookupError for a region without prices."""
    if region not in REGIONS:
        raise LookupError(f"region: no prices available (got {region!r}). Allowed: {', '.join(REGIONS)}.")
    document = cast("dict[str, Any]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    return {
        key: _price(key, row, row.get(region) or row[_GLOBAL], document["sources"])
        for key, row in document["prices"].items()
        if region in row or _GLOBAL in row
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class FreeAllowance:
    """What a provider does not charge for in each month and account."""

    key: str
    """The key of the price."""
    quantity: Decimal
    """In the unit of the price."""
    group: str
    """The prices of one group share the allowance."""
    source: str
    read: str | None


@cache
def free_allowances() -> Mapping[str, FreeAllowance]:
    """Return the allowances that do not end after the first year, by the key of the price."""
    document = cast("dict[str, Any]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    found: dict[str, FreeAllowance] = {}
    for key, row in document["free_tier"].items():
        source = document["sources"][row["source"]]
        found[key] = FreeAllowance(
            key=key,
            quantity=Decimal(row["quantity"]),
            group=row.get("shared", key),
            source=source["where"],
            read=str(source["read"]) if source.get("read") else None,
        )
    return found


def _price(key: str, row: Mapping[str, Any], figure: Mapping[str, str], sources: Mapping[str, Any]) -> Price:
    source = sources[figure["source"]]
    read = source.get("read")
    return Price(
        key=key,
        what=row["what"],
        per=row["per"],
        usd=Decimal(figure["usd"]),
        source=source["where"],
        read=str(read) if read else None,
    )
