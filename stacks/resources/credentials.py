"""What is secret: values that are drawn once and kept, and the signing keys that are made of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Output

from components.cdn.provider import CdnKind
from components.secrets.app_secrets import AppSecrets, AppSecretsArgs, GeneratedSecret
from components.secrets.rotation import RedeployedService, SecretRotation, SecretRotationArgs
from components.secrets.signing_keys import SigningKeys, SigningKeysArgs
from stacks.catalog import versions
from stacks.catalog.phases import Feature
from stacks.config.model import CacheAuthMode
from stacks.context import StackContext
from stacks.resources.foundation import Foundation


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """`values` are known to whoever makes something with them; a task gets ARNs alone."""

    values: Mapping[str, Output[str]]
    signing: Mapping[str, Output[str]]  # JWT_SECRET and, where keys rotate, its neighbours: for ECS
    signing_keys: SigningKeys | None


def create_credentials(context: StackContext, foundation: Foundation) -> Credentials:
    """Apart from the connection URLs, which are made from them."""
    drawn = AppSecrets(
        "generated",
        AppSecretsArgs(
            generated={name: GeneratedSecret() for name in _names(context)},
            recovery_window_days=context.secret_recovery_days,
            kms_key_id=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )
    if not context.has(Feature.KEY_ROTATION):
        return Credentials(values=drawn.generated, signing={"JWT_SECRET": drawn.arns["JWT_SECRET"]}, signing_keys=None)
    keys = SigningKeys(
        "signing",
        SigningKeysArgs(
            first_key=drawn.generated["JWT_SECRET"],
            recovery_window_days=context.secret_recovery_days,
            kms_key_id=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )
    return Credentials(values=drawn.generated, signing=keys.references, signing_keys=keys)


def _names(context: StackContext) -> list[str]:
    names = ["JWT_SECRET", "DATABASE_PASSWORD"]
    if context.has(Feature.CACHE):
        names.append("CACHE_TOKEN")
    if context.settings.cache_auth is not CacheAuthMode.TOKEN:
        names.append("CACHE_PASSWORD")
    if context.has(Feature.API_BEHIND_CDN):
        names.append("ORIGIN_KEY")
    if context.settings.cdn is CdnKind.CLOUDFLARE:
        names.append("BUCKET_KEY")
    return names


def rotate(
    context: StackContext, foundation: Foundation, credentials: Credentials, tasks: Mapping[str, RedeployedService]
) -> SecretRotation | None:
    """Rotates the signing keys; `tasks` read them and are started anew then. None where nothing rotates."""
    if credentials.signing_keys is None or not context.settings.rotation_days:
        return None
    return SecretRotation(
        "signing-rotation",
        SecretRotationArgs(
            account_id=context.lookups.account_id,
            region=context.settings.region,
            secret_arn=credentials.signing_keys.arn,
            services=tasks,
            runtime=versions.LAMBDA_RUNTIME,
            log_retention_days=context.settings.log_retention_days,
            interval_days=context.settings.rotation_days,
            kms_key_arn=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )
