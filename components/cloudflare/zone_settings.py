"""The settings of a Cloudflare zone that decide whether traffic is encrypted, to the browser and to the origin.

Makes: one setting each. Not here: what Cloudflare has on by itself and we would not turn off (TLS 1.3, HTTP/2, IPv6)
or has no setting for any more: it compresses by content type, with Brotli, in every zone since June 2024
(https://developers.cloudflare.com/fundamentals/api/reference/deprecations/, read 2026-11-24).
Checklist: HTTPS enforced.

They hold for every name in the zone, and a zone has one set of rules a phase: a zone belongs to one stack.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareZoneSettingsArgs:
    """What differs between zones. Nothing at Cloudflare has tags that a free plan could use."""

    zone_id: Input[str]
    """The zone that is set."""

    def values(self) -> dict[str, str]:
        """Setting -> value."""
        return {
            # Strict: the origin's certificate is checked. Less, and anybody between the two can read along.
            "ssl": "strict",
            "min_tls_version": "1.2",
            "always_use_https": "on",
            "http3": "on",
            "websockets": "on",
        }


class CloudflareZoneSettings(ComponentResource):
    """Settings that Cloudflare keeps: taking one away here leaves it as it was last."""

    def __init__(self, name: str, args: CloudflareZoneSettingsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:ZoneSettings", name, None, opts)
        for setting, value in args.values().items():
            cloudflare.ZoneSetting(
                f"{name}-{setting.replace('_', '-')}",
                zone_id=args.zone_id,
                setting_id=setting,
                value=value,
                opts=ResourceOptions(parent=self),
            )
        self.register_outputs({})
