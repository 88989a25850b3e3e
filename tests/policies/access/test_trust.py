from __future__ import annotations

import json
from typing import Any

import pytest

from policies.access.trust import RULE
from policies.rule import Outcome, Verdict
from tests.policies.access.compliant import GITHUB, by_service, statement
from tests.policies.evaluation import UNKNOWN, evaluate

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


def test_a_policy_given_as_an_object_is_read() -> None:
    assert evaluate(RULE, "deployer", {"assumeRolePolicy": by_service()}).outcome is Outcome.PASS
    assert evaluate(RULE, "deployer", {"assumeRolePolicy": statement(Principal="*")}).outcome is Outcome.FAIL


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": [f"{ACCOUNT}:root", "*"]}])
def test_anyone_fails(principal: object) -> None:
    assert trusting(Principal=principal).findings[0].found == "anyone (*)"


def test_anyone_of_ones_organization_passes() -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    assert trusting(Principal={"AWS": "*"}, Condition=condition).outcome is Outcome.PASS


def test_an_external_id_alone_does_not_say_who() -> None:
    assert trusting(Principal="*", Condition={"StringEquals": {"sts:ExternalId": "1"}}).outcome is Outcome.FAIL


def test_denying_anyone_passes() -> None:
    assert trusting(Effect="Deny", Principal="*").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "subject", ["repo:example/shop:ref:refs/heads/main", "repo:example/*", "repository_owner:example:*"]
)
def test_githubs_owner_by_name_passes(subject: str) -> None:
    conditions = {"StringEquals": {AUD: "sts.amazonaws.com"}, "StringLike": {SUB: subject}}
    assert federated(GITHUB, **conditions).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "subject", ["*", "repo:*", "repo:*/shop:*", "repo:exam*/shop:*", ["repo:example/shop:*", "repo:*"]]
)
def test_any_owners_repository_fails(subject: object) -> None:
    verdict = federated(GITHUB, StringEquals={AUD: "sts.amazonaws.com"}, StringLike={SUB: subject})
    assert [finding.found for finding in verdict.findings] == [f"no condition on {SUB} that says whose"]


def test_another_claim_of_githubs_may_say_whose() -> None:
    conditions = {AUD: "sts.amazonaws.com", f"{GITHUB}:repository_owner_id": "1"}
    assert federated(GITHUB, StringEquals=conditions).outcome is Outcome.PASS


def test_githubs_token_without_conditions_fails_twice() -> None:
    assert len(federated(GITHUB).findings) == 2


def test_githubs_audience_is_asked_for() -> None:
    verdict = federated(GITHUB, StringEquals={SUB: "repo:example/shop:environment:production"})
    assert [finding.found for finding in verdict.findings] == [f"no condition on {AUD}"]


@pytest.mark.parametrize("provider", ["gitlab.com", "oidc.eks.eu-west-1.amazonaws.com/id/1A2B"])
def test_an_issuer_for_many_needs_a_subject(provider: str) -> None:
    assert federated(provider, StringEquals={f"{provider}:aud": "sts.amazonaws.com"}).outcome is Outcome.FAIL
    assert federated(provider, StringLike={f"{provider}:sub": "project_path:example/shop:*"}).outcome is Outcome.PASS


@pytest.mark.parametrize("provider", ["cognito-identity.amazonaws.com", "login.example.com"])
def test_an_issuer_of_ones_own_needs_an_audience(provider: str) -> None:
    assert federated(provider, StringEquals={f"{provider}:aud": "shop"}).outcome is Outcome.PASS
    assert federated(provider).outcome is Outcome.FAIL


def test_saml_says_who_by_its_provider() -> None:
    assert trusting(Principal={"Federated": f"{ACCOUNT}:saml-provider/okta"}).outcome is Outcome.PASS


@pytest.mark.parametrize("policy", [UNKNOWN, "not json"])
def test_what_cannot_be_read_is_not_a_pass(policy: str) -> None:
    assert evaluate(RULE, "deployer", {"assumeRolePolicy": policy}).outcome is Outcome.UNKNOWN
