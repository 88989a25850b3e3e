"""The settings of a Cloudflare zone that encrypt traffic to browsers and to the origin.

Creates one resource per setting. Settings that Cloudflare enables by default (TLS 1.3, HTTP/2, IPv6) are omitted, and
so is Brotli, which has no setting since June 2024: Cloudflare compresses by content type in every zone
(https://developers.cloudflare.com/fundamentals/api/reference/deprecations/, read 2026-11-24).
Checklist: HTTPS enforced.

The settings apply to every name in the zone, and a zone has one ruleset per phase, so a zone belongs to one stack.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareZoneSettingsArgs:
    """Arguments of CloudflareZoneSettings. Cloudflare has no tags on the Free plan."""

    zone_id: Input[str]
    """Id of the zone."""

    def values(self) -> dict[str, str]:
        """Return setting -> value."""
        return {
            # Cloudflare verifies the origin's certificate. Weaker modes allow interception between the two.
            "ssl": "strict",
            "min_tls_version": "1.2",
            "always_use_https": "on",
            "http3": "on",
            "websockets": "on",
        }


class CloudflareZoneSettings(ComponentResource):
    """Settings of a zone. Removing a setting from the program leaves its last value at Cloudflare."""

    def __init__(self, name: str, args: CloudflareZoneSettingsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareZoneSettings", name, None, opts)
        for setting, value in args.values().items():
            cloudflare.ZoneSetting(
                f"{name}-{setting.replace('_', '-')}",
                zone_id=args.zone_id,
                setting_id=setting,
                value=value,
                opts=ResourceOptions(parent=self),
            )
        self.register_outputs({})
