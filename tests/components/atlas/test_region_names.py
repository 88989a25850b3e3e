"""Conversion of AWS region names to Atlas's form."""

from __future__ import annotations

import pytest

from components.atlas.region_names import atlas_region


@pytest.mark.parametrize(
    ("aws", "atlas"),
    [("eu-west-1", "EU_WEST_1"), ("us-east-2", "US_EAST_2"), ("ap-southeast-4", "AP_SOUTHEAST_4")],
)
def test_region_is_converted_to_atlas_form(aws: str, atlas: str) -> None:
    assert atlas_region(aws) == atlas


@pytest.mark.parametrize("region", ["EU_WEST_1", "eu-west", "", "europe"])
def test_invalid_region_is_rejected(region: str) -> None:
    with pytest.raises(ValueError, match=r"^region: not an AWS region's name \(got"):
        atlas_region(region)
