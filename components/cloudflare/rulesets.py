"""How rules of Cloudflare's rulesets are written. Pure functions; the resources are in the other cloudflare_*.py.

Every rule has a `ref`, a `description` and `enabled`: what is left out, Cloudflare fills in, and the next preview would
see a change (cloudflare/terraform-provider-cloudflare#5390). A `ref` keeps a rule the same when others come before it.
Language: https://developers.cloudflare.com/ruleset-engine/rules-language/.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import pulumi_cloudflare as cloudflare

Rule: TypeAlias = "cloudflare.RulesetRuleArgsDict"

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def for_host(host: str, *conditions: str) -> str:
    """An expression for requests to `host` for which all `conditions` hold. Raises ValueError for what is no host."""
    if not _HOST.fullmatch(host):
        raise ValueError(f"host: got {host!r}, allowed a full lower-case host name such as app.example.com")
    return " and ".join(f"({each})" for each in (f'http.host eq "{host}"', *conditions))
