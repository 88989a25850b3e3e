"""The form of rules in Cloudflare's rulesets. This module creates no resources.

Every rule has `ref`, `description` and `enabled`. Cloudflare sets the ones that are missing, and the next preview would
show a change (cloudflare/terraform-provider-cloudflare#5390). A `ref` identifies a rule when others precede it.
Language: https://developers.cloudflare.com/ruleset-engine/rules-language/.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import pulumi_cloudflare as cloudflare

Rule: TypeAlias = "cloudflare.RulesetRuleArgsDict"

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def for_host(host: str, *conditions: str) -> str:
    """Return an expression for requests to `host` that meet all `conditions`. Raises ValueError for an invalid host."""
    if not _HOST.fullmatch(host):
        raise ValueError(
            f"host: not a full host name in lower case (got {host!r}). Give a name such as app.example.com."
        )
    return " and ".join(f"({each})" for each in (f'http.host eq "{host}"', *conditions))
