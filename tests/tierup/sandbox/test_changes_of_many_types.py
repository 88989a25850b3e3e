"""Update or replace, as the schemas of the Terraform providers decide, for types with and without a behaviour row."""

# ruff: noqa: E501 - a change stays on one line

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from .provider_calls import Engine, urn


@pytest.fixture(scope="module")
def engines() -> Mapping[str, Engine]:
    return {package: Engine(package=package) for package in ("aws", "cloudflare", "mongodbatlas")}


REPLACED: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("aws:apigateway/deployment:Deployment", {"restApi": "a"}, {"restApi": "b"}),
    ("aws:apigateway/resource:Resource", {"restApi": "a"}, {"restApi": "b"}),
    ("aws:bedrock/agentKnowledgeBase:AgentKnowledgeBase", {"storageConfiguration": {"type": "PINECONE"}}, {"storageConfiguration": {"type": "RDS"}}),
    ("aws:dax/cluster:Cluster", {"nodeType": "dax.t3.small"}, {"nodeType": "dax.t3.medium"}),
    ("aws:fsx/ontapFileSystem:OntapFileSystem", {"deploymentType": "MULTI_AZ_1"}, {"deploymentType": "SINGLE_AZ_1"}),
    ("aws:networkfirewall/ruleGroup:RuleGroup", {"capacity": 10}, {"capacity": 20}),
    ("aws:opensearch/serverlessCollection:ServerlessCollection", {"type": "SEARCH"}, {"type": "VECTORSEARCH"}),
    ("aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy", {"type": "encryption"}, {"type": "network"}),
    ("aws:organizations/organizationalUnit:OrganizationalUnit", {"parentId": "a"}, {"parentId": "b"}),
    ("aws:ecs/capacityProvider:CapacityProvider", {"autoScalingGroupProvider": {"autoScalingGroupArn": "x"}},
     {"autoScalingGroupProvider": {"autoScalingGroupArn": "y"}}),
    ("aws:apigateway/authorizer:Authorizer", {"type": "TOKEN"}, {"type": "COGNITO_USER_POOLS"}),
    ("aws:apigatewayv2/api:Api", {"protocolType": "HTTP"}, {"protocolType": "WEBSOCKET"}),
    ("aws:apigatewayv2/route:Route", {"apiId": "a"}, {"apiId": "b"}),
    ("aws:autoscaling/group:Group", {"name": "a"}, {"name": "b"}),
    ("aws:autoscaling/policy:Policy", {"autoscalingGroupName": "a"}, {"autoscalingGroupName": "b"}),
    ("aws:cloudtrail/trail:Trail", {"name": "a"}, {"name": "b"}),
    ("aws:codebuild/project:Project", {"name": "a"}, {"name": "b"}),
    ("aws:cognito/identityPool:IdentityPool", {"developerProviderName": "a"}, {"developerProviderName": "b"}),
    ("aws:cognito/userPool:UserPool", {"aliasAttributes": ["email"]}, {"aliasAttributes": ["phone_number"]}),
    ("aws:cognito/userPool:UserPool", {"usernameAttributes": ["email"]}, {"usernameAttributes": ["phone_number"]}),
    ("aws:cognito/userPoolClient:UserPoolClient", {"generateSecret": False}, {"generateSecret": True}),
    ("aws:cognito/userPoolDomain:UserPoolDomain", {"certificateArn": ""}, {"certificateArn": "arn"}),
    ("aws:docdb/cluster:Cluster", {"masterUsername": "a"}, {"masterUsername": "b"}),
    ("aws:ebs/volume:Volume", {"availabilityZone": "eu-west-1a"}, {"availabilityZone": "eu-west-1b"}),
    ("aws:ebs/volume:Volume", {"encrypted": False}, {"encrypted": True}),
    ("aws:ec2/instance:Instance", {"ebsOptimized": False}, {"ebsOptimized": True}),
    ("aws:ec2/instance:Instance", {"hibernation": False}, {"hibernation": True}),
    ("aws:ec2/keyPair:KeyPair", {"publicKey": "a"}, {"publicKey": "b"}),
    ("aws:ec2/launchTemplate:LaunchTemplate", {"name": "a"}, {"name": "b"}),
    ("aws:ec2/networkInterface:NetworkInterface", {"subnetId": "a"}, {"subnetId": "b"}),
    ("aws:ec2/volumeAttachment:VolumeAttachment", {"deviceName": "/dev/sdf"}, {"deviceName": "/dev/sdg"}),
    ("aws:ec2transitgateway/transitGateway:TransitGateway", {"defaultRouteTableAssociation": "disable"},
     {"defaultRouteTableAssociation": "enable"}),
    ("aws:efs/accessPoint:AccessPoint", {"posixUser": {"gid": 1, "uid": 1}}, {"posixUser": {"gid": 2, "uid": 1}}),
    ("aws:efs/fileSystem:FileSystem", {"encrypted": False}, {"encrypted": True}),
    ("aws:efs/fileSystem:FileSystem", {"performanceMode": "generalPurpose"}, {"performanceMode": "maxIO"}),
    ("aws:efs/mountTarget:MountTarget", {"subnetId": "a"}, {"subnetId": "b"}),
    ("aws:elasticache/cluster:Cluster", {"engine": "memcached", "nodeType": "cache.t4g.micro"},
     {"engine": "memcached", "nodeType": "cache.t4g.small"}),
    ("aws:elb/loadBalancer:LoadBalancer", {"subnets": ["a", "b"]}, {"subnets": ["c"]}),
    ("aws:ec2/managedPrefixList:ManagedPrefixList", {"addressFamily": "IPv4"}, {"addressFamily": "IPv6"}),
    ("aws:glue/job:Job", {"name": "a"}, {"name": "b"}),
    ("aws:iam/accessKey:AccessKey", {"user": "a"}, {"user": "b"}),
    ("aws:iam/userPolicy:UserPolicy", {"user": "a"}, {"user": "b"}),
    ("aws:kinesis/stream:Stream", {"name": "a"}, {"name": "b"}),
    ("aws:lambda/alias:Alias", {"functionName": "a"}, {"functionName": "b"}),
    ("aws:lambda/eventSourceMapping:EventSourceMapping", {"eventSourceArn": "a"}, {"eventSourceArn": "b"}),
    ("aws:lambda/layerVersion:LayerVersion", {"compatibleRuntimes": ["python3.12"]}, {"compatibleRuntimes": ["nodejs22.x"]}),
    ("aws:msk/cluster:Cluster", {"kafkaVersion": "3.6.0"}, {"kafkaVersion": "3.5.1"}),
    ("aws:opensearch/domain:Domain", {"encryptAtRest": {"enabled": True}}, {"encryptAtRest": {"enabled": False}}),
    ("aws:opensearch/domain:Domain", {"engineVersion": "OpenSearch_2.11"}, {"engineVersion": "OpenSearch_2.9"}),
    ("aws:rds/cluster:Cluster", {"clusterIdentifier": "a"}, {"clusterIdentifier": "b"}),
    ("aws:rds/cluster:Cluster", {"engine": "mysql", "storageType": "io1"}, {"engine": "mysql", "storageType": "io2"}),
    ("aws:rds/parameterGroup:ParameterGroup", {"namePrefix": "a"}, {"namePrefix": "b"}),
    ("aws:redshift/cluster:Cluster", {"masterUsername": "a"}, {"masterUsername": "b"}),
    ("aws:sfn/stateMachine:StateMachine", {"type": "STANDARD"}, {"type": "EXPRESS"}),
    ("aws:ssm/parameter:Parameter", {"tier": "Advanced"}, {"tier": "Standard"}),
    ("aws:ssm/parameter:Parameter", {"name": "/a"}, {"name": "/b"}),
    ("cloudflare:index/accessRule:AccessRule", {"zoneId": "a"}, {"zoneId": "b"}),
    ("cloudflare:index/r2Bucket:R2Bucket", {"name": "a"}, {"name": "b"}),
    ("cloudflare:index/r2Bucket:R2Bucket", {"location": "weur"}, {"location": "eeur"}),
    ("cloudflare:index/workersRoute:WorkersRoute", {"zoneId": "a"}, {"zoneId": "b"}),
    ("cloudflare:index/workersScript:WorkersScript", {"scriptName": "a"}, {"scriptName": "b"}),
    ("cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared", {"configSrc": "local"}, {"configSrc": "cloudflare"}),
    ("mongodbatlas:index/customDbRole:CustomDbRole", {"roleName": "a"}, {"roleName": "b"}),
    ("mongodbatlas:index/onlineArchive:OnlineArchive", {"clusterName": "a"}, {"clusterName": "b"}),
    ("mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService", {"deleteOnCreateTimeout": True},
     {"deleteOnCreateTimeout": False}),
    ("mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration", {"projectId": "a"}, {"projectId": "b"}),
)  # fmt: skip

