"""The quantities of AWS prices, from the inputs of resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tierup.cost.aws import RULES
from tierup.cost.rules import PricedResource


def resource(type_: str, **inputs: Any) -> PricedResource:
    return PricedResource(type=type_, name="it", component="tierup:aws:It", parent="it", inputs=inputs)


def counted(*program: PricedResource) -> Mapping[str, float]:
    """Return the quantities of the first resource of a program, by price."""
    count = RULES[program[0].type].count
    assert count is not None
    return dict(count(program[0], program))


SERVICE = "aws:ecs/service:Service"
TASK = resource("aws:ecs/taskDefinition:TaskDefinition", cpu="512", memory="1024")


def test_a_service_costs_what_its_tasks_cost() -> None:
    private = resource(SERVICE, desiredCount=4, networkConfiguration={"assignPublicIp": False})
    assert counted(private, TASK) == {"fargate-vcpu": 2, "fargate-gb": 4}
    public = resource(SERVICE, desiredCount=4, networkConfiguration={"assignPublicIp": True})
    assert counted(public, TASK)["ipv4"] == 4


def test_a_service_uses_the_task_definition_of_its_component() -> None:
    other = PricedResource(
        type=TASK.type, name="o", component="tierup:aws:It", parent="other", inputs={"cpu": "2048", "memory": "4096"}
    )
    service = resource(SERVICE, desiredCount=1, networkConfiguration={})
    assert counted(service, other, TASK) == {"fargate-vcpu": 0.5, "fargate-gb": 1}


@pytest.mark.parametrize(
    ("type_", "inputs", "quantities"),
    [
        ("aws:lb/loadBalancer:LoadBalancer", {"subnets": ["a", "b"]}, {"alb": 1, "ipv4": 2}),
        ("aws:lb/loadBalancer:LoadBalancer", {"subnets": ["a", "b"], "internal": True}, {"alb": 1}),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway"}, {}),
        (
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            {"vpcEndpointType": "Interface", "subnetIds": ["a", "b", "c"]},
            {"endpoint": 3},
        ),
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            {"engine": "valkey", "nodeType": "cache.t4g.micro", "numCacheClusters": 2},
            {"valkey-cache.t4g.micro": 2},
        ),
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            {"engine": "valkey", "nodeType": "cache.m7g.large", "numNodeGroups": 3, "replicasPerNodeGroup": 2},
            {"valkey-cache.m7g.large": 9},
        ),
        ("aws:ec2/instance:Instance", {"instanceType": "t4g.nano"}, {"nat-instance-t4g.nano": 1}),
        ("aws:wafv2/webAcl:WebAcl", {"rules": [{"statement": {}}] * 3}, {"acl": 1, "acl-rule": 3}),
        (
            "aws:wafv2/webAcl:WebAcl",
            {"rules": [{"statement": {"managedRuleGroupStatement": {"name": "AWSManagedRulesBotControlRuleSet"}}}]},
            {"acl": 1, "acl-rule": 1, "bots": 1},
        ),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricName": "CPU"}, {"alarm": 1}),
        (
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            {"metricQueries": [{"metric": {}}, {"metric": {}}, {"expression": "a / b"}]},
            {"alarm": 2},
        ),
        (
            "aws:route53/healthCheck:HealthCheck",
            {"type": "HTTPS_STR_MATCH", "measureLatency": True, "requestInterval": 30},
            {"health-check": 1, "health-check-option": 3},
        ),
        ("aws:appautoscaling/policy:Policy", {"policyType": "TargetTrackingScaling"}, {"alarm": 2}),
        ("aws:appautoscaling/policy:Policy", {"policyType": "StepScaling"}, {}),
        ("aws:kms/key:Key", {}, {"key": 1}),
    ],
)
def test_fixed_quantities_follow_the_inputs(
    type_: str, inputs: Mapping[str, Any], quantities: Mapping[str, float]
) -> None:
    assert counted(resource(type_, **inputs)) == quantities
