"""Tests of the arguments of client rules: countries, ASNs, bots and the origin header."""

from __future__ import annotations

from typing import Any

import pytest

from components.waf.client_rules import BotControl, ClientRestrictions, OriginKey


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "allowed_addresses, allowed_countries, blocked_countries, blocked_asns: no restriction"),
        (
            {"allowed_countries": ("DE",), "blocked_countries": ("KP",)},
            "allowed_countries, blocked_countries: both are set",
        ),
        ({"blocked_countries": ("de",)}, r"not a country code \(got 'de'\)"),
        ({"allowed_addresses": ("203.0.113.7",)}, r"allowed_addresses: not a CIDR block \(got '203\.0\.113\.7'\)"),
        ({"allowed_addresses": ("203.0.113.7/32",) * 10_001}, r"allowed_addresses: too many blocks \(got 10001\)"),
        ({"blocked_asns": (0,)}, r"blocked_asns: not an ASN \(got 0\)"),
        ({"blocked_asns": tuple(range(1, 102))}, r"blocked_asns: too many ASNs \(got 101\)\. Set at most 100"),
        (
            {"blocked_asns": (1,), "client_address_header": "X-Forwarded-For"},
            "client_address_header: the client controls its first address",
        ),
        (
            {"blocked_asns": (1,), "client_address_header": "no header"},
            r"client_address_header: not a header name \(got 'no header'\)",
        ),
    ],
)
def test_invalid_client_restrictions_are_rejected(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        ClientRestrictions(**change)


def test_bot_control_with_an_upper_case_path_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"path_prefix: not a lower-case path \(got '/API/'\)"):
        BotControl(path_prefix="/API/")


@pytest.mark.parametrize("header", ["X-Origin-Key", "", "x key", "x" * 41])
def test_origin_key_header_not_in_lower_case_is_rejected(header: str) -> None:
    with pytest.raises(ValueError, match="header: not a lower-case header name"):
        OriginKey(header=header, values=["a-key"])
