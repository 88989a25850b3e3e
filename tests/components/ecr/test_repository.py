"""The image repository: immutable tags, scan on push, encryption and the lifecycle policy."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.ecr.repository import EcrRepository, EcrRepositoryArgs
from tests.engine_recorder import Recording, record

ARGS = EcrRepositoryArgs(tags={"Stack": "dev"})


@pytest.fixture(scope="module")
def recording() -> Recording[EcrRepository]:
    return record(lambda: EcrRepository("api", ARGS))


def test_creates_exactly_these_resources(recording: Recording[EcrRepository]) -> None:
    assert recording.tree() == {"api": None, "api-repository": "api", "api-lifecycle": "api"}


def test_repository_scans_encrypts_and_keeps_immutable_tags(recording: Recording[EcrRepository]) -> None:
    repository = recording.one("aws:ecr/repository:Repository").inputs

    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
    assert repository["forceDelete"] is False
    assert repository["tags"] == {"Stack": "dev", "Name": "api-repository"}


def test_customer_managed_key_is_optional() -> None:
    recording = record(lambda: EcrRepository("api", replace(ARGS, kms_key_arn="arn:aws:kms:x", force_delete=True)))
    repository = recording.one("aws:ecr/repository:Repository").inputs

    assert repository["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": "arn:aws:kms:x"}]
    assert repository["forceDelete"] is True


def test_lifecycle_keeps_the_newest_tagged_images() -> None:
    recording = record(lambda: EcrRepository("api", replace(ARGS, keep_images=5, untagged_days=3)))
    lifecycle = recording.one("aws:ecr/lifecyclePolicy:LifecyclePolicy")
    untagged, tagged = json.loads(lifecycle.inputs["policy"])["rules"]

    assert lifecycle.inputs["repository"] == "api-repository-name"
    assert untagged["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 3,
    }
    assert tagged["selection"] == {
        "tagStatus": "tagged",
        "tagPatternList": ["*"],
        "countType": "imageCountMoreThan",
        "countNumber": 5,
    }
    assert untagged["rulePriority"] < tagged["rulePriority"]


def test_images_are_counted_per_tag_prefix() -> None:
    """Pushes of one service must not expire another service's images."""
    recording = record(lambda: EcrRepository("service", replace(ARGS, tag_prefixes=["api-", "worker-"])))
    policy = json.loads(recording.one("aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs["policy"])
    tagged = [rule["selection"] for rule in policy["rules"] if rule["selection"]["tagStatus"] == "tagged"]

    assert [each["tagPatternList"] for each in tagged] == [["api-*"], ["worker-*"]]
    assert len({rule["rulePriority"] for rule in policy["rules"]}) == len(policy["rules"]) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tag_prefixes": ["api-", "api-"]}, r"^tag_prefixes: .*Give each prefix once"),
        ({"tag_prefixes": [""]}, r"^tag_prefixes: .*\(got ''\)"),
        ({"keep_images": 1}, r"^keep_images: .*\(got 1\)\. Give 2 or more"),
        ({"untagged_days": 0}, r"^untagged_days: .*\(got 0\)\. Give 1 or more"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
