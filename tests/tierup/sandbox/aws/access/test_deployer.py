"""The provider denies what the deployer's policies do not allow, for each operation and with the words of AWS."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from stacks.catalog.phases import Phase
from tierup.sandbox.aws.access.deployer import NamedPolicy, denied, set_policies
from tierup.sandbox.aws.access.deployer_actions import ACTIONS
from tierup.sandbox.behaviour import Call
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.wire import struct
from tools.docs.deployer_policy import EVERY_SETTING, policies

from ...provider_calls import Engine, urn

TOPIC = "aws:sns/topic:Topic"
VPC = "aws:ec2/vpc:Vpc"


def deployer_may(engine: Engine, *actions: str) -> None:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    set_policies(engine.cloud, [NamedPolicy("own", {"Version": "2012-10-17", "Statement": [statement]})])


def test_create_is_denied_and_makes_nothing() -> None:
    engine = Engine()
    deployer_may(engine, "sns:CreateTopic")
    with pytest.raises(RuntimeError) as raised:
        engine.create(TOPIC, {"name": "alarms"})
    assert str(raised.value) == (
        "creating aws:sns/topic:Topic 'it': AuthorizationError: User:"
        " arn:aws:sts::123456789012:assumed-role/deployer/session is not authorized to perform: sns:SetTopicAttributes"
        " on resource: arn:aws:sns:eu-west-1:123456789012:alarms because no identity-based policy allows the"
        " sns:SetTopicAttributes action"
    )
    assert engine.cloud.all() == []


def test_ec2_has_its_own_error() -> None:
    engine = Engine()
    deployer_may(engine, "sns:*")
    message = "UnauthorizedOperation: You are not authorized to perform this operation. User:"
    with pytest.raises(RuntimeError, match=message):
        engine.create(VPC, {"cidrBlock": "10.0.0.0/16"})


def test_update_read_and_delete_are_denied() -> None:
    engine = Engine()
    made = engine.create(TOPIC, {"name": "alarms"})
    deployer_may(engine, "sns:GetTopicAttributes")
    with pytest.raises(RuntimeError, match=r"updating .* perform: sns:SetTopicAttributes"):
        engine.update(TOPIC, made.id, {"name": "alarms", "displayName": "Alarms"})
    read = provider_pb2.ReadRequest(id=made.id, urn=urn(TOPIC, "it"), properties=struct({}))
    with pytest.raises(RuntimeError, match=r"reading .* perform: sns:ListTagsForResource"):
        engine.provider.Read(read, engine.context)
    delete = provider_pb2.DeleteRequest(id=made.id, urn=urn(TOPIC, "it"), properties=struct({}))
    with pytest.raises(RuntimeError, match=r"deleting .* perform: sns:DeleteTopic"):
        engine.provider.Delete(delete, engine.context)
    assert [resource.id for resource in engine.cloud.all()] == [made.id]
    deployer_may(engine, "sns:*")
    engine.provider.Delete(delete, engine.context)
    assert engine.cloud.all() == []


def test_function_is_denied() -> None:
    engine = Engine()
    deployer_may(engine, "sns:*")
    token = "aws:index/getAvailabilityZones:getAvailabilityZones"
    answer = engine.provider.Invoke(provider_pb2.InvokeRequest(tok=token, args=struct({})), engine.context)
    assert "not authorized to perform: ec2:DescribeAvailabilityZones" in answer.failures[0].reason


def test_type_without_an_entry_is_not_evaluated() -> None:
    engine = Engine()
    deployer_may(engine, "sns:*")
    assert engine.create("aws:sqs/queue:Queue", {"name": "jobs"}).id


def test_explicit_deny_is_named() -> None:
    engine = Engine()
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {
            "Sid": "OnlyFrankfurt",
            "Effect": "Deny",
            "Action": "sns:CreateTopic",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}},
        },
    ]
    set_policies(engine.cloud, [NamedPolicy("own", {"Version": "2012-10-17", "Statement": statements})])
    with pytest.raises(RuntimeError, match=r"with an explicit deny .*policy 'own', statement 'OnlyFrankfurt'"):
        engine.create(TOPIC, {"name": "alarms"})


def test_role_is_passed_to_its_service_only() -> None:
    engine = Engine()
    role = "arn:aws:iam::123456789012:role/app"
    allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    passing = {"StringNotEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    forbidden = {"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*", "Condition": passing}
    document = {"Version": "2012-10-17", "Statement": [allowed, forbidden]}
    set_policies(engine.cloud, [NamedPolicy("own", document)])
    for type, path, expected in (
        ("aws:ecs/taskDefinition:TaskDefinition", "executionRoleArn", []),
        ("aws:lambda/function:Function", "role", ["AccessDenied"]),
    ):
        call = Call(type, urn(type, "it"), "eu-west-1", "123456789012", {path: role}, engine.cloud, seed="")
        assert [rejection.code for rejection in denied("create", call)] == expected


# --- every action of the generated policies ---


def operations() -> list[tuple[str, str]]:
    """Return each type with each operation that needs actions."""
    return [
        (type, operation)
        for type, known in ACTIONS.items()
        for operation in ("create", "read", "update", "delete")
        if getattr(known, operation)
    ]


@pytest.mark.parametrize(("type", "operation"), operations())
def test_operation_needs_each_of_its_actions(type: str, operation: str) -> None:
    """With the policies of every setting the operation is allowed; without any one of its actions it is denied."""
    cloud = Cloud()
    call = Call(type, urn(type, "it"), "eu-west-1", "123456789012", {"tags": {"a": "b"}}, cloud, seed="", old={})
    complete = policies()[EVERY_SETTING]
    set_policies(cloud, [NamedPolicy(*each) for each in complete.items()])
    assert list(denied(operation, call)) == []
    actions = getattr(ACTIONS[type], operation)
    assert len(actions) > 0
    for action in actions:
        set_policies(cloud, [NamedPolicy(*each) for each in without(complete, action).items()])
        (rejection,) = denied(operation, call)
        assert f"perform: {action} on resource" in rejection.message


def without(named: Any, action: str) -> dict[str, Any]:
    """Return policies without one action."""
    left = copy.deepcopy(dict(named))
    for policy in left.values():
        for statement in policy["Statement"]:
            if isinstance(statement["Action"], list):
                statement["Action"] = [each for each in statement["Action"] if each != action]
    return left


def test_phases_are_those_of_the_program() -> None:
    assert list(policies()) == [*(phase.value for phase in Phase), EVERY_SETTING]
