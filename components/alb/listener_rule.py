"""Conditions and priority of listener rules.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html (read 2026-11-28)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_aws.lb import ListenerRuleConditionArgsDict

LAST_PRIORITY = 50_000  # API model of elbv2, CreateRule (read 2026-11-24)
"""The lowest priority of a rule, which is evaluated last, before the listener's default action."""

MAX_MATCH_VALUES = 5
"""Maximum number of condition values of one rule."""
_HOST = re.compile(r"[A-Za-z0-9.*?-]{1,128}")
_PATH = re.compile(r"/[A-Za-z0-9_\-.$/~\"'@:+*?&;=%]{0,127}")


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestMatch:
    """Requests that match one of the hosts, one of the paths and every header. An empty condition matches every
    request.

    Raises ValueError for malformed values, and for none or more than five of them.
    """

    hosts: Sequence[str] = ()
    """Host names, with the wildcards `*` and `?`: "api.example.com", "*.example.com"."""
    paths: Sequence[str] = ()
    """Case-sensitive paths, with the wildcards `*` and `?`: "/reports", "/reports/*"."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Header -> value with wildcards, for example to let testers select a version of an A/B test."""

    def __post_init__(self) -> None:
        values = len(self.hosts) + len(self.paths) + len(self.headers)
        if not 1 <= values <= MAX_MATCH_VALUES:
            raise ValueError(
                f"hosts, paths, headers: wrong number of values (got {values}). "
                f"Set 1 to {MAX_MATCH_VALUES} values together, or split the rule into two routes."
            )
        for host in self.hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(
                    f"hosts: not a host name (got {host!r}). Set a host name, optionally with the wildcards * and ?."
                )
        for path in self.paths:
            if not _PATH.fullmatch(path):
                raise ValueError(
                    f"paths: not a path (got {path!r}). "
                    "Set a path that starts with /, optionally with the wildcards * and ?."
                )


ALL_REQUESTS = RequestMatch(paths=("/*",))
"""A match of every request, for a rule after all others."""


def check_priority(priority: int) -> None:
    """Raise ValueError unless `priority` is in AWS's range."""
    if not 1 <= priority <= LAST_PRIORITY:
        raise ValueError(
            f"priority: out of range (got {priority}). "
            f"Set 1 (evaluated first) to {LAST_PRIORITY} (evaluated last), unique on the listener."
        )


def conditions(match: RequestMatch) -> list[ListenerRuleConditionArgsDict]:
    """Return the rule conditions of `match`. All conditions must match, each by any of its values."""
    result: list[ListenerRuleConditionArgsDict] = []
    if match.hosts:
        result.append({"host_header": {"values": list(match.hosts)}})
    if match.paths:
        result.append({"path_pattern": {"values": list(match.paths)}})
    result.extend(
        {"http_header": {"http_header_name": name, "values": [value]}} for name, value in sorted(match.headers.items())
    )
    return result
