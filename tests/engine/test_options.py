"""Options that no phase enables, with all features of a late phase, deploy on the real engine without drift."""

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

# Encrypted with another person's passphrase: a sandbox run replaces the value with a placeholder.
ENCRYPTED = {"secure": "v1:nonce:cipher"}
OPTIONS = {
    "protect": True,  # databaseBackupCompliance requires it
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
    "openTelemetryToken": ENCRYPTED,
    "alertRoutes": {
        "page": {"emails": ["on-call@example.com"], "slackChannel": "C07EZ1ABC23", "webhooks": ["pagerDuty"]},
        "ticket": {"slackChannel": "C07EZ1ABC24"},
        "slackWorkspace": "T07EA123LEP",
    },
    "alertWebhooks": {"pagerDuty": ENCRYPTED},
    "sentryDsn": ENCRYPTED,
    "datadogApiKey": ENCRYPTED,
}
APPLICATION = {
    "image": "public.ecr.aws/docker/library/node:22-alpine",
    "appSecrets": {"STRIPE_KEY": ENCRYPTED},
    "backend": {
        "environment": {"LOG_LEVEL": "info"},
        "port": 8080,
        "healthCheckPath": "/ready",
        "permissions": {
            "buckets": {"uploads": "read-write"},
            "queues": {f"arn:aws:sqs:eu-west-1:{SANDBOX_ACCOUNT}:jobs": "send"},
            "managedPolicies": ["arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"],
        },
        "openFiles": 100_000,
        "sidecars": {"proxy": {"image": "public.ecr.aws/docker/library/nginx:1.29", "memory": 64}},
        "logRouter": {
            "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5",
            "options": {"Name": "stdout"},
        },
    },
    "worker": {"scaleOnQueue": {"queueName": "jobs", "messagesPerTask": 20}},
    "releaseTask": {"command": ["node", "migrate.js"]},
    "scheduledTasks": {"report": {"command": ["node", "report.js"], "schedule": "rate(1 day)"}},
    "sizeOverrides": {"databaseMaxPoolSize": 20},
}
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def types_after_up(program: Program) -> set[str]:
    """Deploy the program, and return the types of its resources. Fail if the next preview finds a change."""
    up = program.run("up", "--no-policies")
    assert up.code == 0, f"{up.document.get('diagnostics')}\n{up.stderr}"
    again = program.run("preview", "--no-policies", "--expect-no-changes")
    assert again.code == 0, f"{again.changes}: {again.stderr}"
    return {each.type for each in program.resources()}


def test_the_settings_of_an_application_deploy_without_drift(tmp_path: Path) -> None:
    program = Program(tmp_path / "program")
    try:
        program.set(phase="scale", tier="medium", **APPLICATION)
        types_after_up(program)
        resources = {each.name: each for each in program.resources()}
        assert {"app-secret-stripe-key", "backend-application", "worker-scaling-queue", "release-task"} <= set(
            resources
        )
        assert program.run("up").code == 0, "no mandatory policy is violated"
    finally:
        program.close()


def test_all_options_together_deploy_without_drift(tmp_path: Path) -> None:
    program = Program(tmp_path / "program")
    try:
        program.set(phase="enterprise", tier="medium", **OPTIONS)
        types = types_after_up(program)
        assert {
            "mongodbatlas:index/encryptionAtRest:EncryptionAtRest",
            "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy",
            "aws:scheduler/schedule:Schedule",
        } <= types
        secrets = {each.name for each in program.resources() if each.type.endswith(":Secret")}
        assert {"connection-opentelemetry-token", "connection-sentry-dsn", "connection-datadog-api-key"} <= secrets
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
