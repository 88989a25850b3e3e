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


def without_parent(text: str) -> str | None:
    """Paths without `..`."""
    if not text:
        return "it is required."
    return f"must not contain '..' (got '{text}')." if ".." in text.split("/") else None


def relative_path(text: str) -> str | None:
    """Paths below a volume."""
    return f"must be a relative path (got '{text}')." if text.startswith("/") else without_parent(text)


def header(text: str) -> str | None:
    """Names of HTTP headers."""
    return None if re.fullmatch(r"[-A-Za-z0-9]+", text) else f"not the name of an HTTP header (got '{text}')."


def sysctl(text: str) -> str | None:
    """Names of kernel parameters."""
    part = r"[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
    return None if re.fullmatch(rf"({part}[./])*{part}", text) else f"not the name of a sysctl (got '{text}')."


def downward_field(text: str) -> str | None:
    """Fields of a pod that a volume may have."""
    if re.fullmatch(r"metadata\.(name|namespace|uid|(labels|annotations)(\['[^']+'\])?)", text):
        return None
    return f"unsupported value (got '{text}'). Supported: metadata.name, namespace, uid, labels and annotations."


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
