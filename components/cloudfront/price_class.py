"""Which of CloudFront's locations serve a distribution."""

from __future__ import annotations

from enum import StrEnum


class PriceClass(StrEnum):
    """Each class is reached from everywhere; one with fewer locations is farther away for some, and cheaper.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html (PriceClass; read 2026-11-24)
    """

    NORTH_AMERICA_EUROPE = "PriceClass_100"
    """The cheapest."""
    MOST = "PriceClass_200"
    """Without South America, Australia and New Zealand."""
    ALL = "PriceClass_All"
    """Every location."""
