"""The check for host names."""

from __future__ import annotations

import pytest

from components.dns.host_name import check_host_name, is_host_name, names_outside


@pytest.mark.parametrize("name", ["example.com", "a.b.example.com", f"{'a.' * 125}com"])
def test_valid_host_name_is_accepted(name: str) -> None:
    check_host_name("domain_name", name)

    assert is_host_name(name)


@pytest.mark.parametrize("name", ["app", "App.example.com", "app.example.com.", "app..com", "", f"{'a.' * 126}com"])
def test_invalid_host_name_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=r"^domain_name: not a host name \(got .*\)\. Give a full lower-case name"):
        check_host_name("domain_name", name)


def test_names_outside_a_zone_are_neither_its_name_nor_below_it() -> None:
    names = ("example.com", "app.example.com", "notexample.com", "example.com.evil.example", "app.example.org")
    assert names_outside("example.com", names) == ["notexample.com", "example.com.evil.example", "app.example.org"]
