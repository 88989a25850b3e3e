"""The form of rules in Cloudflare's rulesets. This module creates no resources.

Every rule has `ref`, `description` and `enabled`. Cloudflare sets the ones that are missing, and the next preview would
show a change (cloudflare/terraform-provider-cloudflare#5390). A `ref` identifies a rule when others precede it.
Language: https://developers.cloudflare.com/ruleset-engine/rules-language/.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

import pulumi_cloudflare as cloudflare

Rule: TypeAlias = "cloudflare.RulesetRuleArgsDict"

_PREFIX = re.compile(r"/([A-Za-z0-9_.~-]+/)+\*")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def below(path: str) -> str:
    """Return the expression for paths that match the pattern `path`, which ends with a slash and `*`: /api/*."""
    if not _PREFIX.fullmatch(path):
        raise ValueError(f"api_path: not a path prefix (got {path!r}). Give a pattern such as /api/*.")
    return f'starts_with(http.request.uri.path, "{path[:-1]}")'


def not_below(path: str | None) -> tuple[str, ...]:
    """Return the condition that excludes the paths below `path`; none for None."""
    return () if path is None else (f"not {below(path)}",)


def for_host(host: str | Sequence[str], *conditions: str) -> str:
    """Return an expression for requests to `host`, one or several names, that meet all `conditions`.

    Raises ValueError for an invalid host.
    """
    hosts = [host] if isinstance(host, str) else host
    for each in hosts:
        if not _HOST.fullmatch(each):
            raise ValueError(
                f"host: not a full host name in lower case (got {each!r}). Give a name such as app.example.com."
            )
    listed = " ".join(f'"{each}"' for each in hosts)
    selected = f"http.host eq {listed}" if len(hosts) == 1 else f"http.host in {{{listed}}}"
    return " and ".join(f"({each})" for each in (selected, *conditions))
