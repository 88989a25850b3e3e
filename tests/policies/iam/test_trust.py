from __future__ import annotations

import json
from typing import Any

import pytest

from policies.iam.trust import RULE
from policies.rule import Outcome, Verdict
from tests.policies.evaluation import UNKNOWN, evaluate
from tests.policies.iam.compliant import GITHUB, by_service, statement

ACCOUNT = "arn:aws:iam::111122223333"
AUD = f"{GITHUB}:aud"
SUB = f"{GITHUB}:sub"


def trusting(**elements: Any) -> Verdict:
    return evaluate(RULE, "deployer", {"assumeRolePolicy": json.dumps(statement(**elements))})


def federated(provider: str, **conditions: Any) -> Verdict:
    host = (
        provider
        if provider.endswith("amazonaws.com") and "eks" not in provider
        else f"{ACCOUNT}:oidc-provider/{provider}"
    )
    return trusting(Principal={"Federated": host}, Condition=conditions)


def test_one_repository_or_one_service_passes() -> None:
    assert evaluate(RULE, "deployer").outcome is Outcome.PASS
    assert evaluate(RULE, "deployer", {"assumeRolePolicy": json.dumps(by_service())}).outcome is Outcome.PASS


def test_a_policy_object_is_read() -> None:
    assert evaluate(RULE, "deployer", {"assumeRolePolicy": by_service()}).outcome is Outcome.PASS
    assert evaluate(RULE, "deployer", {"assumeRolePolicy": statement(Principal="*")}).outcome is Outcome.FAIL


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": [f"{ACCOUNT}:root", "*"]}])
def test_a_wildcard_principal_fails(principal: object) -> None:
    assert trusting(Principal=principal).findings[0].found == "anyone (*)"


def test_a_wildcard_principal_limited_to_an_organization_passes() -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    assert trusting(Principal={"AWS": "*"}, Condition=condition).outcome is Outcome.PASS


def test_an_external_id_alone_fails() -> None:
    assert trusting(Principal="*", Condition={"StringEquals": {"sts:ExternalId": "1"}}).outcome is Outcome.FAIL


def test_a_deny_for_everyone_passes() -> None:
    assert trusting(Effect="Deny", Principal="*").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "subject", ["repo:example/shop:ref:refs/heads/main", "repo:example/*", "repository_owner:example:*"]
)
def test_a_named_github_owner_passes(subject: str) -> None:
    conditions = {"StringEquals": {AUD: "sts.amazonaws.com"}, "StringLike": {SUB: subject}}
    assert federated(GITHUB, **conditions).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "subject", ["*", "repo:*", "repo:*/shop:*", "repo:exam*/shop:*", ["repo:example/shop:*", "repo:*"]]
)
def test_a_subject_of_any_github_owner_fails(subject: object) -> None:
    verdict = federated(GITHUB, StringEquals={AUD: "sts.amazonaws.com"}, StringLike={SUB: subject})
    assert [finding.found for finding in verdict.findings] == [f"no condition on {SUB} that names the owner"]


def test_another_github_claim_may_name_the_owner() -> None:
    conditions = {AUD: "sts.amazonaws.com", f"{GITHUB}:repository_owner_id": "1"}
    assert federated(GITHUB, StringEquals=conditions).outcome is Outcome.PASS


def test_a_github_token_without_conditions_has_two_findings() -> None:
    assert len(federated(GITHUB).findings) == 2


def test_a_github_token_without_an_audience_fails() -> None:
    verdict = federated(GITHUB, StringEquals={SUB: "repo:example/shop:environment:production"})
    assert [finding.found for finding in verdict.findings] == [f"no condition on {AUD}"]


@pytest.mark.parametrize("provider", ["gitlab.com", "oidc.eks.eu-west-1.amazonaws.com/id/1A2B"])
def test_a_shared_issuer_needs_a_subject(provider: str) -> None:
    assert federated(provider, StringEquals={f"{provider}:aud": "sts.amazonaws.com"}).outcome is Outcome.FAIL
    assert federated(provider, StringLike={f"{provider}:sub": "project_path:example/shop:*"}).outcome is Outcome.PASS


@pytest.mark.parametrize("provider", ["cognito-identity.amazonaws.com", "login.example.com"])
def test_a_dedicated_issuer_needs_an_audience(provider: str) -> None:
    assert federated(provider, StringEquals={f"{provider}:aud": "shop"}).outcome is Outcome.PASS
    assert federated(provider).outcome is Outcome.FAIL


def test_a_saml_provider_passes() -> None:
    assert trusting(Principal={"Federated": f"{ACCOUNT}:saml-provider/okta"}).outcome is Outcome.PASS


@pytest.mark.parametrize("policy", [UNKNOWN, "not json"])
def test_an_unreadable_policy_does_not_pass(policy: str) -> None:
    assert evaluate(RULE, "deployer", {"assumeRolePolicy": policy}).outcome is Outcome.UNKNOWN
