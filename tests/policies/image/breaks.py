"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.access.breaks import with_statement
from tests.policies.breaks import Break

REPOSITORY = "aws:ecr/repository:Repository"

BREAKS: Mapping[str, Break] = {
    "ECR-001": Break(REPOSITORY, {"imageScanningConfiguration.scanOnPush": False}),
    "ECR-002": Break(REPOSITORY, {"imageTagMutability": "MUTABLE"}),
    "ECR-003": Break("aws:ecr/lifecyclePolicy:LifecyclePolicy", {}),
    "ECR-004": Break(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        {"policy": with_statement(Principal="*", Action="ecr:BatchGetImage")},
    ),
    "ECR-005": Break(REPOSITORY, {"encryptionConfigurations[0].encryptionType": "AES256"}),
}
