"""The price list: each figure has a source, and a region without prices is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tierup.cost.prices import REGIONS, prices


@pytest.mark.parametrize("region", REGIONS)
def test_every_price_is_more_than_nothing_and_says_where_it_is_from(region: str) -> None:
    for price in prices(region).values():
        assert price.usd > 0
        assert price.source
        assert price.read or "from memory" in price.source, f"{price.key} has a source that nobody read"


def test_a_region_has_its_own_prices_and_those_of_everywhere() -> None:
    virginia, ireland = prices("us-east-1"), prices("eu-west-1")
    assert virginia.keys() == ireland.keys()
    assert virginia["nat"].usd < ireland["nat"].usd
    assert virginia["ipv4"] == ireland["ipv4"]


def test_an_hour_is_a_730th_of_a_month_and_what_is_paid_by_use_has_no_month() -> None:
    known = prices("us-east-1")
    assert known["nat"].usd_a_month == Decimal("32.85")
    assert known["dashboard"].usd_a_month == Decimal("3.00")
    with pytest.raises(TypeError, match="nat-gb is paid by the GB"):
        _ = known["nat-gb"].usd_a_month


def test_a_region_without_prices_is_refused_with_those_that_have_some() -> None:
    with pytest.raises(LookupError, match=r"got 'ap-south-1', allowed us-east-1 or eu-west-1: no prices of others"):
        prices("ap-south-1")
