"""Cloudflare charges for the plan of the zone, which is bought outside Pulumi, so all types here are free."""

from __future__ import annotations

from typing import Final

FREE: Final = frozenset(
    f"cloudflare:index/{each}"
    for each in (
        "argoTieredCaching:ArgoTieredCaching",
        "authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate",
        "authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings",
        "cloudConnectorRules:CloudConnectorRules",
        "dnsRecord:DnsRecord",
        "ruleset:Ruleset",
        "tieredCache:TieredCache",
        "zoneSetting:ZoneSetting",
    )
)
"""Types that every plan includes, or that are part of the plan that was bought."""