UPDATED: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("aws:batch/computeEnvironment:ComputeEnvironment", {"computeResources": {"maxVcpus": 4}}, {"computeResources": {"maxVcpus": 8}}),
    ("aws:ecs/capacityProvider:CapacityProvider",
     {"autoScalingGroupProvider": {"autoScalingGroupArn": "x", "managedScaling": {"targetCapacity": 80}}},
     {"autoScalingGroupProvider": {"autoScalingGroupArn": "x", "managedScaling": {"targetCapacity": 90}}}),
    ("aws:elasticache/serverlessCache:ServerlessCache", {"cacheUsageLimits": {"dataStorage": {"maximum": 5, "unit": "GB"}}}, {"cacheUsageLimits": {"dataStorage": {"maximum": 10, "unit": "GB"}}}),
    ("aws:kinesisanalyticsv2/application:Application", {"runtimeEnvironment": "FLINK-1_15"}, {"runtimeEnvironment": "FLINK-1_18"}),
    ("aws:mwaa/environment:Environment", {"environmentClass": "mw1.small"}, {"environmentClass": "mw1.medium"}),
    ("aws:redshift/cluster:Cluster", {"nodeType": "ra3.large"}, {"nodeType": "ra3.xlplus"}),
    ("aws:transfer/server:Server", {"endpointType": "PUBLIC"}, {"endpointType": "VPC"}),
    ("aws:msk/cluster:Cluster", {"brokerNodeGroupInfo": {"instanceType": "a"}}, {"brokerNodeGroupInfo": {"instanceType": "b"}}),
    ("aws:opensearch/domain:Domain", {"vpcOptions": {"securityGroupIds": ["a"]}}, {"vpcOptions": {"securityGroupIds": ["b"]}}),
    ("aws:apigateway/authorizer:Authorizer", {"type": "TOKEN"}, {"type": "REQUEST"}),
    ("aws:apigatewayv2/route:Route", {"routeKey": "GET /a"}, {"routeKey": "GET /b"}),
    ("aws:autoscaling/group:Group", {"maxSize": 1}, {"maxSize": 2}),
    ("aws:cognito/userPool:UserPool", {"mfaConfiguration": "OFF"}, {"mfaConfiguration": "OPTIONAL"}),
    ("aws:cognito/userPoolDomain:UserPoolDomain", {"certificateArn": "a"}, {"certificateArn": "b"}),
    ("aws:ebs/volume:Volume", {"size": 10}, {"size": 20}),
    ("aws:ec2/launchTemplate:LaunchTemplate", {"instanceType": "a"}, {"instanceType": "b"}),
    ("aws:ec2/managedPrefixList:ManagedPrefixList", {"maxEntries": 1}, {"maxEntries": 3}),
    ("aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation", {"dhcpOptionsId": "a"}, {"dhcpOptionsId": "b"}),
    ("aws:elasticache/cluster:Cluster", {"engine": "redis", "nodeType": "cache.t4g.micro"},
     {"engine": "redis", "nodeType": "cache.t4g.small"}),
    ("aws:kms/keyPolicy:KeyPolicy", {"keyId": "a"}, {"keyId": "b"}),
    ("aws:efs/fileSystem:FileSystem", {"throughputMode": "bursting"}, {"throughputMode": "elastic"}),
    ("aws:elb/loadBalancer:LoadBalancer", {"subnets": ["a", "b"]}, {"subnets": ["b", "c"]}),
    ("aws:iam/user:User", {"name": "a"}, {"name": "b"}),
    ("aws:kinesis/stream:Stream", {"shardCount": 1}, {"shardCount": 2}),
    ("aws:lambda/alias:Alias", {"functionVersion": "1"}, {"functionVersion": "2"}),
    ("aws:lambda/eventSourceMapping:EventSourceMapping", {"functionName": "a"}, {"functionName": "b"}),
    ("aws:msk/cluster:Cluster", {"kafkaVersion": "3.5.1"}, {"kafkaVersion": "3.6.0"}),
    ("aws:opensearch/domain:Domain", {"engineVersion": "OpenSearch_2.9"}, {"engineVersion": "OpenSearch_2.11"}),
    ("aws:rds/cluster:Cluster", {"engine": "aurora-mysql", "storageType": "aurora"},
     {"engine": "aurora-mysql", "storageType": "aurora-iopt1"}),
    ("aws:sfn/stateMachine:StateMachine", {"definition": "{}"}, {"definition": '{"a": 1}'}),
    ("aws:ssm/parameter:Parameter", {"value": "a"}, {"value": "b"}),
    ("aws:ssm/parameter:Parameter", {"tier": "Standard"}, {"tier": "Advanced"}),
    ("cloudflare:index/workersRoute:WorkersRoute", {"pattern": "a"}, {"pattern": "b"}),
    ("mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration", {"apiKey": "a"}, {"apiKey": "b"}),
)  # fmt: skip


