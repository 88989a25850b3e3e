"""Expressions of Cloudflare's rules."""

from __future__ import annotations

import pytest

from components.cloudflare.rulesets import for_host


def test_every_condition_must_hold() -> None:
    assert for_host("app.example.com") == '(http.host eq "app.example.com")'
    assert for_host("app.example.com", "a", "b") == '(http.host eq "app.example.com") and (a) and (b)'


@pytest.mark.parametrize("host", ["app", 'a.b"or true', "A.example.com", "*.example.com", ""])
def test_what_is_no_host_cannot_get_into_an_expression(host: str) -> None:
    with pytest.raises(ValueError, match="host: got"):
        for_host(host)
