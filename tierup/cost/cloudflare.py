"""What Cloudflare charges for: the plan of the zone, which is bought by hand. So nothing here costs more."""

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
"""Types that every plan has, or that come with the plan that was bought."""
