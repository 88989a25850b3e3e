"""What the APIs of DynamoDB, Firehose, MSK, Amazon MQ, OpenSearch and Batch check beyond their models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from .kms import key_exists
from .network import APPLY
from .same_scope import known
from .sources import api, sdk, unread

_TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})


@rule("indexes-of-table", Stage.PLAN, source=unread("dynamodb", "CreateTable: GlobalSecondaryIndexes"))
def _indexes(call: Call) -> Iterator[Rejection]:
    names: list[Any] = []
    provisioned = known(call, "billingMode", "PROVISIONED") == "PROVISIONED"
    for path in ("globalSecondaryIndexes[*]", "localSecondaryIndexes[*]"):
        for at, index in located(call.inputs, path):
            if not isinstance(index, dict):
                continue
            name = index.get("name")
            if name is not UNKNOWN and name in names:
                yield Rejection(f"{at}.name", f"Duplicate index name: {name}", "ValidationException")
            names.append(name)
            missing = [key for key in ("readCapacity", "writeCapacity") if index.get(key) is None]
            if path.startswith("global") and provisioned and call.get("billingMode") is not UNKNOWN and missing:
                yield Rejection(
                    f"{at}.{missing[0]}", f"It must be set for an index of a provisioned table (got none for {name}).",
                    "ValidationException",
                )  # fmt: skip


@rule("item-attributes-have-types", Stage.PLAN, source=unread("dynamodb", "AttributeValue"))
def _item(call: Call) -> Iterator[Rejection]:
    try:
        item = json.loads(str(known(call, "item", "{}")))
    except ValueError:
        return  # another rule rejects text that is not JSON
    for name, value in item.items() if isinstance(item, dict) else ():
        if not isinstance(value, dict) or len(value) != 1 or not set(value) <= _TYPES:
            yield Rejection(
                "item", f"The value of '{name}' must be an object with its type, such as {{\"S\": \"a\"}}.",
                "ValidationException",
            )  # fmt: skip


@rule(
    "dynamic-partitions",
    Stage.PLAN,
    source=unread("firehose", "DynamicPartitioningConfiguration, BufferingHints"),
)
def _partitions(call: Call) -> Iterator[Rejection]:
    at = "extendedS3Configuration"
    if known(call, f"{at}.dynamicPartitioningConfiguration.enabled") is not True:
        return
    size = known(call, f"{at}.bufferingSize", 5)
    if isinstance(size, (int, float)) and size < 64:
        yield Rejection(
            f"{at}.bufferingSize", f"Buffering size must be at least 64 MiB with dynamic partitioning (got {size:g}).",
            "InvalidArgumentException",
        )  # fmt: skip


@rule("stream-of-firehose-exists", Stage.CREATE, source=unread("firehose", "CreateDeliveryStream"))
def _stream(call: Call) -> Iterator[Rejection]:
    arn = call.get("kinesisSourceConfiguration.kinesisStreamArn")
    own = str(arn).split(":")[4:5] == [call.account]
    if arn and own and next(call.cloud.find("aws:kinesis/stream:Stream", arn=arn), None) is None:
        yield Rejection(
            "kinesisSourceConfiguration.kinesisStreamArn", f"the Stream '{arn}' does not exist",
            "ResourceNotFoundException",
        )  # fmt: skip


@rule("brokers-are-even", Stage.PLAN, source=unread("kafka", "CreateCluster: NumberOfBrokerNodes"))
def _brokers(call: Call) -> Iterator[Rejection]:
    nodes, subnets = known(call, "numberOfBrokerNodes"), known(call, "brokerNodeGroupInfo.clientSubnets")
    if isinstance(nodes, (int, float)) and isinstance(subnets, list) and subnets and nodes % len(subnets):
        yield Rejection(
            "numberOfBrokerNodes",
            f"The number of broker nodes must be a multiple of the number of client subnets (got {nodes:g},"
            f" {len(subnets)}).",
            "BadRequestException",
        )


@rule("subnets-of-deployment-mode", Stage.PLAN, source=api("mq", "CreateBroker: SubnetIds"))
def _broker_subnets(call: Call) -> Iterator[Rejection]:
    subnets, mode = known(call, "subnetIds"), str(known(call, "deploymentMode", "SINGLE_INSTANCE")).upper()
    wanted = {"SINGLE_INSTANCE": 1, "ACTIVE_STANDBY_MULTI_AZ": 2}.get(mode)
    if wanted is not None and isinstance(subnets, list) and len(subnets) != wanted:
        yield Rejection(
            "subnetIds", f"{mode} requires {wanted} subnet{'s' if wanted > 1 else ''} (got {len(subnets)}).",
            "BadRequestException",
        )  # fmt: skip


@rule("domain-storage-and-security", Stage.PLAN, source=unread("opensearch", "CreateDomain: ValidationException"))
def _domain(call: Call) -> Iterator[Rejection]:
    cluster, error = "clusterConfig", "ValidationException"
    nodes = known(call, f"{cluster}.instanceCount", 1)
    zones = known(call, f"{cluster}.zoneAwarenessConfig.availabilityZoneCount", 2)
    if known(call, f"{cluster}.zoneAwarenessEnabled") is True and isinstance(nodes, (int, float)) and nodes < zones:
        yield Rejection(
            f"{cluster}.instanceCount",
            f"You must choose a minimum of {zones:g} data nodes for a domain of {zones:g} zones (got {nodes:g}).",
            error,
        )
    kind = str(known(call, f"{cluster}.instanceType", "m4.large.search"))
    if kind.startswith("t") and call.get("ebsOptions") is None:
        yield Rejection("ebsOptions", f"EBS storage must be selected for {kind}", error)
    if known(call, "advancedSecurityOptions.enabled") is True:
        for path in ("encryptAtRest.enabled", "nodeToNodeEncryption.enabled", "domainEndpointOptions.enforceHttps"):
            if call.get(path) in (None, False):
                yield Rejection(path, "You must enable it to use advanced security options.", error)
        if kind.startswith(("t2.", "m3.", "r3.")):
            yield Rejection(f"{cluster}.instanceType", f"{kind} does not support advanced security options.", error)


@rule("fargate-job", Stage.PLAN, source=unread("batch", "RegisterJobDefinition: resourceRequirements"))
def _job(call: Call) -> Iterator[Rejection]:
    text = known(call, "containerProperties")
    if "FARGATE" not in (known(call, "platformCapabilities") or ()) or not isinstance(text, str):
        return
    try:
        container = json.loads(text)
    except ValueError:
        return
    given = {each.get("type") for each in container.get("resourceRequirements") or () if isinstance(each, dict)}
    for kind in ("VCPU", "MEMORY"):
        if kind not in given:
            yield Rejection(
                "containerProperties", f"resourceRequirements of type {kind} must be provided for Fargate jobs.",
                "ClientException",
            )  # fmt: skip
    if not container.get("executionRoleArn"):
        yield Rejection("containerProperties", "executionRoleArn must be provided for Fargate jobs.", "ClientException")


@rule("table-key-exists", *APPLY, source=unread("dynamodb", "SSESpecification: KMSMasterKeyId"))
def _no_key_without_encryption(call: Call) -> Iterator[Rejection]:
    if call.get("serverSideEncryption.kmsKeyArn") and call.get("serverSideEncryption.enabled") is False:
        yield Rejection(
            "serverSideEncryption.kmsKeyArn", "A key requires that encryption is enabled.", "ValidationException"
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:dynamodb/table:Table",
        source=sdk("dynamodb/table"),
        rules=(
            _indexes, _no_key_without_encryption, key_exists("serverSideEncryption.kmsKeyArn", "ValidationException")
        ),
    ),
    Behaviour(type="aws:dynamodb/tableItem:TableItem", source=sdk("dynamodb/tableitem"), rules=(_item,)),
    Behaviour(
        type="aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        source=sdk("kinesis/firehosedeliverystream"),
        rules=(_partitions, _stream),
    ),
    Behaviour(type="aws:msk/cluster:Cluster", source=sdk("msk/cluster"), rules=(_brokers,)),
    Behaviour(type="aws:mq/broker:Broker", source=sdk("mq/broker"), rules=(_broker_subnets,)),
    Behaviour(type="aws:opensearch/domain:Domain", source=sdk("opensearch/domain"), rules=(_domain,)),
    Behaviour(type="aws:batch/jobDefinition:JobDefinition", source=sdk("batch/jobdefinition"), rules=(_job,)),
)  # fmt: skip
