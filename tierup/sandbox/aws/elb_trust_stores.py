"""Elastic Load Balancing: trust stores of mutual TLS."""

from __future__ import annotations

from tierup.sandbox.behaviour import (
    Behaviour,
    Name,
    Quota,
    Reference,
)

from .elb import BUCKET, ELB, HYPHENATED, QUOTAS, TRUST_STORE
from .sources import api, created_only, sdk

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=TRUST_STORE,
        source=sdk("lb/truststore"),
        id="arn:aws:elasticloadbalancing:{region}:{account}:truststore/{name}/{hex16}",
        outputs={
            "arn": "{id}",
            "arnSuffix": lambda call: call.id.rpartition(":")[2],
            "namePrefix": "",
        },
        replaces=frozenset({"name", "namePrefix"}),
        replace_source=created_only("AWS::ElasticLoadBalancingV2::TrustStore"),
        name=Name(
            longest=32,
            pattern=HYPHENATED,
            allowed="letters, digits and hyphens, without a hyphen first or last",
            taken="DuplicateTrustStoreName",
            source=api(ELB, "CreateTrustStore"),
        ),
        references=(
            Reference(
                path="caCertificatesBundleS3Bucket",
                to=BUCKET,
                by="bucket",
                code="CaCertificatesBundleNotFound",
                holds=False,  # ELB copies the bundle
                source=api(ELB, "CreateTrustStore"),
            ),
        ),
        quotas=(
            Quota(limit=20, per="region", what="trust stores per Region", code="TooManyTrustStores", source=QUOTAS),
        ),
    ),
)
