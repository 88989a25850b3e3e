"""The ECR repository of one service's images: scanned when pushed, tags that never move, old images cleared away.

Checklist: Docker containerization; deployment rollback (the last images stay, and a tag means the same image for ever).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class EcrRepositoryArgs:
    """What one repository needs."""

    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    keep_images: int = 30
    """Tagged images kept, the newest; a rollback goes back no further."""
    untagged_days: int = 7
    """Days after which an image that no tag names is deleted. Parts of a multi-platform image stay while it does."""
    kms_key_arn: Input[str] | None = None
    """Key of the images' encryption; None is ECR's own (AES-256). A change replaces the repository."""
    force_delete: bool = False
    """Whether a destroy may delete a repository that still holds images."""

    def __post_init__(self) -> None:
        if self.keep_images < 2:
            raise ValueError(
                f"keep_images: got {self.keep_images}, allowed 2 or more: a rollback needs the image before the last"
            )
        if self.untagged_days < 1:
            raise ValueError(f"untagged_days: got {self.untagged_days}, allowed 1 or more: ECR counts whole days")


class EcrRepository(ComponentResource):
    """One private repository."""

    arn: Output[str]
    """For whoever may pull."""
    url: Output[str]
    """What `docker push` takes, without a tag: <account>.dkr.ecr.<region>.amazonaws.com/<name>."""

    def __init__(self, name: str, args: EcrRepositoryArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ImageRepository", name, None, opts)
        child = ResourceOptions(parent=self)
        repository = aws.ecr.Repository(
            f"{name}-images",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[_encryption(args.kms_key_arn)],
            force_delete=args.force_delete,
            tags={**args.tags, "Name": f"{name}-images"},
            opts=child,
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-lifecycle",
            repository=repository.name,
            policy=json.dumps(_lifecycle(args.untagged_days, args.keep_images)),
            opts=child,
        )

        self.arn = repository.arn
        self.url = repository.repository_url
        self.register_outputs({"arn": self.arn, "url": self.url})


def _encryption(kms_key_arn: Input[str] | None) -> aws.ecr.RepositoryEncryptionConfigurationArgs:
    if kms_key_arn is None:
        return aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="AES256")
    return aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=kms_key_arn)


def _lifecycle(untagged_days: int, keep_images: int) -> dict[str, object]:
    """https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html (read 2026-11-24)."""
    return {
        "rules": [
            {
                "rulePriority": 1,
                "description": f"Untagged images after {untagged_days} days",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": untagged_days,
                },
                "action": {"type": "expire"},
            },
            {
                "rulePriority": 2,
                "description": f"All but the {keep_images} newest tagged images",
                # "tagged", not "any": the untagged parts of multi-platform images would be counted as well.
                "selection": {
                    "tagStatus": "tagged",
                    "tagPatternList": ["*"],
                    "countType": "imageCountMoreThan",
                    "countNumber": keep_images,
                },
                "action": {"type": "expire"},
            },
        ]
    }
