"""Tests of time zone names."""

from __future__ import annotations

import pytest

from components.scheduling.time_zone import check_time_zone


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+3"])
def test_iana_names_pass(name: str) -> None:
    check_time_zone("timezone", name)


@pytest.mark.parametrize("name", ["", "CEST", "berlin", "Europe/", "+02:00", "europe/berlin"])
def test_other_names_are_rejected(name: str) -> None:
    with pytest.raises(
        ValueError, match=r"timezone: not a time zone name \(got .*\)\. Set UTC or an IANA name such as Europe/Berlin"
    ):
        check_time_zone("timezone", name)
