"""What the APIs of Firehose, MSK, Amazon MQ, OpenSearch and Batch check beyond their models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .arns import account_of
from .same_scope import known
from .service_references import token
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


@rule("broker-subnets", Stage.PLAN, source=unread("kafka", "BrokerNodeGroupInfo: ClientSubnets"))
def _client_subnets(call: Call) -> Iterator[Rejection]:
    subnets = known(call, "brokerNodeGroupInfo.clientSubnets")
    if isinstance(subnets, list) and subnets and len(subnets) not in (2, 3):
        yield Rejection(
            "brokerNodeGroupInfo.clientSubnets", f"Specify two or three subnets (got {len(subnets)}).",
            "BadRequestException",
        )  # fmt: skip


@rule("secrets-of-cluster", Stage.CREATE, Stage.UPDATE, source=unread("kafka", "BatchAssociateScramSecret"))
def _scram(call: Call) -> Iterator[Rejection]:
    for path in ("secretArnLists[*]", "secretArn"):
        for at, arn in located(call.inputs, path):
            secret = next(call.nearby("aws:secretsmanager/secret:Secret", arn=arn), None)
            if secret is None:
                continue
            if not str(secret.outputs.get("name")).startswith("AmazonMSK_"):
                yield Rejection(at, "The name of the secret must begin with AmazonMSK_.", "BadRequestException")
            if not secret.inputs.get("kmsKeyId"):
                yield Rejection(at, "The secret must be encrypted with a customer managed key.", "BadRequestException")


@rule("domain-network", Stage.PLAN, source=unread("opensearch", "VPCOptions: SubnetIds"))
def _domain_network(call: Call) -> Iterator[Rejection]:
    subnets = known(call, "vpcOptions.subnetIds")
    aware = known(call, "clusterConfig.zoneAwarenessEnabled", False) is True
    zones = known(call, "clusterConfig.zoneAwarenessConfig.availabilityZoneCount", 2) if aware else 1
    if isinstance(subnets, list) and subnets and isinstance(zones, (int, float)) and len(subnets) != zones:
        yield Rejection(
            "vpcOptions.subnetIds",
            f"You must specify exactly {zones:g} subnet{'s' if zones > 1 else ''} (got {len(subnets)}).",
            "ValidationException",
        )


@rule("collection-has-encryption-policy", Stage.CREATE, source=unread("opensearchserverless", "CreateCollection"))
def _collection(call: Call) -> Iterator[Rejection]:
    for policy in call.nearby("aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy"):
        try:
            rules = json.loads(str(policy.inputs.get("policy"))).get("Rules") or ()
        except (ValueError, AttributeError):
            return
        patterns = [str(each) for entry in rules for each in entry.get("Resource") or ()]
        name = f"collection/{call.get('name')}"
        if policy.inputs.get("type") == "encryption" and any(fnmatchcase(name, each) for each in patterns):
            return
    yield Rejection(
        "name", f"No matching security policy of encryption type found for collection name: {call.get('name')}. Create"
        " the policy first, and let the collection depend on it.", "ValidationException",
    )  # fmt: skip


@rule("order-of-environments", Stage.PLAN, source=unread("batch", "CreateJobQueue: computeEnvironmentOrder"))
def _queue(call: Call) -> Iterator[Rejection]:
    orders = [order for _, order in located(call.inputs, "computeEnvironmentOrders[*].order")]
    if len(set(map(str, orders))) < len(orders):
        yield Rejection(
            "computeEnvironmentOrders", "Each compute environment needs an order of its own.", "ClientException"
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    *(
        Behaviour(type=token(f"msk.{kind}"), source=sdk(f"msk/{kind.lower()}"), rules=(_scram,))
        for kind in ("ScramSecretAssociation", "SingleScramSecretAssociation")
    ),
    Behaviour(
        type="aws:opensearch/serverlessCollection:ServerlessCollection",
        source=sdk("opensearch/serverlesscollection"),
        rules=(_collection,),
    ),
    Behaviour(type="aws:batch/jobQueue:JobQueue", source=sdk("batch/jobqueue"), rules=(_queue,)),
    Behaviour(
        type="aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        source=sdk("kinesis/firehosedeliverystream"),
        rules=(_partitions, _stream),
    ),
    Behaviour(type="aws:msk/cluster:Cluster", source=sdk("msk/cluster"), rules=(_brokers, _client_subnets)),
    Behaviour(type="aws:mq/broker:Broker", source=sdk("mq/broker"), rules=(_broker_subnets,)),
    Behaviour(type="aws:opensearch/domain:Domain", source=sdk("opensearch/domain"), rules=(_domain, _domain_network)),
    Behaviour(type="aws:batch/jobDefinition:JobDefinition", source=sdk("batch/jobdefinition"), rules=(_job,)),
)  # fmt: skip
