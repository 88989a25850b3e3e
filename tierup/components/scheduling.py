"""Schedules and time zones."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.scheduling.maintenance_windows import MaintenanceStart

__all__ = [
    "MaintenanceStart",
]
