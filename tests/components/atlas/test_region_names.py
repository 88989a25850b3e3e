"""Region names, from AWS's form to Atlas's."""

from __future__ import annotations

import pytest

from components.atlas.region_names import atlas_region


@pytest.mark.parametrize(
    ("aws", "atlas"),
    [("eu-west-1", "EU_WEST_1"), ("us-east-2", "US_EAST_2"), ("ap-southeast-4", "AP_SOUTHEAST_4")],
)
def test_a_region_is_written_as_atlas_writes_it(aws: str, atlas: str) -> None:
    assert atlas_region(aws) == atlas


@pytest.mark.parametrize("region", ["EU_WEST_1", "eu-west", "", "europe"])
def test_what_is_no_aws_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="give an AWS region's name"):
        atlas_region(region)
