"""Render: web services. Importing this module needs the extra `render`."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.render.web_service import RenderWebService, RenderWebServiceArgs

__all__ = [
    "RenderWebService",
    "RenderWebServiceArgs",
]
