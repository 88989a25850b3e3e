"""Tests of the trust store of mutual TLS."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.alb.trust_store import TrustStore, TrustStoreArgs
from tests.engine_recorder import record

ARGS = TrustStoreArgs(bundle_bucket="authorities", bundle_key="clients.pem", tags={"Stack": "dev"})


def test_trust_store_has_the_given_bundle() -> None:
    recording = record(lambda: TrustStore("clients", replace(ARGS, bundle_version="3")))
    store = recording.one("aws:lb/trustStore:TrustStore").inputs

    assert recording.tree() == {"clients": None, "clients-trust": "clients"}
    assert store["caCertificatesBundleS3Bucket"] == "authorities"
    assert store["caCertificatesBundleS3Key"] == "clients.pem"
    assert store["caCertificatesBundleS3ObjectVersion"] == "3"
    assert store["tags"] == {"Stack": "dev", "Name": "clients-trust"}


@pytest.mark.parametrize("key", ["", "/clients.pem"])
def test_invalid_bundle_key_is_rejected(key: str) -> None:
    with pytest.raises(ValueError, match=rf"bundle_key: not an object key \(got '{key}'\)"):
        replace(ARGS, bundle_key=key)


def test_name_that_is_too_long_for_aws_is_rejected() -> None:
    with pytest.raises(ValueError, match="name: too long"):
        record(lambda: TrustStore("a" * 19, ARGS))
