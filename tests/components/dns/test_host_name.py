"""Host names: what every part of the stack that compares one takes."""

from __future__ import annotations

import pytest

from components.dns.host_name import check_host_name


@pytest.mark.parametrize("name", ["example.com", "a.b.example.com", f"{'a.' * 125}com"])
def test_full_lower_case_names_are_taken(name: str) -> None:
    check_host_name("domain_name", name, "why")


@pytest.mark.parametrize("name", ["app", "App.example.com", "app.example.com.", "app..com", "", f"{'a.' * 126}com"])
def test_others_are_refused_with_the_reason(name: str) -> None:
    with pytest.raises(ValueError, match=r"domain_name: got .*, allowed a full .*: browsers ask for it"):
        check_host_name("domain_name", name, "browsers ask for it")
