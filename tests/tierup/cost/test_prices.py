"""The price list: each price has a source, and a region without prices is rejected."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tierup.cost.prices import REGIONS, prices


@pytest.mark.parametrize("region", REGIONS)
def test_every_price_is_positive_and_has_a_source(region: str) -> None:
    for price in prices(region).values():
        assert price.usd > 0
        assert price.source
        assert price.read or "from memory" in price.source, f"{price.key} has a source without a day of reading"


def test_a_region_has_its_own_and_the_global_prices() -> None:
    virginia, ireland = prices("us-east-1"), prices("eu-west-1")
    assert virginia.keys() == ireland.keys()
    assert virginia["nat"].usd < ireland["nat"].usd
    assert virginia["ipv4"] == ireland["ipv4"]


def test_a_month_has_730_hours_and_usage_prices_have_no_monthly_price() -> None:
    known = prices("us-east-1")
    assert known["nat"].usd_a_month == Decimal("32.85")
    assert known["dashboard"].usd_a_month == Decimal("3.00")
    with pytest.raises(TypeError, match="nat-gb: no monthly price"):
        _ = known["nat-gb"].usd_a_month


def test_a_region_without_prices_is_rejected_with_the_supported_ones() -> None:
    with pytest.raises(LookupError, match=r"got 'ap-south-1'\). Allowed: us-east-1, eu-west-1"):
        prices("ap-south-1")
