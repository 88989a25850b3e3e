"""Types that the rules of this area read."""

from __future__ import annotations

from typing import Final

CLUSTER: Final = "aws:eks/cluster:Cluster"
ADDON: Final = "aws:eks/addon:Addon"
