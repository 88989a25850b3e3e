"""ECR: repositories, their policies and their lifecycle policies."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tierup.sandbox.behaviour import (
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

from . import regions
from .kms import key_exists
from .policy_documents import foreign_actions, policy_document
from .same_scope import known, others_in_region
from .sources import RECORDED, api, created_only, schema_of, sdk

REPOSITORY = "aws:ecr/repository:Repository"
LIFECYCLE_POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"

LIFECYCLE = documented(
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html", read="2026-11-28"
)

_TO_REPOSITORY = Reference(
    path="repository",
    to=REPOSITORY,
    by="name",
    code="RepositoryNotFoundException",
    holds=False,  # deleting a repository deletes its policies
    source=api("ecr", "PutLifecyclePolicy"),
)


@rule("repository-is-empty", Stage.DELETE, source=api("ecr", "DeleteRepository"))
def is_empty(call: Call) -> Iterator[Rejection]:
    # No resource pushes images; `tierup sandbox edit` can give a repository an `images` list to test this.
    images = call.this.outputs.get("images") if call.this else None
    if images and call.this and not call.this.inputs.get("forceDelete"):
        yield Rejection(
            "forceDelete",
            f"repository {call.this.outputs.get('name')} contains {len(images)} images. Set forceDelete to delete"
            " them, too.",
            "RepositoryNotEmptyException",
        )


@rule("repository-encryption", Stage.PLAN, source=api("ecr", "CreateRepository"))
def encryption(call: Call) -> Iterator[Rejection]:
    kind, key = (
        known(call, "encryptionConfigurations[0].encryptionType", "AES256"),
        call.get("encryptionConfigurations[0].kmsKey"),
    )
    if kind == "AES256" and key is not None:
        yield Rejection(
            "encryptionConfigurations[0].kmsKey", "kmsKey requires encryptionType KMS", "InvalidParameterException"
        )


@rule("tag-exclusion-filters-require-mode", Stage.PLAN, source=sdk("ecr/repository"))
def tag_exclusions(call: Call) -> Iterator[Rejection]:
    mode = known(call, "imageTagMutability", "MUTABLE")
    filters = call.get("imageTagMutabilityExclusionFilters")
    if filters is not None and not mode.endswith("_WITH_EXCLUSION"):
        yield Rejection(
            "imageTagMutabilityExclusionFilters",
            f"exclusion filters require a mode that ends in _WITH_EXCLUSION (got {mode})",
            "InvalidParameterException",
        )


@rule("lifecycle-policy-text", Stage.PLAN, source=LIFECYCLE)
def lifecycle_text(call: Call) -> Iterator[Rejection]:
    policy = known(call, "policy")
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError as error:
        yield Rejection("policy", f"the lifecycle policy is not JSON: {error}", "InvalidParameterException")
        return
    if document is None:
        return
    rules = document.get("rules") if isinstance(document, dict) else None
    if not isinstance(rules, list) or not rules:
        yield Rejection("policy", "the lifecycle policy has no rules", "InvalidParameterException")
        return
    yield from (
        Rejection("policy", violation, "InvalidParameterException") for violation in _lifecycle_violations(rules)
    )


_COUNT_TYPES = ("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned")


def _lifecycle_violations(rules: list[Plain]) -> Iterator[str]:
    priorities = [entry.get("rulePriority") for entry in rules if isinstance(entry, dict)]
    if len(set(priorities)) != len(priorities):
        yield f"rulePriority must be unique (got {priorities})"
    for position, entry in enumerate(rules, 1):
        selection = entry.get("selection", {})
        status, kind = selection.get("tagStatus"), selection.get("countType")
        if status not in ("tagged", "untagged", "any"):
            yield f"rule {position} has an invalid tagStatus (got {status!r}). Allowed are tagged, untagged, any."
        patterns = selection.get("tagPrefixList") or selection.get("tagPatternList")
        if (status == "tagged") != bool(patterns):
            yield f"rule {position}: tagPrefixList or tagPatternList is required with tagStatus tagged only"
        if kind not in _COUNT_TYPES:
            yield f"rule {position} has countType {kind!r}. Allowed are {', '.join(_COUNT_TYPES)}."
        if (kind != "imageCountMoreThan") != ("countUnit" in selection):
            yield f"rule {position}: countUnit (days) is required, unless countType is imageCountMoreThan"
        if not isinstance(selection.get("countNumber"), int) or selection["countNumber"] < 1:
            yield f"rule {position} has countNumber {selection.get('countNumber')!r}. Allowed are integers from 1."
        action = entry.get("action", {}).get("type")
        if action not in ("expire", "transition"):
            yield f"rule {position} requires action {{'type': 'expire'}} or {{'type': 'transition'}}"
        if action == "transition" and entry["action"].get("targetStorageClass") != "archive":
            yield f"rule {position}: a transition requires targetStorageClass archive"
        if kind == "sinceImagePulled" and action == "expire":
            yield f"rule {position}: countType sinceImagePulled supports only the action transition"
        storage = _storage_class(entry)
        if (kind == "sinceImageTransitioned") != (storage == "archive"):
            yield f"rule {position}: storageClass archive is required with sinceImageTransitioned only"
        same = [each.get("rulePriority", 0) for each in rules if _storage_class(each) == storage]
        if status == "any" and entry.get("rulePriority") != max(same):
            yield f"rule {position} has tagStatus any, so its rulePriority must be the highest of its storage class"


def _storage_class(entry: Plain) -> str:
    return str(entry.get("selection", {}).get("storageClass", "standard"))


@rule(
    "one-policy-per-repository",
    Stage.CREATE,
    source=assumed("the API overwrites: a second resource would overwrite the first at each up"),
)
def one_policy(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, call.type, repository=call.get("repository")):
        yield Rejection(
            "repository",
            f"{call.get('repository')} already has a policy ({other.name})",
            "InvalidParameterException",
        )


@rule("registry-has-one-replication-configuration", Stage.CREATE, source=api("ecr", "PutReplicationConfiguration"))
def _one_configuration(call: Call) -> Iterator[Rejection]:
    # AWS accepts it, and overwrites the rules of the other one.
    for other in others_in_region(call, REPLICATION):
        yield Rejection(
            "replicationConfiguration",
            f"the registry already has a replication configuration ('{other.name}'), which this one would overwrite."
            " An account has one in each region.",
            "AlreadyExists",
        )


@rule(
    "replication-goes-to-another-region", Stage.CREATE, Stage.UPDATE, source=api("ecr", "PutReplicationConfiguration")
)
def _destinations(call: Call) -> Iterator[Rejection]:
    for at, destination in located(call.inputs, "replicationConfiguration.rules[*].destinations[*]"):
        if destination.get("region") == call.region and destination.get("registryId") == call.account:
            yield Rejection(
                at, f"the destination is the registry itself (got {call.region}).", "InvalidParameterException"
            )


@rule("replication-region-exists", Stage.PLAN, source=api("ecr", "ReplicationDestination: region"))
def _regions(call: Call) -> Iterator[Rejection]:
    for at, region in located(call.inputs, "replicationConfiguration.rules[*].destinations[*].region"):
        if isinstance(region, str) and not regions.is_region(region):
            yield Rejection(at, f"not a region of AWS (got '{region}').", "InvalidParameterException")


@rule("basic-scanning-frequency", Stage.PLAN, source=api("ecr", "RegistryScanningRule: scanFrequency"))
def _scanning(call: Call) -> Iterator[Rejection]:
    if known(call, "scanType") != "BASIC":
        return
    for at, frequency in located(call.inputs, "rules[*].scanFrequency"):
        if frequency == "CONTINUOUS_SCAN":
            yield Rejection(
                at, "The BASIC scan type supports the frequencies SCAN_ON_PUSH and MANUAL (got CONTINUOUS_SCAN).",
                "InvalidParameterException",
            )  # fmt: skip


@rule("policy-actions-of-service", Stage.CREATE, Stage.UPDATE, source=api("ecr", "SetRepositoryPolicy"))
def _policy_actions(call: Call) -> Iterator[Rejection]:
    for action in foreign_actions(call.get("policy"), "ecr"):
        yield Rejection(
            "policy", f"Invalid repository policy provided: '{action}' is not an action of ECR.",
            "InvalidParameterException",
        )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=REPOSITORY_POLICY, source=sdk("ecr/repositorypolicy"), rules=(_policy_actions,)),
    Behaviour(
        type="aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        source=sdk("ecr/registryscanningconfiguration"),
        rules=(_scanning,),
    ),
    Behaviour(
        type=REPOSITORY,
        source=sdk("ecr/repository"),
        rules=(key_exists("encryptionConfigurations[*].kmsKey", "KmsException"),),
    ),
)

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=REPLICATION,
        source=sdk("ecr/replicationconfiguration"),
        id="{account}",
        outputs={"registryId": "{account}"},
        enums={"replicationConfiguration.rules[*].repositoryFilters[*].filterType": ("PREFIX_MATCH",)},
        rules=(_one_configuration, _destinations, _regions),
    ),
    Behaviour(
        type=REPOSITORY,
        source=sdk("ecr/repository"),
        id="{name}",
        outputs={
            "arn": "arn:aws:ecr:{region}:{account}:repository/{name}",
            "registryId": "{account}",
            "repositoryUrl": "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
            "imageTagMutability": "MUTABLE",
            "encryptionConfigurations": [{"encryptionType": "AES256", "kmsKey": ""}],
        },
        replaces=frozenset({"name", "encryptionConfigurations"}),
        replace_source=created_only("AWS::ECR::Repository"),
        enums={
            "imageTagMutability": ("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"),
            "encryptionConfigurations[*].encryptionType": ("AES256", "KMS", "KMS_DSSE"),
        },
        name=Name(
            longest=256,
            shortest=2,
            pattern=r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
            allowed="lower-case letters and digits, separated by a single '.', '_' or '/' or by hyphens",
            taken="RepositoryAlreadyExistsException",
            source=api("ecr", "CreateRepository"),
        ),
        quotas=(
            Quota(
                limit=100_000,
                per="region",
                what="repositories per Region",
                code="LimitExceededException",
                source=assumed("ECR's default quota in Service Quotas, from memory"),
            ),
        ),
        rules=(encryption, tag_exclusions, is_empty),
    ),
    Behaviour(
        type=LIFECYCLE_POLICY,
        source=sdk("ecr/lifecyclepolicy"),
        id="{repository}",
        outputs={"registryId": "{account}"},
        replaces=frozenset({"policy", "repository"}),
        replace_source=schema_of("ecr/lifecycle_policy.go"),
        references=(_TO_REPOSITORY,),
        rules=(lifecycle_text, one_policy),
    ),
    Behaviour(
        type=REPOSITORY_POLICY,
        source=sdk("ecr/repositorypolicy"),
        id="{repository}",
        outputs={"registryId": "{account}"},
        replaces=frozenset({"repository"}),
        replace_source=RECORDED,
        references=(_TO_REPOSITORY,),
        rules=(policy_document("policy", "resource", code="InvalidParameterException"), one_policy),
    ),
)
