"""Every option that no phase brings, on top of all blocks: the real engine makes them and has nothing more to say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest

from tests.engine.program import Program
from tests.engine.sandbox_stack import SandboxStack
from tierup.sandbox import ensure_running
from tierup.sandbox.registry import SANDBOX_ACCOUNT

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

# Encrypted with a key that is not available, as a colleague's is: the sandbox run replaces it with a placeholder.
SEALED = {"secure": "v1:nonce:cipher"}
OPTIONS = {
    "protect": True,  # the floor under the backups asks for it
    "databaseKmsKey": True,
    "databaseBackupCompliance": {
        "authorizedEmail": "legal@example.com",
        "authorizedFirstName": "Ada",
        "authorizedLastName": "Byron",
        "acknowledgeIrreversible": True,
    },
    "kmsKeyUses": ["cache", "images"],
    "scheduledTasks": {"report": {"command": ["node", "report.js"], "schedule": "rate(1 day)"}},
    "openTelemetryConfig": "receivers: {otlp: {}}\nexporters: {otlphttp: {auth: '${env:OPENTELEMETRY_TOKEN}'}}",
    "openTelemetryToken": SEALED,
    "sentryDsn": SEALED,
    "datadogApiKey": SEALED,
}
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def quiet(program: Program) -> set[str]:
    """The types that stand after an `up` which leaves nothing to change."""
    made = program.run("up", "--no-policies")
    assert made.code == 0, f"{made.document.get('diagnostics')}\n{made.stderr}"
    again = program.run("preview", "--no-policies", "--expect-no-changes")
    assert again.code == 0, f"{again.changes}: {again.stderr}"
    return {each.type for each in program.resources()}


def test_all_options_together_are_quiet_the_second_time(tmp_path: Path) -> None:
    program = Program(tmp_path / "program")
    try:
        program.set(phase="enterprise", tier="medium", **OPTIONS)
        types = quiet(program)
        assert {
            "mongodbatlas:index/encryptionAtRest:EncryptionAtRest",
            "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy",
            "aws:scheduler/schedule:Schedule",
        } <= types
        secrets = {each.name for each in program.resources() if each.type.endswith(":Secret")}
        assert {"connection-opentelemetry-token", "connection-sentry-dsn", "connection-datadog-api-key"} <= secrets
    finally:
        program.close()


def authorities() -> None:
    """The owner's: what client certificates are signed by."""
    bucket = aws.s3.Bucket("authorities", bucket="authorities")
    aws.s3.BucketObjectv2("bundle", bucket=bucket.bucket, key="clients.pem", content=PEM)


def test_clients_show_certificates_first_to_us_then_through_cloudflare(
    tmp_path: Path, engine_environment: Mapping[str, str]
) -> None:
    program = Program(tmp_path / "program")
    sandbox = ensure_running(program.home)
    environment = {**engine_environment, "PULUMI_DEBUG_PROVIDERS": sandbox.debug_providers}
    owner = SandboxStack(tmp_path / "owner", sandbox, program.home, environment, account=SANDBOX_ACCOUNT)
    asked: dict[str, Any] = {"bucket": "authorities", "key": "clients.pem"}
    try:
        made = owner.up(authorities)
        assert not made.error
        program.set(
            phase="optimization",
            cdn="cloudflare",
            cloudflareZoneId="0123456789abcdef0123456789abcdef",
            clientCertificates=asked,
        )
        assert "aws:lb/trustStore:TrustStore" in quiet(program)
        shown = {"cloudflareClientCertificate": PEM, "cloudflareClientKey": SEALED}
        program.set(phase="scale", clientCertificates={**asked, "version": "2"}, **shown)
        types = quiet(program)
        assert "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate" in types
        (listener,) = (each for each in program.resources() if each.name == "api-https")
        assert listener.inputs["mutualAuthentication"]["mode"] == "verify"
    finally:
        program.close()
