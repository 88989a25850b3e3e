"""ECR-004: an ECR policy does not grant access to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..iam.resource_policies import open_statements
from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity

POLICIES = ("aws:ecr/repositoryPolicy:RepositoryPolicy", "aws:ecr/registryPolicy:RegistryPolicy")


def check(policy: Resource, _parameters: Parameters) -> Iterator[Finding]:
    yield from open_statements(policy, "specific accounts, or the condition aws:PrincipalOrgID")


RULE = ResourceRule(
    id="ECR-004",
    name="repository-private",
    title="A repository's policy names its principals.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=POLICIES,
    check=check,
    remediation="Name the accounts or the organization that may pull from the repository.",
    example="""pull = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
}
aws.ecr.RepositoryPolicy(
    "api",
    repository=repository.name,
    policy=json.dumps({"Version": "2012-10-17", "Statement": [pull]}),
)""",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    read=date(2026, 11, 24),
)
