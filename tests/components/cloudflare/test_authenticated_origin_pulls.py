"""The client certificate that Cloudflare shows: there before it is asked for, and its key a secret."""

from __future__ import annotations

import pytest

from components.cloudflare.authenticated_origin_pulls import CloudflareOriginPulls, CloudflareOriginPullsArgs
from tests.engine_recorder import record

PEM = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"
ARGS = CloudflareOriginPullsArgs(zone_id="z", certificate=PEM, private_key="a-key")


def test_the_certificate_is_there_before_it_is_shown() -> None:
    recording = record(lambda: CloudflareOriginPulls("pulls", ARGS))

    assert recording.tree() == {"pulls": None, "pulls-certificate": "pulls", "pulls-switch": "pulls"}
    switch = recording.one("cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings")
    assert switch.inputs == {"zoneId": "z", "enabled": True}
    assert "pulls-certificate" in switch.opts.depends_on


def test_the_key_is_a_secret_even_if_given_plain() -> None:
    certificate = record(lambda: CloudflareOriginPulls("pulls", ARGS)).named("pulls-certificate")

    assert certificate.secret_inputs == {"privateKey"}


def test_what_is_no_certificate_is_refused() -> None:
    with pytest.raises(ValueError, match="certificate: got 'MII'"):
        CloudflareOriginPullsArgs(zone_id="z", certificate="MII", private_key="a-key")
