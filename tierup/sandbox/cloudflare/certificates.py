"""Behaviour of Cloudflare's advanced certificates."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Reference, Rejection, Stage, located, rule
from . import sources
from .zones import ZONE, is_inside

_PACK = sources.sdk("certificatepack")


@rule("hosts-are-in-the-zone", Stage.CREATE, source=_PACK)
def _hosts(call: Call) -> Iterator[Rejection]:
    zone = call.cloud.get(ZONE, call.get("zoneId") or "")
    for at, host in located(call.inputs, "hosts[*]"):
        if zone is not None and not is_inside(str(host).removeprefix("*."), str(zone.outputs.get("name"))):
            yield Rejection(at, f"the host is not in the zone {zone.outputs.get('name')} (got '{host}').", "1434")


BEHAVIOURS = (
    Behaviour(
        type="cloudflare:index/certificatePack:CertificatePack",
        source=_PACK,
        id="{uuid}",
        outputs={"status": "active", "validationErrors": [], "validationRecords": [], "certificates": []},
        replaces=frozenset(
            {
                "zoneId",
                "type",
                "hosts",
                "certificateAuthority",
                "validationMethod",
                "validityDays",
                "cloudflareBranding",
            }
        ),
        replace_source=sources.REPLACED,
        enums={
            "type": ("advanced",),
            "validationMethod": ("txt", "http", "email"),
            "certificateAuthority": ("google", "lets_encrypt", "ssl_com"),
            "validityDays": (14, 30, 90, 365),
        },
        references=(Reference(path="zoneId", to="cloudflare:index/zone:Zone", source=_PACK),),
        rules=(_hosts,),
        regional=False,
    ),
)
