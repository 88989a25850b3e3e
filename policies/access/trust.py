"""IAM-002: a role's trust policy says who takes the role; of a CI's or an identity service's tokens, whose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .documents import Statement, statements
from .grants import ROLE

GITHUB = "token.actions.githubusercontent.com"
# Issuers whose tokens are for everybody's projects, and EKS, whose tokens are for every pod: `sub` says whose it is.
SHARED = frozenset({GITHUB, "agent.buildkite.com", "api.pulumi.com/oidc", "app.terraform.io", "gitlab.com"})
OWNERS = ("sub", "repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref")
# The tokens of other issuers tell customers apart by the audience, too, which is the customer's own application.
APPLICATIONS = (*OWNERS, "aud", "oaud", "app_id")


def check(role: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for statement in statements(role.properties, "assumeRolePolicy"):
        if not statement.allows:
            continue
        if statement.for_anyone and not statement.says_who:
            yield Finding(f"{statement.path}.Principal", "anyone (*)", "the service, role or account that takes it")
        for provider in statement.principals.get("Federated", ()):
            yield from _federated(statement, provider)


def _federated(statement: Statement, provider: str) -> Iterator[Finding]:
    if ":saml-provider/" in provider:
        return
    host = provider.rpartition(":oidc-provider/")[2].lower()
    shared = host in SHARED or host.startswith("oidc.eks.")
    if not _asks(statement, host, OWNERS if shared else APPLICATIONS) or (host == GITHUB and _any_owner(statement)):
        wanted = "repo:OWNER/REPOSITORY:..." if host == GITHUB else "whose tokens are taken"
        claim = "sub" if shared else "aud"
        yield Finding(f"{statement.path}.Condition", f"no condition on {host}:{claim} that says whose", wanted)
    if host == GITHUB and not statement.asks(f"{host}:aud"):
        yield Finding(f"{statement.path}.Condition", f"no condition on {host}:aud", "sts.amazonaws.com")


def _asks(statement: Statement, host: str, claims: tuple[str, ...]) -> bool:
    return any(statement.asks(f"{host}:{claim}") for claim in claims)


def _any_owner(statement: Statement) -> bool:
    """Whether `sub` is asked for in a form that any owner's repository has (repo:*), and nothing else is asked."""
    if _asks(statement, GITHUB, OWNERS[1:]):
        return False
    return any("*" in _owner(value) or "?" in _owner(value) for value in statement.asked(f"{GITHUB}:sub"))


def _owner(subject: str) -> str:
    """repo:OWNER in repo:OWNER/REPOSITORY:ref:..., and as much of the forms that GitHub can be told to use."""
    kind, _, rest = subject.partition(":")
    return f"{kind}:{re.split('[:/]', rest)[0]}"


RULE = ResourceRule(
    id="IAM-002",
    name="iam-role-trust",
    title="A role's trust policy says who may take the role.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=(ROLE,),
    check=check,
    remediation="Name the principal; for GitHub's tokens, ask for sub (repo:OWNER/REPOSITORY:...) and aud.",
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
    unproven="What the role may then do.",
)
