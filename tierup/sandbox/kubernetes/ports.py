"""Ports of containers, services and network policies."""

from __future__ import annotations

import re
from typing import Any

PROTOCOLS = ("TCP", "UDP", "SCTP")
LARGEST_PORT = 65_535
_LONGEST_NAME = 15
_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
_NAME_RULE = f"Allowed are {_LONGEST_NAME} lower-case letters, digits and single '-', with one letter or more"


def port_name_error(name: str) -> str | None:
    """Return the error of the name of a port of a container, or None if it is valid (IANA_SVC_NAME)."""
    if len(name) <= _LONGEST_NAME and _NAME.fullmatch(name):
        return None
    return f"invalid name of a port (got '{name}'). {_NAME_RULE}."


def port_error(port: Any) -> str | None:
    """Return the error of a port that is a number or a name, or None if it is valid or not known."""
    if isinstance(port, str):
        return port_name_error(port)
    if isinstance(port, (int, float)) and not 1 <= port <= LARGEST_PORT:
        return f"out of range (got {port:g}). Allowed are 1 to {LARGEST_PORT}."
    return None
