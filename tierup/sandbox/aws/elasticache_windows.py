"""ElastiCache: snapshot and maintenance windows."""

from __future__ import annotations

from .elasticache import CREATE
from .window_rules import windows_rule

windows = windows_rule("snapshotWindow", "maintenanceWindow", minutes=60, source=CREATE)
