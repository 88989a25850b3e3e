"""The keys that sign users' tokens, in a form that can be rotated without invalidating tokens.

Creates one secret with JSON of three keys: `current` signs, and `previous` and `next` also verify
(rotation_lambda/signing_keys.py explains why). rotation.py creates the rotation.

`current` and `previous` begin as the existing key, so the change from a single JWT_SECRET invalidates no token. The
rotation changes the keys afterwards; `ignore_changes` prevents Pulumi from restoring the first ones.

The application reads JWT_SECRET, JWT_SECRET_PREVIOUS and JWT_SECRET_NEXT, signs with the first and accepts all three.
An application that reads JWT_SECRET only logs its users out at each rotation.

Checklist: secrets in environment variables, by reference; rotation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

_VARIABLES: Mapping[str, str] = {
    "JWT_SECRET": "current",
    "JWT_SECRET_PREVIOUS": "previous",
    "JWT_SECRET_NEXT": "next",
}
_KEY_LENGTH = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningKeysArgs:
    """Arguments of SigningKeys."""

    first_key: Input[str]
    """The key that signs tokens today; secret."""
    recovery_window_days: int
    """Days that the deleted secret can be restored: 7 to 30, or 0 to delete it at once (sandbox)."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    kms_key_id: Input[str] | None = None
    """Id or ARN of the secret's KMS key; None is the AWS managed key aws/secretsmanager."""
    replica_keys: Mapping[str, Input[str] | None] = field(default_factory=dict[str, Input[str] | None])
    """Regions that receive a replica of the secret, each with the KMS key of that region; None is the AWS managed key.
    Secrets Manager also replicates each rotated value."""

    def __post_init__(self) -> None:
        if self.recovery_window_days != 0 and not 7 <= self.recovery_window_days <= 30:
            raise ValueError(
                f"recovery_window_days: not accepted by Secrets Manager (got {self.recovery_window_days}). Give 0 to "
                "delete at once, or 7 to 30."
            )


class SigningKeys(pulumi.ComponentResource):
    """The secret in Secrets Manager that holds the signing keys."""

    arn: Output[str]
    """ARN of the secret, available once it has a value."""
    references: Mapping[str, Output[str]]
    """References for ECS `valueFrom` by environment variable: the ARN with the JSON key. IAM policies use `arn`."""

    def __init__(self, name: str, args: SigningKeysArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SigningKeys", name, None, opts)
        secret = aws.secretsmanager.Secret(
            f"{name}-keys",
            description="Keys that sign and verify the application's tokens",
            recovery_window_in_days=args.recovery_window_days,
            kms_key_id=args.kms_key_id,
            replicas=[{"region": region, "kms_key_id": key} for region, key in args.replica_keys.items()] or None,
            tags={**args.tags, "Name": f"{name}-keys"},
            opts=ResourceOptions(parent=self),
        )
        next_key = aws.secretsmanager.get_random_password_output(
            password_length=_KEY_LENGTH, exclude_punctuation=True, include_space=False
        ).random_password
        keys = {"previous": args.first_key, "current": args.first_key, "next": next_key}
        version = aws.secretsmanager.SecretVersion(
            f"{name}-keys-value",
            secret_id=secret.id,
            secret_string=Output.secret(Output.json_dumps(keys)),
            opts=ResourceOptions(parent=self, ignore_changes=["secretString"], protect=False),
        )

        self.arn = version.secret_arn
        self.references = {
            variable: Output.concat(version.secret_arn, f":{key}::") for variable, key in _VARIABLES.items()
        }
        self.register_outputs({"arn": self.arn})

    def references_in(self, region: str) -> Mapping[str, Output[str]]:
        """Return the references to the replica in a region of `replica_keys`. Only the region of the ARN differs.

        https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html
        (read 2026-11-28)
        """
        return {
            variable: reference.apply(lambda arn: ":".join([*arn.split(":")[:3], region, *arn.split(":")[4:]]))
            for variable, reference in self.references.items()
        }
