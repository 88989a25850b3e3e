"""Options that no phase enables, with all features of a late phase, deploy on the real engine without drift."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest

from tests.engine.program import Program
from tests.engine.sandbox_stack import SandboxStack
from tests.stacks.option_stacks import ENCRYPTED, OPTION_STACKS
from tierup.sandbox import ensure_running
from tierup.sandbox.registry import SANDBOX_ACCOUNT

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def types_after_up(program: Program) -> set[str]:
    """Deploy the program, and return the types of its resources. Fail if the next preview finds a change."""
    up = program.run("up", "--no-policies")
    assert up.code == 0, f"{up.document.get('diagnostics')}\n{up.stderr}"
    again = program.run("preview", "--no-policies", "--expect-no-changes")
    assert again.code == 0, f"{again.changes}: {again.stderr}"
    return {each.type for each in program.resources()}


EXPECTED: Mapping[str, Collection[str]] = {
    "application": {"app-secret-stripe-key", "backend-application", "worker-scaling-queue", "release-task"},
    "all-features": {
        "connection-opentelemetry-token",
        "connection-sentry-dsn",
        "connection-datadog-api-key",
        "reports-b-service",
    },
    "cloudflare": {"site-redirects-rules", "site-cache-tags-rules"},
    "early": {"stack-key"},
    "vendors": set(),
}
"""Logical names of resources that the options of a stack create."""


@pytest.mark.parametrize("name", OPTION_STACKS)
def test_all_options_of_a_stack_deploy_without_drift(tmp_path: Path, name: str) -> None:
    program = Program(tmp_path / "program")
    try:
        program.set(**OPTION_STACKS[name])
        types_after_up(program)
        assert set(EXPECTED[name]) - {each.name for each in program.resources()} == set()
        refreshed = program.run("refresh", "--expect-no-changes")
        assert refreshed.code == 0, refreshed
        assert program.run("up").code == 0, "no mandatory policy is violated"
    finally:
        program.close()


def certificate_authorities() -> None:
    """Create a bucket with the bundle of certificate authorities that sign client certificates."""
    bucket = aws.s3.Bucket("authorities", bucket="authorities")
    aws.s3.BucketObjectv2("bundle", bucket=bucket.bucket, key="clients.pem", content=PEM)


def test_client_certificates_are_verified_without_and_then_with_authenticated_origin_pulls(
    tmp_path: Path, engine_environment: Mapping[str, str]
) -> None:
    program = Program(tmp_path / "program")
    sandbox = ensure_running(program.home)
    environment = {**engine_environment, "PULUMI_DEBUG_PROVIDERS": sandbox.debug_providers}
    owner = SandboxStack(
        folder=tmp_path / "owner", sandbox=sandbox, home=program.home, environment=environment, account=SANDBOX_ACCOUNT
    )
    bundle: dict[str, Any] = {"bucket": "authorities", "key": "clients.pem"}
    try:
        assert not owner.up(certificate_authorities).error
        program.set(
            phase="optimization",
            cdn="cloudflare",
            cloudflareZoneId="0123456789abcdef0123456789abcdef",
            clientCertificates=bundle,
            allowDirectChanges=True,  # the origin lock otherwise takes two steps
        )
        assert "aws:lb/trustStore:TrustStore" in types_after_up(program)
        program.set(
            phase="scale",
            clientCertificates={**bundle, "version": "2"},
            cloudflareClientCertificate=PEM,
            cloudflareClientKey=ENCRYPTED,
        )
        types = types_after_up(program)
        assert "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate" in types
        (listener,) = (each for each in program.resources() if each.name == "api-https")
        assert listener.inputs["mutualAuthentication"]["mode"] == "verify"
    finally:
        program.close()
