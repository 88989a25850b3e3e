"""The registrar of the sandbox: which DNS provider each domain is delegated to.

A real registrar delegates a domain by its name servers. Nobody has to register a domain in the sandbox: a name is
delegated to the provider that had a record of it first, until `tierup sandbox delegate` says otherwise.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Mapping
from typing import Final

from tierup.sandbox.cloud import Cloud, CloudResource

_SETTING: Final = "delegations"
_DOMAIN: Final = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\.?")


class DnsProvider(enum.StrEnum):
    """A provider of DNS zones."""

    ROUTE53 = "route53"
    CLOUDFLARE = "cloudflare"


RECORDS: Final[Mapping[str, DnsProvider]] = {
    "aws:route53/record:Record": DnsProvider.ROUTE53,
    "cloudflare:index/dnsRecord:DnsRecord": DnsProvider.CLOUDFLARE,
}
"""The type of a provider's records → the provider."""


def delegations(cloud: Cloud) -> dict[str, DnsProvider]:
    """Return the providers that were set, by domain."""
    stored: dict[str, str] = json.loads(cloud.setting(_SETTING) or "{}")
    return {domain: DnsProvider(provider) for domain, provider in stored.items()}


def delegate(cloud: Cloud, domain: str, provider: DnsProvider) -> None:
    """Delegate a domain, with all names below it, to a provider. Raises ValueError for a name that is no domain."""
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"DOMAIN: not a domain (got '{domain}'). Give a name such as example.com.")
    cloud.set_setting(_SETTING, json.dumps({**delegations(cloud), domain.lower().rstrip("."): provider}))


def delegated(name: str, set_explicitly: Mapping[str, DnsProvider]) -> DnsProvider | None:
    """Return the provider that was set for a name or for the nearest domain above it, or None."""
    labels = name.rstrip(".").split(".")
    for level in range(len(labels)):
        provider = set_explicitly.get(".".join(labels[level:]))
        if provider is not None:
            return provider
    return None


def first_provider(records: list[CloudResource]) -> DnsProvider | None:
    """Return the provider of the oldest of a name's records; None if there is none, or if their order is not known."""
    first: dict[DnsProvider, int] = {}
    for record in records:
        provider = RECORDS[record.type]
        first[provider] = min(record.key, first.get(provider, record.key))
    ordered = sorted(first.items(), key=lambda each: each[1])
    if not ordered or (len(ordered) > 1 and ordered[0][1] == ordered[1][1]):
        return None
    return ordered[0][0]
