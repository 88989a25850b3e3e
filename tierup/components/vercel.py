"""Vercel: projects. Importing this module needs the extra `vercel`."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.vercel.project import VercelProject, VercelProjectArgs

__all__ = [
    "VercelProject",
    "VercelProjectArgs",
]
