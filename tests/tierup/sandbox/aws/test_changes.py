"""Changes of AWS resources: update, replacement or no change, as the schemas of the Terraform provider decide."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.aws.provider_schemas import FRAMEWORK_TYPES, PROVIDER_SCHEMAS
from tierup.sandbox.registry import registry
from tierup.sandbox.schema import schema
from tierup.sandbox.wire import struct

from ..provider_calls import Engine, urn

SERVICE, TASK = "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"
GROUP, BALANCER = "aws:lb/targetGroup:TargetGroup", "aws:lb/loadBalancer:LoadBalancer"
CACHE, USER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/user:User"
KEY, ROLE = "aws:kms/key:Key", "aws:iam/role:Role"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
WAF_LOGS = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
EIP, ASSOCIATION = "aws:ec2/eip:Eip", "aws:ec2/eipAssociation:EipAssociation"
NAMESPACE = "aws:servicediscovery/httpNamespace:HttpNamespace"
ACCESS = "aws:cloudfront/originAccessControl:OriginAccessControl"
ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
CHECK = "aws:route53/healthCheck:HealthCheck"
CERTIFICATE = "aws:acm/certificate:Certificate"


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.mark.parametrize("type", sorted(PROVIDER_SCHEMAS))
def test_optional_inputs_exist_in_the_sdk(type: str) -> None:
    known = schema(type).inputs
    paths = {*PROVIDER_SCHEMAS[type].keeps, *PROVIDER_SCHEMAS[type].defaults}
    assert {path.partition(".")[0] for path in paths} <= set(known)


def test_every_type_of_the_table_has_a_row() -> None:
    assert {*PROVIDER_SCHEMAS, *FRAMEWORK_TYPES} <= set(registry().behaviours)


@pytest.mark.parametrize("type", sorted(type for type in registry().behaviours if type.startswith("aws:")))
def test_replacing_inputs_exist_in_the_sdk(type: str) -> None:
    known = schema(type).inputs
    assert {path.partition(".")[0] for path in registry().behaviours[type].replaces} <= {*known, "region"}


def test_equivalent_container_definitions_are_no_change(engine: Engine) -> None:
    """ContainerDefinitionsAreEquivalent in terraform-provider-aws, internal/service/ecs (from memory)."""
    mapping = {"containerPort": 80}
    old = [{"name": "a", "image": "b", "portMappings": [mapping], "environment": [{"name": "X", "value": "1"}]}]
    full = {**mapping, "hostPort": 80, "protocol": "tcp"}
    new = [{**old[0], "essential": True, "mountPoints": [], "portMappings": [full]}]
    common = {"family": "f", "networkMode": "awsvpc"}
    given = [{**common, "containerDefinitions": json.dumps(each)} for each in (old, new)]
    assert engine.diff(TASK, given[0], given[1]) == (set(), set())
    other = json.dumps([{**old[0], "image": "c"}])
    assert engine.diff(TASK, given[0], {**common, "containerDefinitions": other})[1] == {"containerDefinitions"}


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (EIP, {"customerOwnedIpv4Pool": "a"}, {"customerOwnedIpv4Pool": "b"}),
        (ACCESS, {"name": "a"}, {"name": "b"}),
        (SERVICE, {"loadBalancers": [{"containerPort": 80}]}, {"loadBalancers": [{"containerPort": 81}]}),
        (SERVICE, {"propagateTags": "SERVICE"}, {"propagateTags": "TASK_DEFINITION"}),
        (USER, {"engine": "redis"}, {"engine": "valkey"}),
        (CHECK, {"ipAddress": "192.0.2.1"}, {"ipAddress": "192.0.2.2"}),
        (GROUP, {"deregistrationDelay": 60}, {"deregistrationDelay": 30}),
        (KEY, {"isEnabled": True}, {"isEnabled": False}),
    ],
)
def test_change_is_an_update(engine: Engine, type: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert engine.diff(type, old, new) == (set(new), set())


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (LIFECYCLE, {"policy": '{"rules": []}'}, {"policy": '{"rules": [{"rulePriority": 1}]}'}),
        (WAF_LOGS, {"logDestinationConfigs": ["a"]}, {"logDestinationConfigs": ["b"]}),
        (NAMESPACE, {"description": "a"}, {"description": "b"}),
        (ASSOCIATION, {"allowReassociation": True}, {}),
        (EIP, {"publicIpv4Pool": "a"}, {"publicIpv4Pool": "b"}),
        (GROUP, {"port": 80}, {"port": 81}),
        (GROUP, {"targetType": "ip"}, {"targetType": "lambda"}),
        (SERVICE, {}, {"deploymentController": {"type": "CODE_DEPLOY"}}),
        (SERVICE, {"schedulingStrategy": "REPLICA"}, {"schedulingStrategy": "DAEMON"}),
        (ALARM, {}, {"actionsEnabled": False}),
        (CACHE, {"port": 6379}, {"port": 6380}),
        (CHECK, {"requestInterval": 30}, {"requestInterval": 10}),
    ],
)
def test_change_is_a_replacement(engine: Engine, type: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert engine.diff(type, old, new) == (set(), {*old, *new})


@pytest.mark.parametrize(
    ("type", "removed"),
    [
        (CACHE, {"snapshotWindow": "03:00-05:00"}),
        (CACHE, {"transitEncryptionMode": "required"}),
        (CACHE, {"clusterMode": "compatible"}),
        (CACHE, {"atRestEncryptionEnabled": True}),
        (BALANCER, {"securityGroups": ["sg-1"]}),
        (GROUP, {"healthCheck": {"path": "/health"}}),
        (SERVICE, {"platformVersion": "1.4.0"}),
        (SERVICE, {"triggers": {"a": "b"}}),
        (KEY, {"description": "a"}),
        (KEY, {"policy": "{}"}),
        (EIP, {"publicIpv4Pool": "a"}),
        (CERTIFICATE, {"subjectAlternativeNames": ["a.example.com"]}),
    ],
)
def test_removed_optional_and_computed_input_keeps_its_value(
    engine: Engine, type: str, removed: dict[str, Any]
) -> None:
    assert engine.diff(type, removed, {}) == (set(), set())


@pytest.mark.parametrize(
    ("type", "default"),
    [
        (SERVICE, {"deploymentController": {"type": "ECS"}}),
        (SERVICE, {"deploymentMaximumPercent": 200}),
        (SERVICE, {"enableExecuteCommand": False}),
        (SERVICE, {"schedulingStrategy": "REPLICA"}),
        (GROUP, {"targetType": "instance"}),
        (GROUP, {"deregistrationDelay": "300"}),
        (KEY, {"isEnabled": True}),
        (KEY, {"enableKeyRotation": False}),
        (ALARM, {"actionsEnabled": True}),
        (CACHE, {"multiAzEnabled": False}),
        (TASK, {"tags": {}}),
    ],
)
def test_default_value_added_or_removed_is_no_change(engine: Engine, type: str, default: dict[str, Any]) -> None:
    assert engine.diff(type, {}, default) == (set(), set())
    assert engine.diff(type, default, {}) == (set(), set())


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (TASK, {"tags": {"a": ""}}, {"tags": {}}),
        (SERVICE, {"deploymentMaximumPercent": 150}, {}),
        (KEY, {"isEnabled": False}, {}),
        (SERVICE, {"triggers": {"a": "1", "b": "2"}}, {"triggers": {"a": "1"}}),
        (BALANCER, {"securityGroups": ["sg-1", "sg-2"]}, {"securityGroups": ["sg-1"]}),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {"description": ""}, {}),
    ],
)
def test_removal_of_another_value_is_an_update(
    engine: Engine, type: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    updated, replaced = engine.diff(type, old, new)
    assert (len(updated), replaced) == (1, set())


def test_added_input_with_the_value_of_the_state_is_no_change(engine: Engine) -> None:
    """The state of a load balancer that is removed from the program as dual stack keeps that value."""

    def planned(value: str) -> set[str]:
        request = provider_pb2.DiffRequest(
            urn=urn(BALANCER, "it"),
            olds=struct({"ipAddressType": "dualstack"}),
            old_inputs=struct({}),
            news=struct({"ipAddressType": value}),
        )
        return set(engine.provider.Diff(request, engine.context).diffs)

    assert planned("dualstack") == set()
    assert planned("ipv4") == {"ipAddressType"}


def test_equivalent_policy_documents_are_no_change(engine: Engine) -> None:
    def policy(actions: Any, **options: Any) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Action": actions, "Principal": {"Service": "ecs.amazonaws.com"}}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        return {"assumeRolePolicy": json.dumps(document, **options)}

    assert engine.diff(ROLE, policy(["a", "b"]), policy(["b", "a"], indent=2)) == (set(), set())
    assert engine.diff(ROLE, policy(["a"]), policy("a", sort_keys=True)) == (set(), set())
    assert engine.diff(ROLE, policy(["a"]), policy(["b"])) == ({"assumeRolePolicy"}, set())


def test_equal_container_definitions_are_no_change_and_another_order_replaces(engine: Engine) -> None:
    def containers(*command: str, **options: Any) -> dict[str, Any]:
        return {"containerDefinitions": json.dumps([{"name": "a", "command": list(command)}], **options)}

    assert engine.diff(TASK, containers("a", "b"), containers("a", "b", indent=2, sort_keys=True)) == (set(), set())
    assert engine.diff(TASK, containers("a", "b"), containers("b", "a")) == (set(), {"containerDefinitions"})


def test_text_that_is_no_policy_is_compared_as_text(engine: Engine) -> None:
    secret = "aws:secretsmanager/secretVersion:SecretVersion"
    assert engine.diff(secret, {"secretString": '{"a": 1}'}, {"secretString": '{"a":1}'}) == (set(), {"secretString"})
