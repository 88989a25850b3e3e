"""Behaviour of Cloudflare's advanced certificates."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Reference, Rejection, Stage, located, rule
from . import sources
from .zones import domain_of, is_inside

_PACK = sources.sdk("certificatepack")


@rule("hosts-are-in-the-zone", Stage.CREATE, source=_PACK)
def _hosts(call: Call) -> Iterator[Rejection]:
    domain = domain_of(call)
    for at, host in located(call.inputs, "hosts[*]"):
        if domain is not None and not is_inside(str(host).removeprefix("*."), domain):
            yield Rejection(at, f"the host is not in the zone {domain} (got '{host}').", "1434")


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
