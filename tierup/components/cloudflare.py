"""Cloudflare: DNS, certificates, rules and settings of a zone."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.cloudflare.advanced_certificate import AdvancedCertificate, AdvancedCertificateArgs
    from components.cloudflare.authenticated_origin_pulls import CloudflareOriginPulls, CloudflareOriginPullsArgs
    from components.cloudflare.cache_rules import CloudflareCache, CloudflareCacheArgs
    from components.cloudflare.cache_tags import CloudflareCacheTags, CloudflareCacheTagsArgs
    from components.cloudflare.delegation import CloudflareDelegation, CloudflareDelegationArgs
    from components.cloudflare.dns_record import CloudflareRecord, CloudflareRecordArgs
    from components.cloudflare.error_pages import CloudflareErrorPages, CloudflareErrorPagesArgs
    from components.cloudflare.origin_rules import CloudflareOrigin, CloudflareOriginArgs
    from components.cloudflare.plan import CloudflarePlan, CloudflareRateLimit
    from components.cloudflare.redirects import CloudflareRedirects, CloudflareRedirectsArgs
    from components.cloudflare.response_headers import CloudflareHeaders, CloudflareHeadersArgs
    from components.cloudflare.waf import CloudflareWaf, CloudflareWafArgs, MaintenancePage
    from components.cloudflare.zone_settings import CloudflareZoneSettings, CloudflareZoneSettingsArgs

__all__ = [
    "AdvancedCertificate",
    "AdvancedCertificateArgs",
    "CloudflareCache",
    "CloudflareCacheArgs",
    "CloudflareCacheTags",
    "CloudflareCacheTagsArgs",
    "CloudflareDelegation",
    "CloudflareDelegationArgs",
    "CloudflareErrorPages",
    "CloudflareErrorPagesArgs",
    "CloudflareHeaders",
    "CloudflareHeadersArgs",
    "CloudflareOrigin",
    "CloudflareOriginArgs",
    "CloudflareOriginPulls",
    "CloudflareOriginPullsArgs",
    "CloudflarePlan",
    "CloudflareRateLimit",
    "CloudflareRecord",
    "CloudflareRecordArgs",
    "CloudflareRedirects",
    "CloudflareRedirectsArgs",
    "CloudflareWaf",
    "CloudflareWafArgs",
    "CloudflareZoneSettings",
    "CloudflareZoneSettingsArgs",
    "MaintenancePage",
]
