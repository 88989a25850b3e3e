"""Authenticated Origin Pulls: order of creation, and the secret private key."""

from __future__ import annotations

import pytest

from components.cloudflare.authenticated_origin_pulls import CloudflareOriginPulls, CloudflareOriginPullsArgs
from tests.engine_recorder import record

PEM = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"
ARGS = CloudflareOriginPullsArgs(zone_id="z", certificate=PEM, private_key="a-key")


def test_settings_depend_on_the_certificate() -> None:
    recording = record(lambda: CloudflareOriginPulls("pulls", ARGS))

    assert recording.tree() == {"pulls": None, "pulls-certificate": "pulls", "pulls-settings": "pulls"}
    settings = recording.one("cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings")
    assert settings.inputs == {"zoneId": "z", "enabled": True}
    assert "pulls-certificate" in settings.opts.depends_on


def test_private_key_is_secret_even_if_given_as_plain_text() -> None:
    certificate = record(lambda: CloudflareOriginPulls("pulls", ARGS)).named("pulls-certificate")

    assert certificate.secret_inputs == {"privateKey"}


def test_invalid_certificate_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"certificate: not in PEM form .got 'MII'"):
        CloudflareOriginPullsArgs(zone_id="z", certificate="MII", private_key="a-key")
