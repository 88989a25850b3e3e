"""Changes of Cloudflare resources: update, replacement or no change, as the Terraform provider decides."""

from __future__ import annotations

from typing import Any

import pytest

from ..provider_calls import Engine

CERTIFICATE = "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"
PEM = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----"


@pytest.mark.parametrize(
    ("type", "old", "new", "updates", "replaces"),
    [
        (CERTIFICATE, {"certificate": PEM}, {"certificate": f"{PEM}\n"}, {"certificate"}, set[str]()),
        (CERTIFICATE, {"certificate": PEM}, {"certificate": PEM.replace("abc", "abd")}, set[str](), {"certificate"}),
        (CERTIFICATE, {"certificate": PEM, "privateKey": "a"}, {"certificate": PEM, "privateKey": "b"}, set[str](),
         {"privateKey"}),
        (RECORD, {"proxied": True}, {}, set[str](), set[str]()),
        (RECORD, {"content": "192.0.2.1"}, {}, set[str](), set[str]()),
        (RECORD, {"content": "192.0.2.1"}, {"content": "192.0.2.2"}, {"content"}, set[str]()),
        (RECORD, {"type": "A"}, {"type": "AAAA"}, set[str](), {"type"}),
    ],
)  # fmt: skip
def test_change_is_decided_as_by_the_provider(
    type: str, old: dict[str, Any], new: dict[str, Any], updates: set[str], replaces: set[str]
) -> None:
    assert Engine(package="cloudflare").diff(type, old, new) == (updates, replaces)
