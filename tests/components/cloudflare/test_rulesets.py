"""Expressions of Cloudflare's rules for one host."""

from __future__ import annotations

import pytest

from components.cloudflare.rulesets import for_host


def test_conditions_are_combined_with_and() -> None:
    assert for_host("app.example.com") == '(http.host eq "app.example.com")'
    assert for_host("app.example.com", "a", "b") == '(http.host eq "app.example.com") and (a) and (b)'


@pytest.mark.parametrize("host", ["app", 'a.b"or true', "A.example.com", "*.example.com", ""])
def test_invalid_host_is_rejected(host: str) -> None:
    with pytest.raises(ValueError, match="host: not a full host name"):
        for_host(host)
