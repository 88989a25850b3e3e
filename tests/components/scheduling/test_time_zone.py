"""Tests of time zone names."""

from __future__ import annotations

import pytest

from components.scheduling.time_zone import check_time_zone


@pytest.mark.parametrize(
    ("allowed", "rejected"),
    [
        ("UTC", ""),
        ("Europe/Berlin", "CEST"),
        ("Europe/Berlin", "berlin"),
        ("Europe/Berlin", "europe/berlin"),
        ("America/Argentina/Buenos_Aires", "Europe/"),
        ("Etc/GMT+3", "+02:00"),
    ],
)
def test_only_names_of_the_iana_database_are_allowed(allowed: str, rejected: str) -> None:
    check_time_zone("timezone", allowed)
    with pytest.raises(
        ValueError, match=r"timezone: not a time zone name \(got .*\)\. Set UTC or an IANA name such as Europe/Berlin"
    ):
        check_time_zone("timezone", rejected)
