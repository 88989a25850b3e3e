"""Time zones: UTC, or a region and a place."""

from __future__ import annotations

import pytest

from components.scheduling.time_zone import check_time_zone


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+3"])
def test_names_of_the_database_are_taken(name: str) -> None:
    check_time_zone("timezone", name)


@pytest.mark.parametrize("name", ["", "CEST", "berlin", "Europe/", "+02:00", "europe/berlin"])
def test_others_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"timezone: got .*, allowed UTC or a name such as Europe/Berlin"):
        check_time_zone("timezone", name)
