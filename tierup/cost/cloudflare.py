"""Cloudflare charges for the plan of the zone and for add-ons, which are bought outside Pulumi: all types are free."""

from __future__ import annotations

from typing import Final

FREE: Final = frozenset(
    f"cloudflare:index/{each}"
    for each in (
        "argoTieredCaching:ArgoTieredCaching",
        "authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate",
        "authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings",
        "certificatePack:CertificatePack",  # the add-on Advanced Certificate Manager of the zone
        "cloudConnectorRules:CloudConnectorRules",
        "dnsRecord:DnsRecord",
        "ruleset:Ruleset",
        "tieredCache:TieredCache",
        "zoneSetting:ZoneSetting",
    )
)
"""Types that every plan includes, or that are part of the plan or the add-on that was bought."""
