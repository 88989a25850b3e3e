"""The secrets provider of the stack: it is never the sandbox's public passphrase, and its KMS key can be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tierup.deployment.accounts import check_secrets_provider
from tierup.deployment.errors import CommandError
from tierup.engine.doctor import backend
from tierup.preflight.check import PreflightCheck, PreflightFinding, failed, passed
from tierup.preflight.context import PreflightContext, call_or_none


def _secrets_provider(context: PreflightContext) -> Iterator[PreflightFinding]:
    plan = context.plan
    change = f'pulumi stack change-secrets-provider "awskms://alias/KEY?region=REGION" --stack {plan.stack}'
    try:
        check_secrets_provider(plan.project, plan.stack, plan.document)
    except CommandError as error:
        yield failed(
            error.message.partition(" Remove it,")[0], f"tierup bootstrap --stack {plan.stack}, then: {change}"
        )
        return
    provider = str(plan.document.get("secretsprovider") or "")
    if provider.startswith("awskms://"):
        yield _kms_key(context, provider, change)
    elif "encryptedkey" in plan.document:
        yield passed(f"A key of {urlsplit(provider).scheme or 'a cloud'} encrypts the secrets.")
    elif "encryptionsalt" in plan.document or provider == "passphrase":
        yield _passphrase(context, change)
    elif _in_pulumi_cloud(context):
        yield passed("Pulumi Cloud encrypts the secrets.")
    else:
        yield failed(
            "The stack has no secrets provider yet, and the backend's default is a passphrase.",
            f'pulumi stack init {plan.stack} --secrets-provider "awskms://alias/KEY?region=REGION"',
        )


def _kms_key(context: PreflightContext, provider: str, change: str) -> PreflightFinding:
    parts = urlsplit(provider)
    key = f"{parts.netloc}{parts.path}".strip("/")
    region = parse_qs(parts.query).get("region", [context.region])[0]
    client = context.aws.client("kms", region)
    found = call_or_none(lambda: client.describe_key(KeyId=key), "NotFound")
    if found is None:
        return failed(f"secretsprovider: {region} has no KMS key {key}.", change)
    state = found["KeyMetadata"]["KeyState"]
    if state != "Enabled":
        return failed(
            f"secretsprovider: the KMS key {key} cannot be used (its state is {state}).",
            f"aws kms enable-key --key-id {found['KeyMetadata']['KeyId']} --region {region}",
        )
    return passed(f"The KMS key {key} encrypts the secrets.")


def _passphrase(context: PreflightContext, change: str) -> PreflightFinding:
    if context.environment.get("PULUMI_CONFIG_PASSPHRASE") or context.environment.get("PULUMI_CONFIG_PASSPHRASE_FILE"):
        return passed("A passphrase encrypts the secrets.")
    return failed(
        "The secrets are encrypted with a passphrase, and PULUMI_CONFIG_PASSPHRASE is not set.",
        f"export PULUMI_CONFIG_PASSPHRASE_FILE=FILE, or: {change}",
    )


def _in_pulumi_cloud(context: PreflightContext) -> bool:
    found = backend(context.plan.project.folder)
    return found is not None and urlsplit(found[0]).scheme in ("https", "http")


CHECKS: Final = (
    PreflightCheck(
        name="secrets-provider",
        area="Pulumi",
        description="A key service, a passphrase or Pulumi Cloud encrypts the stack's secrets, and never the sandbox's "
        "public passphrase.",
        run=_secrets_provider,
    ),
)
