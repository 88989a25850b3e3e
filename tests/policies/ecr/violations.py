"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.iam.violations import with_statement
from tests.policies.violations import Violation

REPOSITORY = "aws:ecr/repository:Repository"

VIOLATIONS: Mapping[str, Violation] = {
    "ECR-001": Violation(REPOSITORY, {"imageScanningConfiguration.scanOnPush": False}),
    "ECR-002": Violation(REPOSITORY, {"imageTagMutability": "MUTABLE"}),
    "ECR-003": Violation("aws:ecr/lifecyclePolicy:LifecyclePolicy", {}),
    "ECR-004": Violation(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        {"policy": with_statement(Principal="*", Action="ecr:BatchGetImage")},
    ),
    "ECR-005": Violation(REPOSITORY, {"encryptionConfigurations[0].encryptionType": "AES256"}),
}
