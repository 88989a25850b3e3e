"""IAM: statements of policies."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.iam.statement import PolicyStatement

__all__ = [
    "PolicyStatement",
]
