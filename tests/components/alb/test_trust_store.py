"""Mutual TLS: the authorities whose clients may come in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.alb.trust_store import TrustStore, TrustStoreArgs
from tests.engine_recorder import record

ARGS = TrustStoreArgs(bundle_bucket="authorities", bundle_key="clients.pem", tags={"Stack": "dev"})


def test_it_reads_the_bundle_it_is_given() -> None:
    recording = record(lambda: TrustStore("clients", replace(ARGS, bundle_version="3")))
    store = recording.one("aws:lb/trustStore:TrustStore").inputs

    assert recording.tree() == {"clients": None, "clients-trust": "clients"}
    assert store["caCertificatesBundleS3Bucket"] == "authorities"
    assert store["caCertificatesBundleS3Key"] == "clients.pem"
    assert store["caCertificatesBundleS3ObjectVersion"] == "3"
    assert store["tags"] == {"Stack": "dev", "Name": "clients-trust"}


@pytest.mark.parametrize("key", ["", "/clients.pem"])
def test_a_key_that_no_object_has_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=f"bundle_key: got '{key}'"):
        replace(ARGS, bundle_key=key)


def test_a_name_that_aws_would_refuse_is_refused_first() -> None:
    with pytest.raises(ValueError, match="name: got"):
        record(lambda: TrustStore("a" * 19, ARGS))
