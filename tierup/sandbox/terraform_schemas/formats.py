"""The formats of strings that the Terraform providers check before they call their cloud."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..time_windows import daily_window, weekly_window

_ARN = re.compile(
    r"arn:aws(-[a-z]+)*:[^:]+:([a-z]{2}(-[a-z]+)+-\d)?:(aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10})?:.+",
    re.DOTALL,
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _is_network(value: str, version: int | None = None, *, strict: bool = True) -> bool:
    try:
        found = ipaddress.ip_network(value, strict=strict)
    except ValueError:
        return False
    return "/" in value and version in (None, found.version)


def _is_address(value: str, version: int | None = None) -> bool:
    try:
        return version in (None, ipaddress.ip_address(value).version)
    except ValueError:
        return False


def _is_port(value: Any) -> bool:
    try:
        return 1 <= int(value) <= 65_535
    except ValueError:
        return False


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


FORMATS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "arn": (
        lambda value: _ARN.fullmatch(value) is not None,
        "an ARN such as arn:aws:sns:eu-west-1:123456789012:alarms",
    ),
    "account": (lambda value: re.fullmatch(r"\d{12}", value) is not None, "an account id of 12 digits"),
    "port": (_is_port, "a port from 1 to 65535"),
    "network": (_is_network, "a CIDR block without host bits, such as 10.0.0.0/16"),
    "network4": (lambda value: _is_network(value, 4), "an IPv4 CIDR block without host bits, such as 10.0.0.0/16"),
    "network6": (lambda value: _is_network(value, 6), "an IPv6 CIDR block without host bits, such as 2001:db8::/56"),
    "cidr": (lambda value: _is_network(value, strict=False), "a CIDR block such as 10.0.0.0/16"),
    "address": (_is_address, "an IP address such as 192.0.2.1"),
    "address4": (lambda value: _is_address(value, 4), "an IPv4 address such as 192.0.2.1"),
    "address6": (lambda value: _is_address(value, 6), "an IPv6 address such as 2001:db8::1"),
    "time": (lambda value: _TIME.fullmatch(value) is not None, "a time such as 2026-01-31T12:00:00Z"),
    "https": (lambda value: re.match(r"https://[^/\s]", value) is not None, "a URL that starts with https://"),
    "json": (_is_json, "JSON"),
    "weekly": (lambda value: weekly_window(value) is not None, "a window such as sun:05:00-sun:06:00 (UTC)"),
    "daily": (lambda value: daily_window(value) is not None, "a window such as 03:00-04:00 (UTC)"),
}
"""By the name that the tables use: the check of a non-empty value, and what is allowed, for messages."""
