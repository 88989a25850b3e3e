"""Netlify: sites."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.netlify.site import NetlifySite, NetlifySiteArgs

__all__ = [
    "NetlifySite",
    "NetlifySiteArgs",
]
