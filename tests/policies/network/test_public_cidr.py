from __future__ import annotations

import pytest

from policies.network.public_cidr import is_public, is_wide


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/7", "2000::/3"])
def test_public_cidrs_are_public(cidr: str) -> None:
    assert is_public(cidr)


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "0.0.0.0", "pl-1", ""])  # noqa: S104 - evaluated, not bound
def test_private_cidrs_and_invalid_texts_are_not_public(cidr: str) -> None:
    assert not is_public(cidr)


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "::/0", "198.0.0.0/15", "8.0.0.0/8", "2001:4000::/31", "10.0.0.0/7"])
def test_wide_cidrs_are_wide(cidr: str) -> None:
    assert is_wide(cidr)


@pytest.mark.parametrize(
    "cidr",
    [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "fc00::/7",
        "198.51.0.0/16",
        "2001:db8::/32",
        "",
    ],
)
def test_private_narrow_and_invalid_cidrs_are_not_wide(cidr: str) -> None:
    assert not is_wide(cidr)
