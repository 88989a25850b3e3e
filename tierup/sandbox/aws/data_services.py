"""What the APIs of Firehose, MSK, Amazon MQ, OpenSearch and Batch check beyond their models."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, rule
from .arns import account_of
from .same_scope import known
from .sources import api, sdk, unread


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
    own = account_of(str(arn)) == call.account
    if own and next(call.cloud.find("aws:kinesis/stream:Stream", arn=arn), None) is None:
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


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
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
