"""The keys that sign users' tokens, laid out so that they can be rotated without logging anybody out.

Makes one secret that holds JSON of three keys: `current` signs, `previous` and `next` verify beside it (why three is
explained in rotation_lambda/signing_keys.py). Not here: the rotation (secret_rotation.py).

It begins with the key in use (`current` and `previous`), so that the step from a single JWT_SECRET changes nothing for
users. What the keys become afterwards is the rotation's affair: `ignore_changes` keeps Pulumi from putting the first
ones back.

The app reads JWT_SECRET, JWT_SECRET_PREVIOUS and JWT_SECRET_NEXT, signs with the first and accepts all three. An app
that reads JWT_SECRET alone works, and logs its users out at each rotation.

Checklist: secrets in environment variables, by reference; rotation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    """What they begin with."""

    first_key: Input[str]
    """The key that signs today; secret."""
    recovery_window_days: int
    """How long the deleted secret can be brought back: 7 to 30, or 0 for at once (rehearsals)."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    kms_key_id: Input[str] | None = None
    """Key that encrypts them; None is the account's own aws/secretsmanager key."""

    def __post_init__(self) -> None:
        if self.recovery_window_days != 0 and not 7 <= self.recovery_window_days <= 30:
            raise ValueError(
                f"recovery_window_days is {self.recovery_window_days}; Secrets Manager allows 0 (delete at once) or "
                "7 to 30"
            )


class SigningKeys(pulumi.ComponentResource):
    """`arn` is the secret's; it is known once the keys are in it."""

    arn: Output[str]
    """The secret's."""
    references: Mapping[str, Output[str]]
    """For ECS `valueFrom`, by the variable's name: the ARN with the key's place. IAM policies take `arn`."""

    def __init__(self, name: str, args: SigningKeysArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SigningKeys", name, None, opts)
        secret = aws.secretsmanager.Secret(
            f"{name}-keys",
            description="Keys that sign and verify the application's tokens",
            recovery_window_in_days=args.recovery_window_days,
            kms_key_id=args.kms_key_id,
            tags={**args.tags, "Name": f"{name}-keys"},
            opts=ResourceOptions(parent=self),
        )
        drawn = aws.secretsmanager.get_random_password_output(
            password_length=_KEY_LENGTH, exclude_punctuation=True, include_space=False
        ).random_password
        keys = {"previous": args.first_key, "current": args.first_key, "next": drawn}
        version = aws.secretsmanager.SecretVersion(
            f"{name}-keys-value",
            secret_id=secret.id,
            secret_string=Output.secret(Output.json_dumps(keys)),
            opts=ResourceOptions(parent=self, ignore_changes=["secretString"], protect=False),
        )

        self.arn = version.secret_arn
        self.references = {
            variable: Output.concat(version.secret_arn, f":{place}::") for variable, place in _VARIABLES.items()
        }
        self.register_outputs({"arn": self.arn})