def _diff(
    engines: Mapping[str, Engine], type: str, old: dict[str, Any], new: dict[str, Any]
) -> tuple[set[str], set[str]]:
    return engines[type.partition(":")[0]].diff(type, old, new)


def _name(value: object) -> str:
    return (
        value.rpartition(":")[2]
        if isinstance(value, str)
        else ",".join(map(str, value))
        if isinstance(value, dict)
        else ""
    )


@pytest.mark.parametrize(("type", "old", "new"), REPLACED, ids=_name)
def test_change_replaces(engines: Mapping[str, Engine], type: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    changed = {key for key in new if old[key] != new[key]}
    assert _diff(engines, type, old, new) == (set(), changed)


@pytest.mark.parametrize(("type", "old", "new"), UPDATED, ids=_name)
def test_change_updates(engines: Mapping[str, Engine], type: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    changed = {key for key in new if old[key] != new[key]}
    assert _diff(engines, type, old, new) == (changed, set())


def test_removed_computed_input_of_a_type_without_a_row_keeps_its_value(engines: Mapping[str, Engine]) -> None:
    assert _diff(engines, "aws:autoscaling/group:Group", {"desiredCapacity": 2}, {}) == (set(), set())


def test_default_of_a_type_without_a_row_is_no_change(engines: Mapping[str, Engine]) -> None:
    assert _diff(engines, "aws:autoscaling/group:Group", {}, {"forceDelete": False}) == (set(), set())


@pytest.mark.parametrize(("name", "deletes_first"), [({"name": "web"}, True), ({}, False)])
def test_replacement_of_a_type_without_a_row_deletes_first_if_its_name_was_chosen(
    engines: Mapping[str, Engine], name: dict[str, str], deletes_first: bool
) -> None:
    type, engine = "aws:sfn/stateMachine:StateMachine", engines["aws"]
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
    inputs = {"roleArn": "arn:aws:iam::123456789012:role/r", "definition": definition, "type": "STANDARD", **name}
    old = engine.check(type, inputs).inputs
    new = engine.check(type, {**inputs, "type": "EXPRESS"}).inputs
    request = provider_pb2.DiffRequest(urn=urn(type, "it"), old_inputs=old, news=new)
    answer = engine.provider.Diff(request, engine.context)
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["type"], deletes_first)
