"""Whole stacks with settings that no pair of states has: customer managed keys and mutual TLS."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pytest

from components.cdn.provider import CdnKind
from tests.stacks.deployed import deployment
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.seeding import seed
from tierup.sandbox.traffic import evaluate
from tierup.sandbox.traffic.evaluation import Evaluator, Report, world_of
from tierup.sandbox.traffic.hops import dns, kms
from tools.switching.in_process_pairs import deployed
from tools.switching.states import STACK, ZONE, parse

PEM = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"
KEYS = {"tierup:databaseKmsKey": True, "tierup:kmsKeyUses": ["cache", "images"]}
MUTUAL_TLS = {"clientCertificates": json.dumps({"bucket": "authorities", "key": "clients.pem"})}
CLOUDFLARE = {"cdn": "cloudflare", "cloudflareZoneId": ZONE}


def problem_flows(report: Report) -> list[str]:
    return [each.flow.id for each in (*report.failed, *report.unknown, *report.opened)]


def add_authorities(cloud: Cloud) -> None:
    seed(cloud, dns.BUCKET, "authorities", {"bucket": "authorities"})


@pytest.mark.exhaustive
@pytest.mark.parametrize("cdn", [{}, CLOUDFLARE], ids=["cloudfront", "cloudflare"])
def test_an_api_with_mutual_tls_serves_only_clients_with_a_certificate(cdn: dict[str, str]) -> None:
    with deployment({"phase": "mvp", "tier": "small", **MUTUAL_TLS, **cdn}, prepare=add_authorities) as made:
        assert made.errors == []
        report = evaluate(made.cloud)
        assert problem_flows(report) == []
        assert [each.flow.id for each in report.closed if "without a certificate" in each.flow.source]


@pytest.mark.exhaustive
def test_cloudflare_reaches_an_api_with_mutual_tls_by_its_own_certificate() -> None:
    settings = {"phase": "scale", "tier": "small", "cloudflareClientCertificate": PEM, **MUTUAL_TLS, **CLOUDFLARE}
    secrets = {"cloudflareClientKey": "-----BEGIN PRIVATE KEY-----\nx"}  # pragma: allowlist secret
    with deployment(settings, prepare=add_authorities, secrets=secrets) as made:
        assert made.errors == []
        report = evaluate(made.cloud)
        assert problem_flows(report) == []
        assert "api" in {each.flow.kind for each in report.served}


@pytest.mark.exhaustive
def test_customer_managed_keys_serve_until_they_are_disabled() -> None:
    cloud = deployed({**parse("scale/small").config(CdnKind.CLOUDFRONT), **KEYS}, STACK).cloud
    with closing(cloud):
        assert problem_flows(evaluate(cloud)) == []
        world = world_of(cloud)
        (key,) = [each for each in world.rows.all(kms.KEY) if each.name == "stack-key"]
        world.rows.put(replace(key, outputs={**key.outputs, "isEnabled": False}))
        failed = {each.flow.id: each.decisive for each in Evaluator(world).report().failed}
        for flow in ("backend to database", "backend to cache", "backend to registry", "backend to Secrets Manager"):
            hop = failed[flow]
            assert hop is not None
            assert (hop.name, hop.property) == ("kms-key", "isEnabled"), flow
