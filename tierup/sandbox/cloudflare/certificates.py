"""Behaviour of Cloudflare's advanced certificates."""

from __future__ import annotations

from ..behaviour import Behaviour, Reference
from . import sources

_PACK = sources.sdk("certificatepack")

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
        regional=False,
    ),
)
