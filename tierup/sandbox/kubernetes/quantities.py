"""Resource quantities of Kubernetes: "500m", "512Mi", "1.5".

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ (read 2026-11-28)
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?")
_DECIMAL = {"m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}


def amount(quantity: Any) -> Decimal | None:
    """Return the amount of a quantity, or None if it is not a quantity."""
    found = _QUANTITY.fullmatch(f"{quantity:g}" if isinstance(quantity, float) else str(quantity))
    if found is None:
        return None
    number, unit = Decimal(found[1]), found[2] or ""
    if unit in _BINARY:
        return number * 2 ** _BINARY[unit]
    if unit in _DECIMAL:
        return number * Decimal(10) ** _DECIMAL[unit]
    return number * Decimal(10) ** int(unit[1:])


_PERCENT = re.compile(r"(\d+)%")


def share_error(value: Any, *, maximum: int | None = None) -> str | None:
    """Return the error of a number or percentage of pods, or None if it is valid, absent or not known.

    `maximum` is the largest percentage, None for no limit.
    """
    if isinstance(value, str):
        found = _PERCENT.fullmatch(value)
        if found is None:
            return f"neither a number nor a percentage (got '{value}'). Use the form 1 or 25%."
        if maximum is not None and int(found[1]) > maximum:
            return f"out of range (got {value}). Allowed are {maximum}% at most."
    elif isinstance(value, (int, float)) and value < 0:
        return f"negative (got {value:g}). Set 0 or more."
    return None
