"""The provider functions of cloudflare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tierup.sandbox.registry import Configuration, Invoke, InvokeError

from ..behaviour import digest
from ..cloud import Cloud, CloudResource

_ZONE = "cloudflare:index/zone:Zone"

_IPV4 = (
    "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18",
    "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13",
    "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
)  # fmt: skip
_IPV6 = (
    "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29",
    "2c0f:f248::/32",
)  # fmt: skip
"""Cloudflare's addresses: https://www.cloudflare.com/ips/, from a copy of that page (read 2026-11-24)."""


def _ip_ranges(_arguments: Mapping[str, Any], _cloud: Cloud, _configuration: Configuration) -> Mapping[str, Any]:
    return {"id": "ips", "ipv4Cidrs": list(_IPV4), "ipv6Cidrs": list(_IPV6), "etag": digest("".join(_IPV4), 32)}


def _zone(arguments: Mapping[str, Any], cloud: Cloud, configuration: Configuration) -> Mapping[str, Any]:
    """Return a zone by id or name. Every domain exists in the sandbox's account."""
    name = str((arguments.get("filter") or {}).get("name") or "")
    zone_id = str(arguments.get("zoneId") or digest(name, 32))
    if not name and not arguments.get("zoneId"):
        raise InvokeError("zoneId or filter.name is required.", "zoneId")
    found = cloud.get(_ZONE, zone_id) or next(iter(cloud.find(_ZONE, name=name)), None)
    if found is None:
        with cloud.alone():
            found = cloud.get(_ZONE, zone_id) or cloud.add(
                CloudResource(
                    type=_ZONE,
                    id=zone_id,
                    urn="",
                    region="",
                    account=configuration.account,
                    inputs={"name": name or "example.com"},
                    outputs={"name": name or "example.com", "zoneId": zone_id, "status": "active"},
                )
            )
    return {"id": found.id, "zoneId": found.id, "name": found.outputs["name"], "status": "active", "paused": False}


INVOKES: Mapping[str, Invoke] = {
    "cloudflare:index/getIpRanges:getIpRanges": _ip_ranges,
    "cloudflare:index/getZone:getZone": _zone,
}
