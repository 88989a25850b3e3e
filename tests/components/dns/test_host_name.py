"""The check for host names."""

from __future__ import annotations

import pytest

from components.dns.host_name import check_host_name, is_host_name


@pytest.mark.parametrize("name", ["example.com", "a.b.example.com", f"{'a.' * 125}com"])
def test_valid_host_names(name: str) -> None:
    check_host_name("domain_name", name)

    assert is_host_name(name)


@pytest.mark.parametrize("name", ["app", "App.example.com", "app.example.com.", "app..com", "", f"{'a.' * 126}com"])
def test_invalid_host_name_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=r"^domain_name: not a host name \(got .*\)\. Give a full lower-case name"):
        check_host_name("domain_name", name)
