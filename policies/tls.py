"""The lowest TLS version that a stack accepts: one parameter, shared by all rules on TLS."""

from __future__ import annotations

from .rule import Parameter

MINIMUM_TLS = Parameter(
    name="minimumTls",
    schema={"type": "string", "enum": ["1.2", "1.3"]},
    default="1.2",
    what="The lowest TLS version that clients may use.",
)
