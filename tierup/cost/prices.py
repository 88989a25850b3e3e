"""What things cost: the list prices of prices.yaml, each with its source."""

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
"""Where prices are known."""

_FILE: Final = Path(__file__).with_name("prices.yaml")
_EVERYWHERE: Final = "everywhere"


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """US dollars for one of something: `per` hour, month, GB ..."""

    key: str
    what: str
    per: str
    usd: Decimal
    source: str
    read: str | None
    """Day on which the source was read; None where nobody did."""

    @property
    def usd_a_month(self) -> Decimal:
        """Of one that is there for a month. Raises TypeError where the price is by use."""
        match self.per:
            case "month":
                return self.usd
            case "hour":
                return self.usd * HOURS_A_MONTH
            case _:
                raise TypeError(f"{self.key} is paid by the {self.per}")


@cache
def prices(region: str) -> Mapping[str, Price]:
    """By key, those of a region and those that are the same in all. Raises LookupError for a region without."""
    if region not in REGIONS:
        raise LookupError(f"region: got {region!r}, allowed {' or '.join(REGIONS)}: no prices of others are known")
    written = cast("dict[str, Any]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    return {
        key: _price(key, row, row.get(region) or row[_EVERYWHERE], written["sources"])
        for key, row in written["prices"].items()
        if region in row or _EVERYWHERE in row
    }


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
