"""What is secret: values that are drawn once and kept, and the signing keys that are made of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Output

from components.cdn.provider import CdnKind
from components.secrets.app_secrets import AppSecrets, AppSecretsArgs, GeneratedSecret
from components.secrets.rotation import Restarted, SecretRotation, SecretRotationArgs
from components.secrets.signing_keys import SigningKeys, SigningKeysArgs
from stacks.catalog import versions
from stacks.catalog.phases import Block
from stacks.config.model import CacheLogin
from stacks.context import Plan
from stacks.resources.foundation import Ground


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """`values` are known to whoever makes something with them; a task gets ARNs alone."""

    values: Mapping[str, Output[str]]
    signing: Mapping[str, Output[str]]  # JWT_SECRET and, where keys rotate, its neighbours: for ECS
    signing_keys: SigningKeys | None


def make_credentials(plan: Plan, ground: Ground) -> Credentials:
    """Apart from the connection URLs, which are made from them."""
    drawn = AppSecrets(
        "drawn",
        AppSecretsArgs(
            generated={name: GeneratedSecret() for name in _names(plan)},
            recovery_window_days=plan.recovery_days,
            kms_key_id=ground.key_arn,
            tags=plan.tags,
        ),
        plan.opts,
    )
    if not plan.has(Block.KEY_ROTATION):
        return Credentials(values=drawn.generated, signing={"JWT_SECRET": drawn.arns["JWT_SECRET"]}, signing_keys=None)
    keys = SigningKeys(
        "signing",
        SigningKeysArgs(
            first_key=drawn.generated["JWT_SECRET"],
            recovery_window_days=plan.recovery_days,
            kms_key_id=ground.key_arn,
            tags=plan.tags,
        ),
        plan.opts,
    )
    return Credentials(values=drawn.generated, signing=keys.references, signing_keys=keys)


def _names(plan: Plan) -> list[str]:
    names = ["JWT_SECRET", "DATABASE_PASSWORD"]
    if plan.has(Block.CACHE):
        names.append("CACHE_TOKEN")
    if plan.settings.cache_login is not CacheLogin.TOKEN:
        names.append("CACHE_PASSWORD")
    if plan.has(Block.API_BEHIND_CDN):
        names.append("ORIGIN_KEY")
    if plan.settings.cdn is CdnKind.CLOUDFLARE:
        names.append("BUCKET_KEY")
    return names


def rotate(
    plan: Plan, ground: Ground, credentials: Credentials, tasks: Mapping[str, Restarted]
) -> SecretRotation | None:
    """Rotates the signing keys; `tasks` read them and are started anew then. None where nothing rotates."""
    if credentials.signing_keys is None or not plan.settings.rotation_days:
        return None
    return SecretRotation(
        "signing-rotation",
        SecretRotationArgs(
            account_id=plan.around.account_id,
            region=plan.settings.region,
            secret_arn=credentials.signing_keys.arn,
            restarts=tasks,
            runtime=versions.LAMBDA_RUNTIME,
            log_retention_days=plan.settings.log_retention_days,
            every_days=plan.settings.rotation_days,
            kms_key_arn=ground.key_arn,
            tags=plan.tags,
        ),
        plan.opts,
    )
