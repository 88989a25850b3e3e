"""Tests of the behaviour rows of ECR."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tierup.sandbox.aws.ecr import LIFECYCLE_POLICY, REPLICATION, REPOSITORY, REPOSITORY_POLICY
from tierup.sandbox.cloud import CloudResource

from .account import Account


@pytest.fixture
def repository(account: Account) -> CloudResource:
    return account.make(REPOSITORY, "api")


def lifecycle(**selection: Any) -> str:
    entry = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}
    return json.dumps({"rules": [entry]})


KEEP_TEN = lifecycle(tagStatus="any", countType="imageCountMoreThan", countNumber=10)


def test_repository_has_url(repository: CloudResource) -> None:
    name = repository.outputs["name"]
    assert repository.outputs["repositoryUrl"] == f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/{name}"
    assert repository.outputs["arn"] == f"arn:aws:ecr:eu-west-1:123456789012:repository/{name}"
    assert repository.outputs["registryId"] == "123456789012"


@pytest.mark.parametrize("name", ["API", "a", "api/", "-api", "a//b"])
def test_invalid_repository_name_is_rejected(account: Account, name: str) -> None:
    assert [rejection.path for rejection in account.planned(REPOSITORY, name=name)] == ["name"]
    assert not account.planned(REPOSITORY, name="team/api_v2.web")


def test_duplicate_name_is_rejected(account: Account) -> None:
    account.make(REPOSITORY, "a", name="api")
    assert account.codes(REPOSITORY, "b", name="api") == {"RepositoryAlreadyExistsException"}


def test_repository_with_images_cannot_be_deleted(account: Account, repository: CloudResource) -> None:
    assert not account.delete_codes(repository)
    pushed = replace(repository, outputs={**repository.outputs, "images": ["1.0"]})
    assert account.delete_codes(pushed) == {"RepositoryNotEmptyException"}
    assert not account.delete_codes(replace(pushed, inputs={**pushed.inputs, "forceDelete": True}))


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"imageTagMutability": "FROZEN"}, "imageTagMutability"),
        ({"encryptionConfigurations": [{"kmsKey": "arn"}]}, "encryptionConfigurations[0].kmsKey"),
        (
            {"imageTagMutabilityExclusionFilters": [{"filter": "latest", "filterType": "WILDCARD"}]},
            "imageTagMutabilityExclusionFilters",
        ),
    ],
)
def test_invalid_repository_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    assert [rejection.path for rejection in account.planned(REPOSITORY, **inputs)] == [path]


def test_changed_encryption_replaces_repository(account: Account, repository: CloudResource) -> None:
    assert account.replaced_by(repository, encryptionConfigurations=[{"encryptionType": "KMS"}])
    assert not account.replaced_by(repository, imageTagMutability="IMMUTABLE")


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("{", "not JSON"),
        ("{}", "no rules"),
        (lifecycle(tagStatus="some", countType="imageCountMoreThan", countNumber=1), "tagStatus"),
        (lifecycle(tagStatus="tagged", countType="imageCountMoreThan", countNumber=1), "tagPrefixList"),
        (lifecycle(tagStatus="any", countType="sinceImagePushed", countNumber=1), "countUnit"),
        (lifecycle(tagStatus="any", countType="imageCountMoreThan", countNumber=0), "countNumber"),
        (lifecycle(tagStatus="any", countType="age", countNumber=1, countUnit="days"), "countType"),
    ],
)
def test_invalid_lifecycle_policy_is_rejected(account: Account, policy: str, says: str) -> None:
    (rejection,) = account.planned(LIFECYCLE_POLICY, repository="api", policy=policy)
    assert says in rejection.message


def test_second_policy_of_repository_is_rejected(account: Account, repository: CloudResource) -> None:
    inputs = {"repository": repository.outputs["name"], "policy": KEEP_TEN}
    assert account.make(LIFECYCLE_POLICY, "keep", **inputs).id == inputs["repository"]
    assert account.codes(LIFECYCLE_POLICY, "again", **inputs) == {"InvalidParameterException"}
    assert account.codes(LIFECYCLE_POLICY, "b", repository="missing", policy=KEEP_TEN) == {
        "RepositoryNotFoundException"
    }
    pull = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    document = json.dumps({"Version": "2012-10-17", "Statement": pull})
    assert not account.codes(REPOSITORY_POLICY, repository=inputs["repository"], policy=document)
    assert account.codes(REPOSITORY_POLICY, repository=inputs["repository"], policy="{") == {
        "InvalidParameterException"
    }


ARCHIVE = {
    "selection": {"tagStatus": "any", "countType": "sinceImagePulled", "countUnit": "days", "countNumber": 90},
    "action": {"type": "transition", "targetStorageClass": "archive"},
}
EXPIRE = {
    "selection": {
        "tagStatus": "any",
        "storageClass": "archive",
        "countType": "sinceImageTransitioned",
        "countUnit": "days",
        "countNumber": 365,
    },
    "action": {"type": "expire"},
}


def test_lifecycle_policy_can_archive_and_expire(account: Account, repository: CloudResource) -> None:
    def codes(*rules: dict[str, Any]) -> set[str]:
        numbered = [{"rulePriority": number, **rule} for number, rule in enumerate(rules, 1)]
        return account.codes(LIFECYCLE_POLICY, repository=repository.id, policy=json.dumps({"rules": numbered}))

    assert codes(ARCHIVE, EXPIRE) == set()
    assert codes({**ARCHIVE, "action": {"type": "expire"}}) == {"InvalidParameterException"}
    assert codes({**EXPIRE, "selection": ARCHIVE["selection"] | {"countType": "sinceImageTransitioned"}})


def test_registry_has_one_replication_configuration_to_other_regions(account: Account) -> None:
    def rules(region: str) -> dict[str, Any]:
        destination = {"region": region, "registryId": "123456789012"}
        return {"replicationConfiguration": {"rules": [{"destinations": [destination]}]}}

    assert account.codes(REPLICATION, "own", **rules("eu-west-1")) == {"InvalidParameterException"}
    made = account.make(REPLICATION, "first", **rules("eu-central-1"))
    assert made.id == "123456789012"
    assert account.codes(REPLICATION, "second", **rules("eu-central-1")) == {"AlreadyExists"}
