from __future__ import annotations

import json
from typing import Any

import pytest

from policies.iam.documents import Statement, statements
from policies.rule import Indeterminate
from policies.values import UnknownValue, from_state
from tests.policies.evaluation import UNKNOWN


def read(**elements: Any) -> Statement:
    (statement,) = statements({"policy": json.dumps({"Statement": {"Effect": "Allow", **elements}})}, "policy")
    return statement


def under(**conditions: Any) -> Statement:
    return read(Principal="*", Condition=conditions)


def test_a_single_statement_or_value_equals_a_list_of_one() -> None:
    one = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    many = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["*"]}
    assert list(statements({"policy": json.dumps({"Statement": one})}, "policy")) == list(
        statements({"policy": json.dumps({"Statement": [many]})}, "policy")
    )


def test_an_object_equals_its_json() -> None:
    document = {
        "Statement": [{"Sid": "Reads", "Effect": "Allow", "Action": ["s3:GetObject"], "Principal": {"AWS": ["*"]}}]
    }
    read_object = list(statements(from_state({"policy": document}), "policy"))
    assert read_object == list(statements({"policy": json.dumps(document)}, "policy"))
    assert read_object[0].path == "policy.Statement[0] (Reads)"


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::111122223333:root", "*"]}])
def test_a_wildcard_principal_means_everyone(principal: object) -> None:
    assert read(Principal=principal).for_everyone


def test_not_principal_means_everyone() -> None:
    assert read(NotPrincipal={"AWS": "arn:aws:iam::111122223333:root"}).for_everyone


@pytest.mark.parametrize("principal", [{"Service": "sns.amazonaws.com"}, {"AWS": "111122223333"}, {"Federated": "*"}])
def test_a_named_principal_does_not_mean_everyone(principal: object) -> None:
    assert not read(Principal=principal).for_everyone


@pytest.mark.parametrize(
    "conditions",
    [
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"StringEquals": {"AWS:SourceOwner": "111122223333"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"StringLike": {"aws:userid": "AROAEXAMPLE:*"}},
        {"StringEquals": {"aws:VpceOrgID": "o-1"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-1/r-1/*"]}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:orders"}},
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}},
    ],
)
def test_a_condition_on_the_caller_narrows(conditions: dict[str, Any]) -> None:
    assert under(**conditions).limits_callers


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
        {"StringNotEquals": {"aws:SourceAccount": "111122223333"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"StringLike": {"aws:SourceArn": "*"}},
        {"StringLike": {"aws:SourceAccount": ["111122223333", "*"]}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
        {"StringLike": {"aws:userid": "*:session"}},
    ],
)
def test_a_condition_that_every_caller_meets_does_not_narrow(conditions: dict[str, Any]) -> None:
    assert not under(**conditions).limits_callers


@pytest.mark.parametrize("pattern", ["iam:PassRole", "IAM:passrole", "iam:Pass*", "iam:P?ssRole", "iam:*", "*"])
def test_action_patterns_match_in_any_case(pattern: str) -> None:
    assert read(Action=["s3:GetObject", pattern]).allows_action("iam:passrole")


@pytest.mark.parametrize("pattern", ["iam:GetRole", "s3:*", "iam:PassRol", "iam.PassRole"])
def test_action_patterns_do_not_match_other_actions(pattern: str) -> None:
    assert not read(Action=pattern).allows_action("iam:passrole")


def test_not_action_matches_all_other_actions() -> None:
    assert read(NotAction="s3:*").allows_action("iam:passrole")
    assert not read(NotAction=["iam:*"]).allows_action("iam:passrole")


@pytest.mark.parametrize("resources", [{"Resource": "*"}, {"Resource": ["a", "*"]}, {"NotResource": "a"}])
def test_a_wildcard_or_not_resource_means_all_resources(resources: dict[str, Any]) -> None:
    assert read(**resources).on_all_resources
    assert not read(Resource="arn:aws:s3:::bucket/*").on_all_resources


def test_a_missing_policy_has_no_statements() -> None:
    assert list(statements({"policy": None}, "policy")) == []
    assert list(statements({}, "policy")) == []


@pytest.mark.parametrize("text", ["not json", "[]", '"text"'])
def test_a_text_that_is_not_a_policy_is_indeterminate(text: str) -> None:
    with pytest.raises(Indeterminate):
        list(statements({"policy": text}, "policy"))


def test_an_unknown_part_raises() -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": UNKNOWN}]}
    with pytest.raises(UnknownValue):
        list(statements(from_state({"policy": document}), "policy"))


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"Statement": ["text"]}, "policy.Statement[0]"),
        ({"Statement": [{"Effect": "Allow"}, 1]}, "policy.Statement[1]"),
        ({"Statement": "text"}, "policy.Statement"),
        ({"Statement": 1}, "policy.Statement"),
        ({"Statement": [{"Condition": "text"}]}, "policy.Statement[0].Condition"),
        ({"Statement": [{"Condition": {"StringEquals": ["text"]}}]}, "policy.Statement[0].Condition.StringEquals"),
    ],
)
def test_policy_of_another_shape_is_indeterminate_with_its_path(document: object, path: str) -> None:
    with pytest.raises(Indeterminate) as raised:
        list(statements({"policy": json.dumps(document)}, "policy"))
    assert str(raised.value).startswith(f"{path} is not ")
