"""IAM-002: a role's trust policy names who may assume it, and for tokens of an identity provider, whose tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .documents import Statement, statements
from .grants import ROLE

GITHUB = "token.actions.githubusercontent.com"
# Issuers that all customers share, and EKS, which issues tokens to every pod: only `sub` identifies the owner.
SHARED = frozenset({GITHUB, "agent.buildkite.com", "api.pulumi.com/oidc", "app.terraform.io", "gitlab.com"})
OWNERS = ("sub", "repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref")
# Tokens of other issuers identify the customer by the audience too, which is the customer's application.
APPLICATIONS = (*OWNERS, "aud", "oaud", "app_id")


def check(role: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for statement in statements(role.properties, "assumeRolePolicy"):
        if not statement.allows:
            continue
        if statement.for_everyone and not statement.limits_callers:
            yield Finding(f"{statement.path}.Principal", "anyone (*)", "the service, role or account that assumes it")
        for provider in statement.principals.get("Federated", ()):
            yield from _federated(statement, provider)


def _federated(statement: Statement, provider: str) -> Iterator[Finding]:
    if ":saml-provider/" in provider:
        return
    host = provider.rpartition(":oidc-provider/")[2].lower()
    shared = host in SHARED or host.startswith("oidc.eks.")
    if not _requires(statement, host, OWNERS if shared else APPLICATIONS) or (host == GITHUB and _any_owner(statement)):
        wanted = "repo:OWNER/REPOSITORY:..." if host == GITHUB else "the owner of the tokens"
        claim = "sub" if shared else "aud"
        yield Finding(f"{statement.path}.Condition", f"no condition on {host}:{claim} that names the owner", wanted)
    if host == GITHUB and not statement.requires(f"{host}:aud"):
        yield Finding(f"{statement.path}.Condition", f"no condition on {host}:aud", "sts.amazonaws.com")


def _requires(statement: Statement, host: str, claims: tuple[str, ...]) -> bool:
    return any(statement.requires(f"{host}:{claim}") for claim in claims)


def _any_owner(statement: Statement) -> bool:
    """Return whether the only condition is on `sub`, with a value that any owner's repository matches (repo:*)."""
    if _requires(statement, GITHUB, OWNERS[1:]):
        return False
    return any("*" in _owner(value) or "?" in _owner(value) for value in statement.required_values(f"{GITHUB}:sub"))


def _owner(subject: str) -> str:
    """Return repo:OWNER of repo:OWNER/REPOSITORY:ref:..., and the same part of customized subjects."""
    kind, _, rest = subject.partition(":")
    return f"{kind}:{re.split('[:/]', rest)[0]}"


RULE = ResourceRule(
    id="IAM-002",
    name="iam-role-trust",
    title="A role's trust policy names who may assume the role.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=(ROLE,),
    check=check,
    remediation="Name the principal. For GitHub's tokens add conditions on sub (repo:OWNER/REPOSITORY:...) and aud.",
    example="""aws.iam.Role(
    "deployer",
    assume_role_policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": github.arn},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": {
                            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                            "token.actions.githubusercontent.com:sub": "repo:example/shop:environment:production",
                        }
                    },
                }
            ],
        }
    ),
)""",
    source="https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws",
    read=date(2026, 11, 24),
    unproven="The rule does not see which permissions the role has.",
)
