"""Secrets Manager: secrets, values, policies and rotation. A deleted secret keeps its name in its recovery window."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Reference,
    Rejection,
    Stage,
    assumed,
    documented,
    located,
    rule,
)
from ..cloud import CloudResource
from . import regions
from .access import decide
from .kms import key_exists
from .policy_documents import policy_document, statements_of
from .s3_bucket_policies import is_public
from .same_scope import known, others_in_region
from .sources import FORCE_NEW, api, provider, quoted, schema_of, sdk

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
_DATABASES = ("aws:rds/cluster:Cluster", "aws:rds/instance:Instance")
_FUNCTION = "aws:lambda/function:Function"

_DELETED = api("secretsmanager", "InvalidRequestException")
_DEFAULT_WINDOW_DAYS = 30
_LONGEST_VALUE = 65_536  # bytes


def secret_of(call: Call, value: Plain) -> CloudResource | None:
    """Return the secret with an ARN (its id) or a name."""
    if not isinstance(value, str):
        return None
    return call.cloud.get(SECRET, value) or next(call.nearby(SECRET, name=value), None)


@rule("name-is-not-in-recovery-window", Stage.CREATE, source=_DELETED)
def _name_in_window(call: Call) -> Iterator[Rejection]:
    for stone in call.cloud.tombstones(SECRET, name=call.get("name")):
        gone = stone.resource
        if (gone.region, gone.account) != (call.region, call.account):
            continue
        days = gone.inputs.get("recoveryWindowInDays")
        days = _DEFAULT_WINDOW_DAYS if days is None else int(days)
        left = stone.deleted_at + days * 86_400 - time.time()
        if left > 0:
            yield Rejection(
                "name",
                f"a secret with the name '{call.get('name')}' is already scheduled for deletion, for"
                f" {left / 86_400:.0f} more days. Restore it, use another name, or next time delete it with"
                " recoveryWindowInDays: 0.",
                "InvalidRequestException",
            )


@rule("recovery-window", Stage.PLAN, source=sdk("secretsmanager/secret"))
def _window(call: Call) -> Iterator[Rejection]:
    days = known(call, "recoveryWindowInDays")
    if days is not None and days != 0 and not 7 <= days <= 30:
        yield Rejection(
            "recoveryWindowInDays",
            f"invalid recovery window (got {days:g} days). Allowed are 0 (no recovery) and 7 to 30 days.",
            "InvalidParameterException",
        )


@rule("secret-exists", Stage.CREATE, Stage.UPDATE, source=api("secretsmanager", "PutSecretValue"))
def _secret_exists(call: Call) -> Iterator[Rejection]:
    path = "secretArn" if "secretArn" in call.inputs else "secretId"
    found = secret_of(call, call.get(path))
    if found is None and call.type == ROTATION and _is_secret_of_database(call, call.get(path)):
        return
    if found is None:
        yield Rejection(
            path, f"Secrets Manager can't find the specified secret '{call.get(path)}'", "ResourceNotFoundException"
        )
    elif found.region != call.region:
        yield Rejection(
            path, f"the secret is in {found.region}, this resource is in {call.region}", "ResourceNotFoundException"
        )


def _is_secret_of_database(call: Call, arn: Plain) -> bool:
    """Return whether RDS manages the secret, whose rotation a program may schedule, but whose value it may not set:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html (from memory)."""
    return any(
        secret["secretArn"] == arn
        for each in call.cloud.find(_DATABASES)
        for secret in each.outputs.get("masterUserSecrets") or ()
    )


@rule("secret-value-size", Stage.PLAN, source=api("secretsmanager", "PutSecretValue"))
def _length(call: Call) -> Iterator[Rejection]:
    for path in ("secretString", "secretStringWo"):
        value = known(call, path)
        if isinstance(value, str) and not 1 <= len(value.encode()) <= _LONGEST_VALUE:
            yield Rejection(
                path,
                f"invalid size (got {len(value.encode()):,} bytes). Allowed are 1 to {_LONGEST_VALUE:,} bytes.",
                "InvalidParameterException",
            )


@rule("rotation-has-one-schedule", Stage.PLAN, source=sdk("secretsmanager/secretrotation"))
def _schedule(call: Call) -> Iterator[Rejection]:
    rules = known(call, "rotationRules")
    if rules is None:
        if call.get("rotationEnabled") is not False and call.get("rotationRules") is not UNKNOWN:
            yield Rejection("rotationRules", "required unless rotationEnabled is false", "InvalidParameterException")
        return
    given = [key for key in ("automaticallyAfterDays", "scheduleExpression") if rules.get(key) is not None]
    if len(given) != 1:
        yield Rejection(
            "rotationRules",
            f"got {' and '.join(given) or 'neither'}. Set exactly one of automaticallyAfterDays and"
            " scheduleExpression.",
            "InvalidParameterException",
        )
    duration = rules.get("duration")
    if isinstance(duration, str) and not re.fullmatch(r"\d{1,2}h", duration):
        yield Rejection(
            "rotationRules.duration",
            f"invalid duration (got '{duration}'). Allowed are hours, such as '3h'.",
            "InvalidParameterException",
        )


@rule(
    "secretsmanager-may-invoke-the-rotation",
    Stage.CREATE,
    Stage.UPDATE,
    source=api("secretsmanager", "RotateSecret"),
)
def _may_invoke(call: Call) -> Iterator[Rejection]:
    function = next(call.nearby(_FUNCTION, arn=call.get("rotationLambdaArn")), None)
    if function is None:
        return
    secret = secret_of(call, call.get("secretId"))
    context = {"aws:SourceAccount": call.account, "aws:SourceArn": secret.id if secret else None}
    arn = str(function.outputs.get("arn"))
    found = decide("secretsmanager.amazonaws.com", "lambda:InvokeFunction", arn, context, call.cloud)
    if found.denied:
        yield Rejection(
            "rotationLambdaArn",
            f"Secrets Manager cannot invoke the specified Lambda function '{function.id}' ({found.reason}). Add a"
            " lambda.Permission for the principal secretsmanager.amazonaws.com first",
            "AccessDeniedException",
            retried=True,
        )


@rule("one-rotation-per-secret", Stage.CREATE, source=api("secretsmanager", "RotateSecret"))
def _one_each(call: Call) -> Iterator[Rejection]:
    path = "secretArn" if "secretArn" in call.inputs else "secretId"
    for other in others_in_region(call, call.type, **{path: call.get(path)}):
        yield Rejection(path, f"the secret already has one: '{other.name}'", "InvalidRequestException")


@rule(
    "public-secret-policy-is-blocked",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented(
        "AWS API model of secretsmanager (botocore 1.44), PutResourcePolicyRequest: BlockPublicPolicy (public policies"
        " are not blocked by default)",
        read="2026-11-28",
    ),
)
def _not_public(call: Call) -> Iterator[Rejection]:
    if call.get("blockPublicPolicy") is not True:
        return
    for position, statement in enumerate(statements_of(call.get("policy"))):
        if is_public(statement):
            yield Rejection(
                "policy",
                f"statement {position + 1} grants broad access to the secret, which blockPublicPolicy prevents",
                "PublicPolicyException",
            )


def _secret_arn(call: Call) -> str:
    found = secret_of(call, call.get("secretId"))
    return found.id if found else str(call.get("secretId"))


@rule(
    "rotation-has-a-function",
    Stage.CREATE,
    source=quoted("No Lambda rotation function ARN is associated with this secret."),
)
def _has_function(call: Call) -> Iterator[Rejection]:
    secret = secret_of(call, call.get("secretId"))
    if secret is None or not secret.urn or call.get("rotationLambdaArn") or call.get("rotationEnabled") is False:
        return
    if not secret.inputs.get("type") and not call.get("externalSecretRotationRoleArn"):  # rotated without a function
        yield Rejection(
            "rotationLambdaArn",
            "No Lambda rotation function ARN is associated with this secret.",
            "InvalidRequestException",
        )


@rule(
    "replicas-in-other-regions",
    Stage.CREATE,
    Stage.UPDATE,
    source=quoted("Invalid replica region."),
)
def _replicas(call: Call) -> Iterator[Rejection]:
    seen: set[str] = set()
    for at, region in located(call.inputs, "replicas[*].region"):
        if region == call.region or not regions.is_region(str(region)):
            yield Rejection(
                at,
                f"Invalid replica region. A secret is replicated to other regions of AWS (got '{region}').",
                "InvalidParameterException",
            )
        if region in seen:
            yield Rejection(at, f"The region '{region}' is specified more than once.", "InvalidParameterException")
        seen.add(str(region))


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SECRET,
        source=sdk("secretsmanager/secret"),
        id=lambda call: (
            f"arn:aws:secretsmanager:{call.region}:{call.account}:secret:{call.inputs['name']}-{call.hex(6)}"
        ),
        outputs={
            "arn": "{id}",
            "forceOverwriteReplicaSecret": False,
            "namePrefix": "",
            "policy": "",
            "recoveryWindowInDays": _DEFAULT_WINDOW_DAYS,
        },
        replaces=frozenset({"name", "namePrefix", "type"}),
        replace_source=FORCE_NEW,
        enums={"type": ("SalesforceClientSecret", "BigIDClientSecret", "SnowflakeKeyPairAuthentication")},
        conflicts=(("name", "namePrefix"),),
        name=Name(
            longest=512,
            pattern=r"[A-Za-z0-9/_+=.@-]+",
            allowed="letters, digits and /_+=.@-",
            taken="ResourceExistsException",
            source=sdk("secretsmanager/secret"),
        ),
        quotas=(
            Quota(
                limit=500_000,
                per="region",
                what="secrets per Region",
                source=assumed(
                    "the default quota from secondary sources; page to check:"
                    " https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html"
                ),
            ),
        ),
        rules=(
            _window,
            _name_in_window,
            _replicas,
            policy_document("policy", "resource", longest=20_480, code="MalformedPolicyDocumentException"),
            key_exists("kmsKeyId", "InvalidParameterException"),
        ),
    ),
    Behaviour(
        type=VERSION,
        source=sdk("secretsmanager/secretversion"),
        id=lambda call: f"{_secret_arn(call)}|terraform-{call.hex(26)}",
        outputs={
            "versionId": lambda call: call.id.rpartition("|")[2],
            "arn": _secret_arn,
            "secretArn": _secret_arn,
            "hasSecretStringWo": lambda call: call.inputs.get("secretStringWo") is not None,
            "versionStages": ("AWSCURRENT",),
        },
        replaces=frozenset({"secretId", "secretString", "secretBinary", "secretStringWoVersion"}),
        replace_source=provider("secretsmanager/secret_version.go"),
        exactly_one=(("secretString", "secretBinary", "secretStringWo"),),
        requires={"secretStringWo": ("secretStringWoVersion",)},
        secrets=frozenset({"secretString", "secretBinary"}),
        rules=(_secret_exists, _length),
    ),
    Behaviour(
        type=ROTATION,
        source=sdk("secretsmanager/secretrotation"),
        id="{secretId}",
        outputs={"rotationEnabled": True, "rotateImmediately": True},
        replaces=frozenset({"secretId"}),
        replace_source=schema_of("secretsmanager/secret_rotation.go"),
        ranges={"rotationRules.automaticallyAfterDays": (1, 1_000)},
        references=(
            Reference(
                path="rotationLambdaArn",
                to=_FUNCTION,
                by="arn",
                holds=False,
                source=api("secretsmanager", "RotateSecret"),
            ),
        ),
        rules=(_secret_exists, _schedule, _may_invoke, _one_each, _has_function),
    ),
    Behaviour(
        type="aws:secretsmanager/secretPolicy:SecretPolicy",
        source=sdk("secretsmanager/secretpolicy"),
        id="{secretArn}",
        replaces=frozenset({"secretArn"}),
        replace_source=FORCE_NEW,
        rules=(
            policy_document("policy", "resource", longest=20_480, code="MalformedPolicyDocumentException"),
            _secret_exists,
            _one_each,
            _not_public,
        ),
    ),
)
