"""The CIDR plan of several regions: order, reserved blocks, and its end."""

from __future__ import annotations

import ipaddress

import pytest

from components.vpc.region_cidrs import region_cidrs


def test_regions_get_the_next_blocks_in_order() -> None:
    assert region_cidrs("10.20.0.0/16", ["eu-central-1", "eu-west-3"]) == {
        "eu-central-1": "10.21.0.0/16",
        "eu-west-3": "10.22.0.0/16",
    }


def test_further_region_moves_no_earlier_one() -> None:
    one, two = (region_cidrs("10.20.0.0/16", regions) for regions in (["a"], ["a", "b"]))
    assert two["a"] == one["a"]


def test_reserved_blocks_are_skipped() -> None:
    found = region_cidrs("172.16.0.0/16", ["a", "b"], ["172.17.0.0/16", "172.18.248.0/21"])
    assert found == {"a": "172.19.0.0/16", "b": "172.20.0.0/16"}
    blocks = [ipaddress.ip_network(each) for each in ("172.16.0.0/16", *found.values())]
    assert not any(one.overlaps(two) for one in blocks for two in blocks if one is not two)


def test_plan_that_runs_out_of_blocks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"vpc_cidr: 192.168.0.0/16 has no free /16 for a after it"):
        region_cidrs("192.168.0.0/16", ["a"])
    with pytest.raises(ValueError, match=r"10.0.0.0/8 has no free /16 for b after it \(got 10.254.0.0/16\)"):
        region_cidrs("10.254.0.0/16", ["a", "b"])


def test_region_that_occurs_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="a region occurs twice"):
        region_cidrs("10.20.0.0/16", ["a", "a"])
