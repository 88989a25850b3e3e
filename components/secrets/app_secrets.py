"""The application's secrets, one Secrets Manager secret per name.

Creates a secret and its first version for each name, with a given or a generated value. rotation.py rotates the signing
keys; the task's execution role grants read access.
Checklist: secrets in environment variables, by reference: a task names an ARN, never a value.

An invoke generates a value, so every run generates another one; `ignore_changes` on `secretString` keeps the first.
Without it every `up` would replace the version, because the provider creates another version whenever secret_string
differs (ForceNew in terraform-provider-aws internal/service/secretsmanager/secret_version.go, read 2026-11-24). Read
the value from the version, never from the invoke, whose value differs in each run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

RECOVERY_WINDOW_DAYS = range(7, 31)
"""Days that Secrets Manager keeps a deleted secret; 0 also exists and deletes at once.
Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html (read 2026-11-24)."""

GENERATED_LENGTH = range(16, 129)
"""Length of a generated value. ElastiCache accepts tokens of 16 to 128 characters, the narrowest limit of all uses.
Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html (AuthToken;
read 2026-11-24)."""

_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneratedSecret:
    """A random value of letters and digits.

    It contains no punctuation, most of which connection URLs and ElastiCache tokens do not accept. 64 of these
    characters have 381 bits of entropy.
    """

    length: int = 64
    """Number of characters, 16 to 128."""

    def __post_init__(self) -> None:
        if self.length not in GENERATED_LENGTH:
            raise ValueError(
                f"length: outside the limits of a generated secret (got {self.length}). Give {GENERATED_LENGTH.start} "
                f"to {GENERATED_LENGTH.stop - 1}."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class AppSecretsArgs:
    """Arguments of AppSecrets. Names are those of environment variables: MONGODB_URI, JWT_SECRET, REDIS_URL."""

    recovery_window_days: int
    """Days that a deleted secret can be restored: 7 to 30, or 0 to delete it at once (sandbox)."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    given: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Values from elsewhere, by name. A change of the value creates another version."""
    generated: Mapping[str, GeneratedSecret] = field(default_factory=dict[str, GeneratedSecret])
    """Values generated at the first `up`, by name."""
    generations: Mapping[str, Sequence[int]] = field(default_factory=dict[str, Sequence[int]])
    """The generations that exist of a generated value, the newest last. Each is a version of the secret. A name without
    an entry has generation 0."""
    kms_key_id: Input[str] | None = None
    """Id or ARN of the secrets' KMS key; None is the AWS managed key aws/secretsmanager."""

    def __post_init__(self) -> None:
        if self.recovery_window_days != 0 and self.recovery_window_days not in RECOVERY_WINDOW_DAYS:
            raise ValueError(
                f"recovery_window_days: not accepted by Secrets Manager (got {self.recovery_window_days}). Give 0 to "
                f"delete at once, or {RECOVERY_WINDOW_DAYS.start} to {RECOVERY_WINDOW_DAYS.stop - 1}."
            )
        for name in (*self.given, *self.generated):
            if not _NAME.fullmatch(name):
                raise ValueError(
                    f"given and generated: not the name of an environment variable (got {name!r}). Use upper case, "
                    "digits and _, such as JWT_SECRET."
                )
        for name, numbers in self.generations.items():
            if name not in self.generated or not numbers or min(numbers) < 0 or list(numbers) != sorted(set(numbers)):
                raise ValueError(
                    f"generations: not generations of a generated value (got {name}: {list(numbers)}). Give the name "
                    "of a generated value, and ascending numbers from 0 on."
                )
        both = self.given.keys() & self.generated.keys()
        if both:
            raise ValueError(
                f"given and generated: a name occurs in both (got {', '.join(sorted(both))}). Put each name into one."
            )


class AppSecrets(ComponentResource):
    """The application's secrets in Secrets Manager, with their values."""

    arns: Mapping[str, Output[str]]
    """ARNs of the secrets by name, for ECS `valueFrom`. Each is available once the secret has a value."""
    version_ids: Mapping[str, Output[str]]
    """Version ids of the given values by name. A version id changes with its value and does not reveal it."""
    generated: Mapping[str, Output[str]]
    """Generated values by name, of the oldest generation; secret."""
    generations: Mapping[str, Mapping[int, Output[str]]]
    """Generated values by name and generation; secret."""

    def __init__(self, name: str, args: AppSecretsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:AppSecrets", name, None, opts)
        self._logical_name = name
        self._args = args
        given = {key: self._stored(key, Output.secret(value)) for key, value in args.given.items()}
        generated = {
            key: self._generated(key, spec, args.generations.get(key, (0,))) for key, spec in args.generated.items()
        }
        newest = {key: versions[max(versions)] for key, versions in generated.items()}

        self.arns = {key: version.secret_arn for key, version in {**given, **newest}.items()}
        self.version_ids = {key: version.version_id for key, version in given.items()}
        self.generations = {
            key: {number: Output.secret(version.secret_string.apply(_present)) for number, version in versions.items()}
            for key, versions in generated.items()
        }
        self.generated = {key: values[min(values)] for key, values in self.generations.items()}
        self.register_outputs({"arns": self.arns})

    def _stored(self, key: str, value: Output[str]) -> aws.secretsmanager.SecretVersion:
        return self._secret_version(key, self._secret(key), value, 0, None)

    def _generated(
        self, key: str, spec: GeneratedSecret, numbers: Sequence[int]
    ) -> Mapping[int, aws.secretsmanager.SecretVersion]:
        secret = self._secret(key)
        return {
            number: self._secret_version(key, secret, _generate(spec), number, ["secretString"]) for number in numbers
        }

    def _secret_name(self, key: str) -> str:
        return f"{self._logical_name}-{key.lower().replace('_', '-')}"

    def _secret(self, key: str) -> aws.secretsmanager.Secret:
        logical = self._secret_name(key)
        return aws.secretsmanager.Secret(
            logical,
            description=f"{key} of the application",
            recovery_window_in_days=self._args.recovery_window_days,
            kms_key_id=self._args.kms_key_id,
            tags={**self._args.tags, "Name": logical},
            opts=ResourceOptions(parent=self),
        )

    def _secret_version(
        self,
        key: str,
        secret: aws.secretsmanager.Secret,
        value: Output[str],
        generation: int,
        ignore_changes: list[str] | None,
    ) -> aws.secretsmanager.SecretVersion:
        return aws.secretsmanager.SecretVersion(
            f"{self._secret_name(key)}-value" + (f"-{generation}" if generation else ""),
            secret_id=secret.id,
            secret_string=value,
            # Not protected, even if the secret is: another value replaces the version, and Secrets Manager keeps the
            # old one as AWSPREVIOUS.
            opts=ResourceOptions(parent=self, ignore_changes=ignore_changes, protect=False),
        )


def _generate(spec: GeneratedSecret) -> Output[str]:
    result = aws.secretsmanager.get_random_password_output(
        password_length=spec.length, exclude_punctuation=True, include_space=False
    )
    return Output.secret(result.random_password)


def _present(value: str | None) -> str:
    if value is None:
        raise LookupError(
            "secret_string: a generated secret has no text value (got None). It was replaced outside Pulumi; run "
            "`pulumi refresh`."
        )
    return value
