"""The certificate pack of AdvancedCertificate, and the number of hosts that it allows."""

from __future__ import annotations

import pytest

from components.cloudflare.advanced_certificate import AdvancedCertificate, AdvancedCertificateArgs
from tests.engine_recorder import record

ZONE = "0123456789abcdef0123456789abcdef"


def test_one_certificate_pack_has_each_host_once() -> None:
    hosts = ("example.com", "app.example.com", "api.app.example.com", "app.example.com")
    recording = record(
        lambda: AdvancedCertificate("edge", AdvancedCertificateArgs(zone_id=ZONE, hosts=hosts)),
    )
    pack = recording.one("cloudflare:index/certificatePack:CertificatePack")
    assert pack.inputs["hosts"] == ["example.com", "app.example.com", "api.app.example.com"]
    assert pack.inputs["type"] == "advanced"


def test_a_certificate_needs_a_host_and_has_fifty_at_most() -> None:
    for hosts in ((), tuple(f"h{number}.example.com" for number in range(51))):
        with pytest.raises(ValueError, match="hosts: not a number of hosts"):
            AdvancedCertificateArgs(zone_id=ZONE, hosts=hosts)
