"""The application's secrets, one Secrets Manager secret a name.

Makes: a secret and its first version for each name, given or generated. Not here: rotation (a later phase), who may
read them (the execution role in the service component).
Checklist: secrets in environment variables, by reference: a task names an ARN, never a value.

A generated value is drawn by an invoke, so every run draws a new one; `ignore_changes` on `secretString` keeps the
first. That is safe: Pulumi then compares the old input with itself. Without it every `up` would replace the version,
because the provider makes a new one whenever secret_string differs (ForceNew in terraform-provider-aws
internal/service/secretsmanager/secret_version.go, read 2026-11-24). Whoever needs the value reads it back from the
version, never from the invoke, or would see another value in each run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

RECOVERY_WINDOW_DAYS = range(7, 31)
"""Days that Secrets Manager keeps a deleted secret; 0 besides deletes at once.
Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html (read 2026-11-24)."""

GENERATED_LENGTH = range(16, 129)
"""Characters of a generated value. ElastiCache takes tokens of 16 to 128 characters, the narrowest of our readers.
Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html (AuthToken;
read 2026-11-24)."""

_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneratedSecret:
    """A random value of letters and digits.

    No punctuation: the values go into connection URLs and ElastiCache tokens, which forbid most of it. 64 characters
    of 62 kinds are 381 bits.
    """

    length: int = 64
    """Characters, 16 to 128."""

    def __post_init__(self) -> None:
        if self.length not in GENERATED_LENGTH:
            raise ValueError(
                f"length of a generated secret is {self.length}; allowed is {GENERATED_LENGTH.start} to "
                f"{GENERATED_LENGTH.stop - 1}: shorter can be guessed, longer is refused by ElastiCache"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class AppSecretsArgs:
    """The names are those of environment variables: MONGODB_URI, JWT_SECRET, REDIS_URL, SENTRY_DSN."""

    recovery_window_days: int
    """How long a deleted secret can be brought back; 0 deletes at once (rehearsals)."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    given: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Values known elsewhere; a change of the value makes a new version."""
    generated: Mapping[str, GeneratedSecret] = field(default_factory=dict[str, GeneratedSecret])
    """Values drawn once, at the first `up`."""
    kms_key_id: Input[str] | None = None
    """Key that encrypts them; None is the account's own aws/secretsmanager key."""

    def __post_init__(self) -> None:
        if self.recovery_window_days != 0 and self.recovery_window_days not in RECOVERY_WINDOW_DAYS:
            raise ValueError(
                f"recovery_window_days is {self.recovery_window_days}; Secrets Manager allows 0 (delete at once) or "
                f"{RECOVERY_WINDOW_DAYS.start} to {RECOVERY_WINDOW_DAYS.stop - 1}"
            )
        for name in (*self.given, *self.generated):
            if not _NAME.fullmatch(name):
                raise ValueError(
                    f"secret name {name!r} is not allowed; give an environment variable's name in upper case such as "
                    "JWT_SECRET: the container gets the value under this name"
                )
        both = self.given.keys() & self.generated.keys()
        if both:
            raise ValueError(f"secrets {sorted(both)} are both given and generated; each name has one origin")


class AppSecrets(ComponentResource):
    """Secrets that exist, with a value, before anyone learns their ARN."""

    arns: Mapping[str, Output[str]]
    """ARN of the secret by name, for ECS `valueFrom`. Read from its version: known only once the value is there."""
    generated: Mapping[str, Output[str]]
    """Value by name, of the generated ones only; always secret."""

    def __init__(self, name: str, args: AppSecretsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:AppSecrets", name, None, opts)
        self._logical_name = name
        self._args = args
        given = {key: self._stored(key, Output.secret(value)) for key, value in args.given.items()}
        generated = {
            key: self._stored(key, _draw(spec), ignore_changes=["secretString"]) for key, spec in args.generated.items()
        }

        self.arns = {key: version.secret_arn for key, version in {**given, **generated}.items()}
        self.generated = {
            key: Output.secret(version.secret_string.apply(_present)) for key, version in generated.items()
        }
        self.register_outputs({"arns": self.arns})

    def _stored(
        self, key: str, value: Output[str], ignore_changes: list[str] | None = None
    ) -> aws.secretsmanager.SecretVersion:
        logical = f"{self._logical_name}-{key.lower().replace('_', '-')}"
        secret = aws.secretsmanager.Secret(
            logical,
            description=f"{key} of the application",
            recovery_window_in_days=self._args.recovery_window_days,
            kms_key_id=self._args.kms_key_id,
            tags={**self._args.tags, "Name": logical},
            opts=ResourceOptions(parent=self),
        )
        return aws.secretsmanager.SecretVersion(
            f"{logical}-value",
            secret_id=secret.id,
            secret_string=value,
            # Never protected, even if the secret is: a new value is a new version that replaces the old one, which
            # Secrets Manager keeps as AWSPREVIOUS.
            opts=ResourceOptions(parent=self, ignore_changes=ignore_changes, protect=False),
        )


def _draw(spec: GeneratedSecret) -> Output[str]:
    drawn = aws.secretsmanager.get_random_password_output(
        password_length=spec.length, exclude_punctuation=True, include_space=False
    )
    return Output.secret(drawn.random_password)


def _present(value: str | None) -> str:
    if value is None:
        raise LookupError("a generated secret has no text value; it was replaced outside Pulumi, run `pulumi refresh`")
    return value
