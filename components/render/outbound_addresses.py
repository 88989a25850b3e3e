"""The outbound addresses of Render's services: two ranges for each region, which all customers of the region share.

Render shows them in its dashboard (a service, Connect, Outbound). A range is not a proof of identity: services of
other customers connect from it as well, so the database needs a password besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

OUTBOUND_RANGES: Mapping[str, Sequence[str]] = MappingProxyType(
    # Several public repositories quote the dashboard for each region; one has observed the ranges on 2026-09-25 (read
    # 2026-11-28). Render announced them for 2025-10-27. Compare them with the dashboard of your service.
    {
        "oregon": ("74.220.48.0/24", "74.220.56.0/24"),
        "ohio": ("74.220.49.0/24", "74.220.57.0/24"),
        "virginia": ("74.220.50.0/24", "74.220.58.0/24"),
        "frankfurt": ("74.220.51.0/24", "74.220.59.0/24"),
        "singapore": ("74.220.52.0/24", "74.220.60.0/24"),
    }
)
"""Region of Render → CIDR blocks of outgoing connections."""
