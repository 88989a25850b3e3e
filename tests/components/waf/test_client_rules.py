"""Countries, networks and bots: what makes no sense, or would keep out nobody, is refused."""

from __future__ import annotations

from typing import Any

import pytest

from components.waf.client_rules import BotControl, ClientRestrictions, OriginKey


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({}, "no country and no network is given"),
        ({"allowed_countries": ("DE",), "blocked_countries": ("KP",)}, "give one: what is not allowed"),
        ({"blocked_countries": ("de",)}, "two capital letters"),
        ({"blocked_asns": (0,)}, "AS numbers are 1 to"),
        ({"blocked_asns": tuple(range(1, 102))}, "holds 101; AWS WAF takes 100"),
        ({"blocked_asns": (1,), "client_address_header": "X-Forwarded-For"}, "the client itself may write"),
        ({"blocked_asns": (1,), "client_address_header": "no header"}, "give the name of a header"),
    ],
)
def test_origins_that_make_no_sense_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        ClientRestrictions(**wrong)


def test_bots_below_a_path_that_no_request_has_are_refused() -> None:
    with pytest.raises(ValueError, match="lower-case path"):
        BotControl(path_prefix="/API/")


@pytest.mark.parametrize("header", ["X-Origin-Key", "", "x key", "x" * 41])
def test_a_key_has_a_header_in_lower_case(header: str) -> None:
    with pytest.raises(ValueError, match="AWS WAF compares headers in lower case"):
        OriginKey(header=header, value="a-key")
