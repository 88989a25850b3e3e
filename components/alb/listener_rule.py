"""Which requests a listener rule takes, and at which place in the order of rules.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html (from memory, to be checked)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_aws.lb import ListenerRuleConditionArgsDict

LAST_PRIORITY = 50_000  # API model of elbv2, CreateRule (read 2026-11-24)
"""The lowest place a rule can have: it is asked after all others, before the listener's default action."""

_MOST_VALUES = 5
"""Values that the conditions of one rule may have together."""
_HOST = re.compile(r"[A-Za-z0-9.*?-]{1,128}")
_PATH = re.compile(r"/[A-Za-z0-9_\-.$/~\"'@:+*?&;=%]{0,127}")


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestMatch:
    """Requests whose host, path and headers each are among those given; what is empty matches anything."""

    hosts: Sequence[str] = ()
    """`*` and `?` as wildcards: "api.example.com", "*.example.com"."""
    paths: Sequence[str] = ()
    """`*` and `?` as wildcards, case matters: "/reports", "/reports/*"."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Header -> value, with wildcards; to let testers choose a version of an A/B test."""

    def __post_init__(self) -> None:
        values = len(self.hosts) + len(self.paths) + len(self.headers)
        if not 1 <= values <= _MOST_VALUES:
            raise ValueError(
                f"hosts, paths, headers: got {values} values together, allowed 1 to {_MOST_VALUES}: "
                "a listener rule takes no more; split it into two routes"
            )
        for host in self.hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"hosts: got {host!r}, allowed a host name, with * and ? as wildcards")
        for path in self.paths:
            if not _PATH.fullmatch(path):
                raise ValueError(f"paths: got {path!r}, allowed a path that starts with /, with * and ? as wildcards")


EVERYTHING = RequestMatch(paths=("/*",))
"""A rule that takes every request that no rule before it took."""


def check_priority(priority: int) -> None:
    """Raises ValueError unless AWS takes `priority`."""
    if not 1 <= priority <= LAST_PRIORITY:
        raise ValueError(
            f"priority: got {priority}, allowed 1 (asked first) to {LAST_PRIORITY} (asked last), each once a listener"
        )


def conditions(match: RequestMatch) -> list[ListenerRuleConditionArgsDict]:
    """`match` as AWS takes it: all conditions must hold, of the values of one condition any."""
    found: list[ListenerRuleConditionArgsDict] = []
    if match.hosts:
        found.append({"host_header": {"values": list(match.hosts)}})
    if match.paths:
        found.append({"path_pattern": {"values": list(match.paths)}})
    found.extend(
        {"http_header": {"http_header_name": name, "values": [value]}} for name, value in sorted(match.headers.items())
    )
    return found
