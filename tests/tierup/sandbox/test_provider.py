"""The provider's methods, called directly; tests/engine tests them with the real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, assumed, rule
from tierup.sandbox.cloud import Cloud, InjectedFault
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import Registry, registry
from tierup.sandbox.wire import plain, struct

from .provider_calls import Context, Engine, urn

TOPIC, ROLE, INSTANCE = "aws:sns/topic:Topic", "aws:iam/role:Role", "aws:ec2/instance:Instance"
SOURCE = assumed("made up for this test")


def test_change_of_a_disconnected_engine_is_not_performed() -> None:
    """Otherwise it would be performed after the state of a killed engine was recovered, and again by the next run."""
    engine = Engine()
    engine.context = Context(connected=False)
    with pytest.raises(RuntimeError, match="has disconnected"):
        engine.create(TOPIC, {"name": "bell"})
    assert engine.cloud.all() == []
    engine.context = Context()
    assert engine.create(TOPIC, {"name": "bell"}).id == engine.cloud.all()[0].id


# --- names ---


def test_autoname_is_recorded_and_kept_by_an_update() -> None:
    engine = Engine()
    first = engine.check(TOPIC, {}).inputs
    assert plain(first)[0]["name"].startswith("it-")
    assert [each.string_value for each in first.fields["__defaults"].list_value.values] == ["name"]
    assert engine.check(TOPIC, {"displayName": "x"}, first, b"other").inputs.fields["name"] == first.fields["name"]


def test_chosen_name_is_not_kept_when_the_program_removes_it() -> None:
    engine = Engine()
    chosen = engine.check(TOPIC, {"name": "bell"}).inputs
    assert list(chosen.fields["__defaults"].list_value.values) == []
    assert plain(engine.check(TOPIC, {}, chosen).inputs)[0]["name"].startswith("it-")


def test_read_keeps_the_recorded_defaults() -> None:
    """Otherwise a refresh would turn automatic names into chosen ones."""
    engine = Engine()
    inputs = engine.check(TOPIC, {}).inputs
    created = engine.provider.Create(
        provider_pb2.CreateRequest(urn=urn(TOPIC, "it"), properties=inputs), engine.context
    )
    read = engine.provider.Read(
        provider_pb2.ReadRequest(id=created.id, urn=urn(TOPIC, "it"), inputs=inputs), engine.context
    )
    assert read.inputs.fields["__defaults"] == inputs.fields["__defaults"]


@pytest.mark.parametrize(
    ("type", "inputs"),
    [
        ("aws:secretsmanager/secret:Secret", {}),
        ("aws:kms/alias:Alias", {"targetKeyId": ""}),
        ("aws:budgets/budget:Budget", {"budgetType": "COST", "timeUnit": "MONTHLY", "limitAmount": "5"}),
        ("aws:cloudwatch/eventRule:EventRule", {"scheduleExpression": "rate(5 minutes)"}),
        (TOPIC, {}),
        (ROLE, {"assumeRolePolicy": '{"Version": "2012-10-17", "Statement": []}'}),
        ("aws:cloudwatch/logGroup:LogGroup", {}),
        (
            "aws:rds/instance:Instance",
            {"instanceClass": "db.t4g.micro", "replicateSourceDb": "arn:aws:rds:eu-west-1:123456789012:db:other"},
        ),
    ],
)  # fmt: skip
def test_name_prefix_becomes_a_name(type: str, inputs: dict[str, Any]) -> None:
    engine = Engine()
    prefix, given = ("identifierPrefix", "x-") if "rds" in type else ("namePrefix", "x-")
    if "alias" in type:
        key = engine.create("aws:kms/key:Key", {}, "key")
        given, inputs = "alias/x-", {**inputs, "targetKeyId": key.id}
    created = engine.create(type, {**inputs, prefix: given})
    assert created.id
    if "rds" not in type:
        assert plain(created.properties)[0]["name"].startswith(given)
    stored = next(resource for resource in engine.cloud.all() if resource.id == created.id)
    assert "name" not in stored.inputs, "the program's inputs stay as they are"


def test_name_from_a_prefix_is_kept_by_an_update() -> None:
    engine = Engine()
    created = engine.create(TOPIC, {"namePrefix": "x-"})
    updated = engine.provider.Update(
        provider_pb2.UpdateRequest(
            id=created.id, urn=urn(TOPIC, "it"), news=struct({"namePrefix": "x-", "displayName": "d"})
        ),
        engine.context,
    )
    assert updated.properties.fields["name"] == created.properties.fields["name"]


# --- types ---


@pytest.mark.parametrize(
    ("legacy", "current"),
    [
        ("aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"),
        ("aws:alb/loadBalancer:LoadBalancer", "aws:lb/loadBalancer:LoadBalancer"),
        ("aws:elasticloadbalancingv2/targetGroup:TargetGroup", "aws:lb/targetGroup:TargetGroup"),
        ("aws:applicationloadbalancing/targetGroup:TargetGroup", "aws:lb/targetGroup:TargetGroup"),
    ],
)
def test_legacy_token_is_the_current_type(legacy: str, current: str) -> None:
    created: dict[str, set[str]] = {}
    for token in (legacy, current):
        engine = Engine()
        vpc = engine.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, "vpc").id
        inputs: dict[str, Any] = {"bucket": "my-bucket"}
        if "targetGroup" in token:
            inputs = {"name": "targets", "port": 80, "protocol": "HTTP", "vpcId": vpc}
        elif "loadBalancer" in token:
            engine.create("aws:ec2/internetGateway:InternetGateway", {"vpcId": vpc}, "gateway")
            subnets = [
                engine.create(
                    "aws:ec2/subnet:Subnet",
                    {"vpcId": vpc, "cidrBlock": f"10.0.{n}.0/24", "availabilityZone": f"eu-west-1{zone}"},
                    zone,
                ).id
                for n, zone in enumerate("ab")
            ]
            inputs = {"name": "balancer", "loadBalancerType": "application", "subnets": subnets}
        outputs = engine.create_outputs(token, inputs)
        assert engine.cloud.all()[-1].type == current
        created[token] = set(outputs)
        assert outputs["arn"].split(":")[2] in ("s3", "elasticloadbalancing")
    assert created[legacy] == created[current]


def test_sub_resource_of_a_deprecated_bucket_finds_it() -> None:
    engine = Engine()
    bucket = engine.create("aws:s3/bucketV2:BucketV2", {"bucket": "my-bucket"}, "bucket").id
    engine.create(
        "aws:s3/bucketVersioningV2:BucketVersioningV2",
        {"bucket": bucket, "versioningConfiguration": {"status": "Enabled"}},
    )
    assert [resource.type for resource in engine.cloud.all()] == [
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketVersioning:BucketVersioning",
    ]


def test_policy_object_becomes_json() -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    checked = Engine().check("aws:iam/policy:Policy", {"name": "p", "policy": document})
    assert not checked.failures
    assert json.loads(plain(checked.inputs)[0]["policy"]) == document


def test_policy_object_with_an_unknown_part_is_unknown() -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": UNKNOWN}]}
    checked = Engine().check("aws:iam/policy:Policy", {"name": "p", "policy": document})
    assert not checked.failures
    assert plain(checked.inputs)[0]["policy"] is UNKNOWN


@pytest.mark.parametrize(
    ("type", "inputs", "read"),
    [
        ("aws:eks/cluster:Cluster", {"roleArn": "r", "vpcConfig": {"subnetIds": []}}, "certificateAuthority.data"),
        ("aws:eks/cluster:Cluster", {"roleArn": "r", "vpcConfig": {"subnetIds": []}}, "identities.0.oidcs.0.issuer"),
        ("aws:rds/instance:Instance", {"instanceClass": "db.t4g.micro"}, "masterUserSecrets.0.secretArn"),
        ("aws:elasticache/cluster:Cluster", {"engine": "redis"}, "cacheNodes.0.address"),
        ("aws:appsync/graphQLApi:GraphQLApi", {"authenticationType": "API_KEY"}, "uris.GRAPHQL"),
    ],
)
def test_type_without_a_row_has_nested_outputs(type: str, inputs: dict[str, Any], read: str) -> None:
    value: Any = Engine(Registry((), {})).create_outputs(type, inputs)
    for step in read.split("."):
        value = value[int(step)] if step.isdigit() else value[step]
    assert isinstance(value, str)
    assert value


# --- defects ---


@rule("fails", Stage.PLAN, source=SOURCE)
def fails_at_plan(call: Call) -> Iterator[Rejection]:
    yield Rejection("displayName", call.get("displayName") + {}["hunter2"])


@rule("fails", Stage.CREATE, source=SOURCE)
def fails_at_create(call: Call) -> Iterator[Rejection]:
    raise ValueError(f"unexpected {call.get('displayName')}")


def test_exception_in_a_rule_is_an_error_of_the_sandbox() -> None:
    engine = Engine(Registry((Behaviour(type=TOPIC, source=SOURCE, rules=(fails_at_plan,)),), {}))
    with pytest.raises(RuntimeError) as raised:
        engine.check(TOPIC, {"name": "bell", "displayName": "secret"})
    message = str(raised.value)
    assert message.startswith(f"error in the sandbox, not in your program: rule 'fails' of {TOPIC} raised KeyError at ")
    assert "while it read 'displayName'" in message
    assert "secret" not in message
    assert "hunter2" not in message


def test_exception_at_create_is_an_error_of_the_sandbox_and_creates_nothing() -> None:
    engine = Engine(Registry((Behaviour(type=TOPIC, source=SOURCE, rules=(fails_at_create,)),), {}))
    with pytest.raises(RuntimeError, match="error in the sandbox, not in your program: rule 'fails'"):
        engine.create(TOPIC, {"name": "bell"})
    assert engine.cloud.all() == []


def test_exception_in_an_output_is_an_error_of_the_sandbox() -> None:
    row = Behaviour(type=TOPIC, source=SOURCE, outputs={"arn": lambda call: call.inputs["absent"]})
    with pytest.raises(RuntimeError, match=f"error in the sandbox, not in your program: an output of {TOPIC}"):
        Engine(Registry((row,), {})).create(TOPIC, {"name": "bell"})


@pytest.mark.parametrize("prefix", [16, 24, 27, 28])
def test_instance_has_an_address_of_its_subnet(prefix: int) -> None:
    import ipaddress

    for number in range(20):
        engine = Engine()
        vpc = engine.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, "vpc").id
        subnet = engine.create("aws:ec2/subnet:Subnet", {"vpcId": vpc, "cidrBlock": f"10.0.0.0/{prefix}"}, "s").id
        inputs = {"ami": "ami-0123456789abcdef0", "instanceType": "t4g.micro", "subnetId": subnet}
        address = engine.create_outputs(INSTANCE, inputs, f"i{number}")["privateIp"]
        network = ipaddress.ip_network(f"10.0.0.0/{prefix}")
        assert ipaddress.ip_address(address) in list(network)[4:-1]


RECORD = "urn:pulumi:dev::p::aws:route53/record:Record::"


def test_create_with_allow_overwrite_updates_the_existing_record() -> None:
    cloud = Cloud()
    context: Any = Context()
    provider = Provider("aws", cloud, registry())
    provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), context)
    zone = provider.Create(
        provider_pb2.CreateRequest(
            urn="urn:pulumi:dev::p::aws:route53/zone:Zone::z", properties=struct({"name": "example.com"})
        ),
        context,
    )
    record = {"zoneId": zone.id, "name": "_proof", "type": "CNAME", "ttl": 60, "records": ["a.example.net"]}

    def create_record(name: str, inputs: dict[str, Any]) -> Any:
        return provider.Create(provider_pb2.CreateRequest(urn=RECORD + name, properties=struct(inputs)), context)

    first = create_record("first", record)
    with pytest.raises(RuntimeError, match="already exists"):
        create_record("second", record)
    assert create_record("second", {**record, "allowOverwrite": True}).id == first.id
    assert len(list(cloud.find("aws:route53/record:Record"))) == 1


def test_call_that_the_provider_retries_waits_for_its_dependency(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform-provider-aws retries a bucket setting while S3 answers NoSuchBucket."""
    cloud = Cloud()
    context: Any = Context()
    provider = Provider("aws", cloud, registry())
    provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), context)

    def create_resource(type: str, inputs: dict[str, Any]) -> Any:
        urn = f"urn:pulumi:dev::p::{type}::it"
        return provider.Create(provider_pb2.CreateRequest(urn=urn, properties=struct(inputs)), context)

    def create_bucket(_seconds: float) -> None:
        if not list(cloud.find("aws:s3/bucket:Bucket")):
            create_resource("aws:s3/bucket:Bucket", {"bucket": "late-1"})

    monkeypatch.setattr("tierup.sandbox.provider.time.sleep", create_bucket)
    versioning = {"bucket": "late-1", "versioningConfiguration": {"status": "Enabled"}}
    assert create_resource("aws:s3/bucketVersioning:BucketVersioning", versioning).id == "late-1"
    monkeypatch.setattr("tierup.sandbox.provider._RETRY_SECONDS", 0.0)
    with pytest.raises(RuntimeError, match="does not exist"):
        create_resource("aws:s3/bucketVersioning:BucketVersioning", {**versioning, "bucket": "never-1"})


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({f"key-{n}": "x" for n in range(51)}, "TooManyTags: tags: too many tags"),
        ({"k" * 129: "x"}, "the key has 129 characters"),
        ({"": "x"}, "the key has 0 characters"),
        ({"k": "v" * 257}, "InvalidTag: tags.k: the value has 257 characters"),
        ({"aws:owner": "x"}, "the prefix aws: is reserved"),
        ({"AWS:owner": "x"}, "the prefix aws: is reserved"),
    ],
)
@pytest.mark.parametrize("type", [TOPIC, "aws:mq/broker:Broker"])
def test_invalid_tags_are_rejected_on_every_type(type: str, tags: dict[str, str], message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        Engine().create(type, {"name": "it", "tags": tags})


def test_valid_tags_are_accepted() -> None:
    tags = {"k" * 128: "v" * 256, "Owner": "", **{f"key-{n}": "x" for n in range(48)}}
    assert Engine().create_outputs(TOPIC, {"name": "it", "tags": tags})["tagsAll"] == tags


LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def test_rolled_back_update_leaves_the_cloud_as_it_was() -> None:
    """State says new, cloud says old: a failed ECS deployment."""
    engine = Engine()
    group = {"name": "app", "retentionInDays": 7}
    id = engine.create(LOG_GROUP, group).id
    engine.cloud.add_fault(InjectedFault("update", "rollback"))
    with pytest.raises(RuntimeError, match="the deployment failed and was rolled back"):
        engine.update(LOG_GROUP, id, {**group, "retentionInDays": 30})
    read = engine.provider.Read(provider_pb2.ReadRequest(id=id, urn=urn(LOG_GROUP, "it")), engine.context)
    assert read.properties["retentionInDays"] == 7


def test_an_update_that_the_cloud_undoes_leaves_it_as_it_was() -> None:
    row = Behaviour(type=TOPIC, source=SOURCE, rolls_back=lambda call: str(call.get("displayName") or ""))
    engine = Engine(Registry((row,), {}))
    id = engine.create(TOPIC, {"name": "bell"}).id
    with pytest.raises(RuntimeError, match="the deployment failed and was rolled back: no reason"):
        engine.update(TOPIC, id, {"name": "bell", "displayName": "no reason"})
    (found,) = engine.cloud.all()
    assert found.value("displayName") is None
    engine.update(TOPIC, id, {"name": "bell", "signatureVersion": 2})
    assert engine.cloud.all()[0].value("signatureVersion") == 2


def test_rollback_is_a_fault_of_updates() -> None:
    with pytest.raises(ValueError, match="a rollback is a fault of updates"):
        Engine().cloud.add_fault(InjectedFault("create", "rollback"))


@pytest.mark.parametrize("kept", [True, False])
def test_skipped_destroy_leaves_the_resource(kept: bool) -> None:
    engine = Engine()
    id = engine.create(LOG_GROUP, {"name": "app", "skipDestroy": kept}).id
    engine.provider.Delete(provider_pb2.DeleteRequest(id=id, urn=urn(LOG_GROUP, "it")), engine.context)
    assert [found.id for found in engine.cloud.find(LOG_GROUP)] == ([id] if kept else [])
