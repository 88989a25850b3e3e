"""Tests of the behaviour rows of trust stores."""

from __future__ import annotations

from tierup.sandbox.aws.elb import BUCKET, LISTENER, TRUST_STORE
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import forward


def test_trust_store_requires_bucket_object(account: Account) -> None:
    account.add_existing(BUCKET, "authorities", bucket="authorities")
    bundle = {"caCertificatesBundleS3Bucket": "authorities", "caCertificatesBundleS3Key": "clients.pem"}
    store = account.make(TRUST_STORE, "clients", name="clients", **bundle)

    assert ":truststore/clients/" in store.outputs["arn"]
    assert account.codes(TRUST_STORE, "again", name="clients", **bundle) == {"DuplicateTrustStoreName"}
    missing = {**bundle, "caCertificatesBundleS3Bucket": "missing"}
    assert account.codes(TRUST_STORE, "lost", **missing) == {"CaCertificatesBundleNotFound"}
    assert not account.replaced_by(store, caCertificatesBundleS3Key="others.pem")


def test_trust_store_in_use_cannot_be_deleted(
    account: Account, balancer: CloudResource, targets: CloudResource
) -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:truststore/clients/0123456789abcdef"
    store = account.add_existing(TRUST_STORE, arn, arn=arn, name="clients")
    account.make(
        LISTENER,
        loadBalancerArn=balancer.id,
        port=443,
        protocol="HTTPS",
        certificateArn="arn:aws:iam::123456789012:server-certificate/api",
        mutualAuthentication={"mode": "verify", "trustStoreArn": arn},
        defaultActions=forward(targets),
    )

    assert account.delete_codes(store) == {"TrustStoreInUse"}
