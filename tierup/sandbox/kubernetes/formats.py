"""The formats of single texts: names, keys and addresses. Each returns the error of a text, or None if it is valid."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping

from ..behaviour import BehaviourRule, Call, Rejection, Source, Stage, located, rule
from .objects import INVALID, key_error, label_errors, label_name_error, subdomain_error

Format = Callable[[str], str | None]

_CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")


def config_key(text: str) -> str | None:
    """Keys of config maps and secrets."""
    if _CONFIG_KEY.fullmatch(text) and text != "." and not text.startswith(".."):
        return None
    return f"invalid key (got '{text}'). Allowed are 253 letters, digits, '-', '_' and '.'."


def not_empty(text: str) -> str | None:
    """Any text except an empty one."""
    return None if text else "it is required."


def address(text: str) -> str | None:
    """IP addresses."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return f"not an IP address (got '{text}')."
    return None


def label_value(text: str) -> str | None:
    """Values of labels."""
    return next((error for _, error in label_errors({"key": text})), None)


def driver(text: str) -> str | None:
    """Names of CSI drivers: DNS subdomains of 63 characters, in upper or lower case."""
    return subdomain_error(text.lower()) if len(text) <= 63 else f"too long (got '{text}'). Allowed are 63 characters."


def optional(check: Format) -> Format:
    """Return a format that allows an empty text as well, which the API treats as absent."""

    def checked(text: str) -> str | None:
        return check(text) if text else None

    return checked


LABEL: Format = label_name_error
SUBDOMAIN: Format = subdomain_error
QUALIFIED_NAME: Format = key_error


def format_rule(formats: Mapping[str, Format], source: Source) -> BehaviourRule:
    """Return the rule for the texts at property paths."""

    @rule("text-formats", Stage.PLAN, source=source)
    def check(call: Call) -> Iterator[Rejection]:
        for path, has_format in formats.items():
            for at, text in located(call.inputs, path):
                if isinstance(text, str) and (error := has_format(text)):
                    yield Rejection(at, error, INVALID)

    return check
