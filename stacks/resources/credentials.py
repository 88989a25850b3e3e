"""The generated secrets of a stack, and the signing keys that are derived from one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import Output

from components.cdn.provider import CdnKind
from components.secrets.app_secrets import AppSecrets, AppSecretsArgs, GeneratedSecret
from components.secrets.rotation import RedeployedService, SecretRotation, SecretRotationArgs
from components.secrets.signing_keys import SigningKeys, SigningKeysArgs
from stacks.catalog import versions
from stacks.catalog.phases import Feature
from stacks.config.groups import Generations, generations
from stacks.config.model import CacheAuthMode
from stacks.context import StackContext
from stacks.resources.foundation import Foundation
from stacks.resources.vendors.sentry import create_error_tracking


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """The secrets of a stack. Components get `values`; a task gets only ARNs."""

    values: Mapping[str, Output[str]]  # of the generation that clients use
    accepted: Mapping[str, Sequence[Output[str]]]  # what the server accepts; two values during a rotation
    signing: Mapping[str, Output[str]]  # environment variable → ARN: JWT_SECRET, with rotation its neighbours too
    signing_keys: SigningKeys | None
    sentry_dsn: Output[str] | None  # of tierup:sentryDsn, or of the project that the stack creates; secret


def create_credentials(
    context: StackContext,
    foundation: Foundation | None,
    replica_keys: Mapping[str, Output[str] | None] | None = None,
) -> Credentials:
    """Generate the secrets and the signing keys. Connection URLs are created where the hosts are known.

    `foundation` is None when no backend is on AWS. `replica_keys` are the further regions, which get a replica of the
    signing keys, each with its KMS key.
    """
    key_arn = foundation.key_arn if foundation else None
    rotated = {name: each for name, each in _generations(context).items() if name in _names(context)}
    generated = AppSecrets(
        "generated",
        AppSecretsArgs(
            generated={name: GeneratedSecret() for name in _names(context)},
            generations={name: each.accepted for name, each in rotated.items()},
            recovery_window_days=context.secret_recovery_days,
            kms_key_id=key_arn,
            tags=context.tags,
        ),
        context.opts,
    )
    used = {name: generated.generations[name][each.used] for name, each in rotated.items()}
    values = {**generated.generated, **used}
    accepted = {name: list(each.values()) for name, each in generated.generations.items()}
    sentry_dsn = context.settings.sentry_dsn
    if sentry_dsn is None:
        sentry_dsn = create_error_tracking(context)
    if not context.has(Feature.KEY_ROTATION):
        signing = {"JWT_SECRET": generated.arns["JWT_SECRET"]}
        return Credentials(values=values, accepted=accepted, signing=signing, signing_keys=None, sentry_dsn=sentry_dsn)
    keys = SigningKeys(
        "signing",
        SigningKeysArgs(
            first_key=generated.generated["JWT_SECRET"],
            recovery_window_days=context.secret_recovery_days,
            kms_key_id=key_arn,
            replica_keys=replica_keys or {},
            tags=context.tags,
        ),
        context.opts,
    )
    return Credentials(
        values=values, accepted=accepted, signing=keys.references, signing_keys=keys, sentry_dsn=sentry_dsn
    )


def _generations(context: StackContext) -> Mapping[str, Generations]:
    """Return the generations of the values that `tierup rotate` rotates."""
    rotation = context.settings.rotation
    return {
        "DATABASE_PASSWORD": generations(rotation.database),
        "CACHE_TOKEN": generations(rotation.cache),
        "CACHE_PASSWORD": generations(rotation.cache),
        "ORIGIN_KEY": generations(rotation.origin_key),
    }


def _names(context: StackContext) -> list[str]:
    names = ["JWT_SECRET", "DATABASE_PASSWORD"]
    if context.has(Feature.CACHE):
        names.append("CACHE_TOKEN")
    if context.settings.cache_auth is not CacheAuthMode.TOKEN:
        names.append("CACHE_PASSWORD")
    if context.has(Feature.API_BEHIND_CDN):
        names.append("ORIGIN_KEY")
    if CdnKind.CLOUDFLARE in context.settings.cdns:
        names.append("BUCKET_KEY")
    return names


def rotate(
    context: StackContext, foundation: Foundation, credentials: Credentials, services: Mapping[str, RedeployedService]
) -> SecretRotation | None:
    """Rotate the signing keys on a schedule and redeploy `services`, which read them. Return None without rotation."""
    if credentials.signing_keys is None or not context.settings.rotation_days:
        return None
    return SecretRotation(
        "signing-rotation",
        SecretRotationArgs(
            account_id=context.lookups.account_id,
            region=context.settings.region,
            secret_arn=credentials.signing_keys.arn,
            services=services,
            runtime=versions.LAMBDA_RUNTIME,
            log_retention_days=context.settings.log_retention_days,
            interval_days=context.settings.rotation_days,
            pods_read=context.settings.runs_pods,
            kms_key_arn=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )
