"""Reads by import id, in the format of each type."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.importing import IMPORT_IDS, ImportIdError, find_import, import_id
from tierup.sandbox.schema import sdk
from tierup.sandbox.wire import struct

from .provider_calls import Engine, urn

SERVICE = "aws:ecs/service:Service"
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"
CASES: tuple[tuple[str, dict[str, Any], str], ...] = (
    (SERVICE, {"cluster": "arn:aws:ecs:eu-west-1:1:cluster/main", "name": "api"}, "main/api"),
    ("aws:ecs/cluster:Cluster", {"name": "main"}, "main"),
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "r", "policyArn": "arn:aws:iam::aws:policy/P"},
     "r/arn:aws:iam::aws:policy/P"),
    ("aws:ec2/route:Route", {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}, "rtb-1_0.0.0.0/0"),
    ("aws:ec2/routeTableAssociation:RouteTableAssociation", {"subnetId": "subnet-1", "routeTableId": "rtb-1"},
     "subnet-1/rtb-1"),
    ("aws:ec2/securityGroupRule:SecurityGroupRule",
     {"securityGroupId": "sg-1", "type": "ingress", "protocol": "tcp", "fromPort": 80, "toPort": 80,
      "cidrBlocks": ["10.0.0.0/8"]}, "sg-1_ingress_tcp_80_80_10.0.0.0/8"),
    ("aws:cloudwatch/eventTarget:EventTarget", {"rule": "r", "targetId": "t"}, "r/t"),
    ("aws:cloudwatch/eventTarget:EventTarget", {"rule": "r", "targetId": "t", "eventBusName": "b"}, "b/r/t"),
    ("aws:wafv2/webAcl:WebAcl", {"name": "w", "scope": "REGIONAL"}, "the-id/w/REGIONAL"),
    (RECORD, {"zoneId": "z"}, "z/the-id"),
    ("cloudflare:index/ruleset:Ruleset", {"zoneId": "z"}, "zones/z/the-id"),
    ("cloudflare:index/ruleset:Ruleset", {"accountId": "a"}, "accounts/a/the-id"),
    (CLUSTER, {"projectId": "5f", "name": "app"}, "5f-app"),
    ("mongodbatlas:index/networkPeering:NetworkPeering", {"projectId": "p", "peerId": "q", "providerName": "AWS"},
     "p-q-AWS"),
    ("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", {"projectId": "p", "cidrBlock": "10.0.0.0/8"},
     "p-10.0.0.0/8"),
    ("aws:sns/topic:Topic", {}, "the-id"),
)  # fmt: skip


@pytest.mark.parametrize(("type", "outputs", "expected"), CASES)
def test_import_id_has_the_documented_parts(type: str, outputs: dict[str, Any], expected: str) -> None:
    assert import_id(CloudResource(type, "the-id", "", "", "", outputs, outputs)) == expected


@pytest.fixture
def engine() -> Engine:
    return Engine()


def read(engine: Engine, type: str, id: str, **state: Any) -> Any:
    request = provider_pb2.ReadRequest(id=id, urn=urn(type, "it"), properties=struct(state))
    return engine.provider.Read(request, engine.context)


def add(engine: Engine, type: str, id: str, **outputs: Any) -> None:
    engine.cloud.add(CloudResource(type, id, "", "eu-west-1", "123456789012", outputs, outputs))


def test_import_finds_a_resource_by_its_import_id(engine: Engine) -> None:
    arn = "arn:aws:ecs:eu-west-1:123456789012:service/main/api"
    add(engine, SERVICE, arn, cluster="main", name="api")
    assert read(engine, SERVICE, "main/api").id == arn
    assert read(engine, SERVICE, arn, name="api").id == arn, "a refresh reads by the id of the state"


@pytest.mark.parametrize(
    ("type", "id", "format"),
    [
        (SERVICE, "api", "CLUSTER-NAME/SERVICE-NAME"),
        ("aws:ecs/cluster:Cluster", "arn:aws:ecs:eu-west-1:1:cluster/main", "CLUSTER-NAME"),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", "ROLE-NAME/POLICY-ARN"),
        ("aws:ec2/route:Route", "r-rtb-1", "ROUTE-TABLE-ID_DESTINATION"),
        ("aws:wafv2/webAcl:WebAcl", "1234", "ID/NAME/SCOPE"),
        (RECORD, "0" * 32, "ZONE-ID/DNS-RECORD-ID"),
        (CLUSTER, "0" * 24, "PROJECTID-CLUSTERNAME"),
        ("mongodbatlas:index/searchIndex:SearchIndex", "a-b-c", "PROJECTID--CLUSTERNAME--INDEXID"),
        ("aws:secretsmanager/secretVersion:SecretVersion", "arn:aws:secretsmanager:secret:a", "SECRET-ARN|VERSION-ID"),
        ("aws:appautoscaling/target:Target", "service/a/b", "SERVICE-NAMESPACE/RESOURCE-ID/SCALABLE-DIMENSION"),
        ("aws:iam/rolePolicy:RolePolicy", "role", "ROLE-NAME:POLICY-NAME"),
        ("aws:route53/record:Record", "www.example.com", "ZONE-ID_NAME_TYPE[_SET-IDENTIFIER]"),
    ],
)
def test_import_id_of_another_format_is_rejected_with_the_format(
    engine: Engine, type: str, id: str, format: str
) -> None:
    with pytest.raises(ImportIdError) as raised:
        find_import(engine.cloud, type, id)
    assert str(raised.value) == f"unexpected format for the import ID (got '{id}'). Expected {format}."


def test_provider_reports_the_expected_format(engine: Engine) -> None:
    with pytest.raises(RuntimeError, match="Expected CLUSTER-NAME/SERVICE-NAME"):
        read(engine, SERVICE, "api")


@pytest.mark.parametrize(("type", "outputs", "id"), CASES)
def test_absent_resource_is_not_found(engine: Engine, type: str, outputs: dict[str, Any], id: str) -> None:
    assert outputs or type not in IMPORT_IDS
    assert read(engine, type, id).id == ""


@pytest.mark.parametrize(
    ("type", "id"),
    [
        ("aws:secretsmanager/secretVersion:SecretVersion", "arn:aws:secretsmanager:eu-west-1:1:secret:a-1|v"),
        ("aws:appautoscaling/target:Target", "ecs/service/main/api/ecs:service:DesiredCount"),
        ("aws:backup/restoreTestingSelection:RestoreTestingSelection", "selection:plan"),
        ("aws:route53/record:Record", "Z1__acme-challenge.example.com_TXT"),
        ("aws:route53/record:Record", "Z1_example.com_A_blue"),
        ("aws:scheduler/schedule:Schedule", "group/schedule"),
        ("aws:wafv2/webAclAssociation:WebAclAssociation", "arn:aws:wafv2:a,arn:aws:elasticloadbalancing:b"),
    ],
)
def test_id_of_the_state_with_several_parts_is_an_import_id(engine: Engine, type: str, id: str) -> None:
    add(engine, type, id)
    assert read(engine, type, id).id == id


def test_types_with_an_import_id_exist() -> None:
    known = {token for package in ("aws", "mongodbatlas", "cloudflare") for token in sdk(package).tokens}
    assert set(IMPORT_IDS) <= known
