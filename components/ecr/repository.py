"""The ECR repository of one service's images, with scan on push, immutable tags and a lifecycle policy.

Checklist: Docker containerization; deployment rollback (recent images are kept, and a tag always names one image).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class EcrRepositoryArgs:
    """Arguments of EcrRepository."""

    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    keep_images: int = 30
    """Number of newest tagged images that are kept, 2 or more. A rollback can use these images only."""
    tag_prefixes: Sequence[str] = ()
    """Prefixes of the image tags, such as one per service that pushes to the repository. `keep_images` then applies to
    each prefix separately, and images with other tags never expire. Empty counts all tagged images together."""
    untagged_days: int = 7
    """Days after which an untagged image is deleted; 1 or more. The parts of a multi-platform image are
    kept as long as the image."""
    kms_key_arn: Input[str] | None = None
    """ARN of the images' KMS key; None encrypts with AES-256. A change replaces the repository."""
    force_delete: bool = False
    """Whether a destroy may delete a repository that holds images."""

    def __post_init__(self) -> None:
        if self.keep_images < 2:
            raise ValueError(
                f"keep_images: too few for a rollback (got {self.keep_images}). Give 2 or more, because a rollback "
                "needs the previous image."
            )
        duplicates = sorted({prefix for prefix in self.tag_prefixes if self.tag_prefixes.count(prefix) > 1})
        if "" in self.tag_prefixes or duplicates:
            raise ValueError(
                f"tag_prefixes: empty or repeated (got {', '.join(map(repr, self.tag_prefixes))}). Give each prefix "
                "once."
            )
        if self.untagged_days < 1:
            raise ValueError(
                f"untagged_days: must be positive (got {self.untagged_days}). Give 1 or more; ECR counts whole days."
            )


class EcrRepository(ComponentResource):
    """One private repository."""

    arn: Output[str]
    """ARN of the repository."""
    url: Output[str]
    """Repository URI for `docker push`, without a tag: <account>.dkr.ecr.<region>.amazonaws.com/<name>."""

    def __init__(self, name: str, args: EcrRepositoryArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EcrRepository", name, None, opts)
        child = ResourceOptions(parent=self)
        repository = aws.ecr.Repository(
            f"{name}-repository",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[_encryption(args.kms_key_arn)],
            force_delete=args.force_delete,
            tags={**args.tags, "Name": f"{name}-repository"},
            opts=child,
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-lifecycle",
            repository=repository.name,
            policy=json.dumps(_lifecycle(args)),
            opts=child,
        )

        self.arn = repository.arn
        self.url = repository.repository_url
        self.register_outputs({"arn": self.arn, "url": self.url})


def _encryption(kms_key_arn: Input[str] | None) -> aws.ecr.RepositoryEncryptionConfigurationArgs:
    if kms_key_arn is None:
        return aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="AES256")
    return aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=kms_key_arn)


def _lifecycle(args: EcrRepositoryArgs) -> dict[str, object]:
    """Return the lifecycle policy.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html (read 2026-11-24)
    """
    untagged_days, keep_images = args.untagged_days, args.keep_images
    patterns = {prefix: f"{prefix}*" for prefix in args.tag_prefixes} or {"": "*"}
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
            *(
                {
                    "rulePriority": priority,
                    "description": f"All but the {keep_images} newest images tagged {pattern}",
                    # "any" would also count the untagged parts of multi-platform images.
                    "selection": {
                        "tagStatus": "tagged",
                        "tagPatternList": [pattern],
                        "countType": "imageCountMoreThan",
                        "countNumber": keep_images,
                    },
                    "action": {"type": "expire"},
                }
                for priority, pattern in enumerate(patterns.values(), start=2)
            ),
        ]
    }
