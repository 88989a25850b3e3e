"""What the APIs of Firehose, MSK, Amazon MQ, OpenSearch and Batch check beyond their models."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
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


_LIMITS = (("bufferingInterval", 0, 900), ("bufferingSize", 1, 128), ("retryDuration", 0, 7200))
_DESTINATIONS = (
    "elasticsearch", "extendedS3", "httpEndpoint", "iceberg", "opensearch", "opensearchserverless", "redshift",
    "snowflake", "splunk",
)  # fmt: skip


@rule("buffering-of-firehose", Stage.PLAN, source=api("firehose", "BufferingHints"))
def _buffering(call: Call) -> Iterator[Rejection]:
    for destination in _DESTINATIONS:
        for block in (f"{destination}Configuration", f"{destination}Configuration.s3Configuration"):
            for name, low, high in _LIMITS:
                value = known(call, f"{block}.{name}")
                if isinstance(value, (int, float)) and not low <= value <= high:
                    yield Rejection(
                        f"{block}.{name}", f"it is out of range (got {value:g}). Allowed are {low} to {high}.",
                        "InvalidArgumentException",
                    )  # fmt: skip
    at = "extendedS3Configuration"
    converts = call.get(f"{at}.dataFormatConversionConfiguration") is not None
    if converts and known(call, f"{at}.dataFormatConversionConfiguration.enabled", True) is True:
        compression, size = known(call, f"{at}.compressionFormat", "UNCOMPRESSED"), known(call, f"{at}.bufferingSize")
        if compression != "UNCOMPRESSED":
            yield Rejection(
                f"{at}.compressionFormat", "it must be UNCOMPRESSED when data format conversion is enabled.",
                "InvalidArgumentException",
            )  # fmt: skip
        if isinstance(size, (int, float)) and size < 64:
            yield Rejection(
                f"{at}.bufferingSize", f"it must be at least 64 with data format conversion (got {size:g}).",
                "InvalidArgumentException",
            )  # fmt: skip


@rule("address-of-redshift", Stage.PLAN, source=api("firehose", "ClusterJDBCURL"))
def _jdbc(call: Call) -> Iterator[Rejection]:
    url = known(call, "redshiftConfiguration.clusterJdbcurl")
    if isinstance(url, str) and not url.startswith(("jdbc:redshift://", "jdbc:postgresql://")):
        yield Rejection(
            "redshiftConfiguration.clusterJdbcurl", "it must begin with jdbc:redshift:// (got another address).",
            "InvalidArgumentException",
        )  # fmt: skip


@rule("processor-of-firehose-exists", Stage.CREATE, Stage.UPDATE, source=unread("firehose", "Processor: LambdaArn"))
def _processor(call: Call) -> Iterator[Rejection]:
    for destination in _DESTINATIONS:
        path = f"{destination}Configuration.processingConfiguration.processors[*].parameters[*]"
        for at, parameter in located(call.inputs, path):
            arn = str(parameter.get("parameterValue")) if isinstance(parameter, dict) else ""
            if account_of(arn) != call.account or parameter.get("parameterName") != "LambdaArn":
                continue
            plain = ":".join(arn.split(":")[:7])
            if next(call.nearby("aws:lambda/function:Function", arn=plain), None) is None:
                yield Rejection(
                    f"{at}.parameterValue", f"the Function '{arn}' does not exist", "InvalidArgumentException"
                )


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


_FARGATE: Mapping[float, Collection[int]] = {
    0.25: (512, 1024, 2048),
    0.5: range(1024, 4097, 1024),
    1.0: range(2048, 8193, 1024),
    2.0: range(4096, 16385, 1024),
    4.0: range(8192, 30721, 1024),
    8.0: range(16384, 61441, 4096),
    16.0: range(32768, 122881, 8192),
}
"""The MiB of memory by vCPU. Source: ResourceRequirement of Batch's API model."""


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
    if not container.get("image"):
        yield Rejection("containerProperties", "image must be provided.", "ClientException")
    sizes = {each.get("type"): str(each.get("value")) for each in container.get("resourceRequirements") or ()}
    try:
        cpu, memory = float(sizes.get("VCPU", "")), int(sizes.get("MEMORY", ""))
    except ValueError:
        return
    if memory not in _FARGATE.get(cpu, (memory,)):
        yield Rejection(
            "containerProperties",
            f"Fargate resource requirements (VCPU: {cpu:g}, MEMORY: {memory}) are not valid.", "ClientException",
        )  # fmt: skip
    if not container.get("executionRoleArn"):
        yield Rejection("containerProperties", "executionRoleArn must be provided for Fargate jobs.", "ClientException")


@rule("job-has-an-image", Stage.PLAN, source=unread("batch", "RegisterJobDefinition: containerProperties"))
def _job_image(call: Call) -> Iterator[Rejection]:
    text = known(call, "containerProperties")
    if not isinstance(text, str) or "FARGATE" in (known(call, "platformCapabilities") or ()):
        return
    try:
        container = json.loads(text)
    except ValueError:
        return
    if isinstance(container, dict) and not container.get("image"):
        yield Rejection("containerProperties", "image must be provided.", "ClientException")


@rule("server-properties", Stage.PLAN, source=unread("kafka", "CreateConfiguration: ServerProperties"))
def _properties(call: Call) -> Iterator[Rejection]:
    text = known(call, "serverProperties")
    for line in text.splitlines() if isinstance(text, str) else ():
        if line.strip() and not line.lstrip().startswith("#") and "=" not in line:
            yield Rejection("serverProperties", f"no property in the line '{line.strip()}'.", "BadRequestException")


_CONNECTION = {
    "JDBC": ("JDBC_CONNECTION_URL",), "KAFKA": ("KAFKA_BOOTSTRAP_SERVERS",), "MONGODB": ("CONNECTION_URL",),
}  # fmt: skip


@rule("properties-of-connection", Stage.PLAN, source=unread("glue", "ConnectionInput: ConnectionProperties"))
def _connection(call: Call) -> Iterator[Rejection]:
    kind, given = known(call, "connectionType", "JDBC"), known(call, "connectionProperties")
    for name in _CONNECTION.get(str(kind), ()):
        if isinstance(given, dict) and given and name not in given:
            yield Rejection(
                f"connectionProperties.{name}", f"{kind} requires {name} (got none).", "InvalidInputException"
            )
    if kind == "NETWORK" and call.get("physicalConnectionRequirements") is None:
        yield Rejection("physicalConnectionRequirements", "NETWORK requires it (got none).", "InvalidInputException")


@rule("capacity-of-python-shell", Stage.PLAN, source=api("glue", "CreateJob: MaxCapacity"))
def _python_shell(call: Call) -> Iterator[Rejection]:
    capacity = known(call, "maxCapacity")
    shell = known(call, "command.name") == "pythonshell"
    if shell and isinstance(capacity, (int, float)) and capacity not in (0.0625, 1):
        yield Rejection(
            "maxCapacity", f"it must be 0.0625 or 1 for a Python shell job (got {capacity:g}).", "InvalidInputException"
        )


@rule("features-of-group", Stage.PLAN, source=unread("sagemaker", "CreateFeatureGroup: FeatureDefinitions"))
def _features(call: Call) -> Iterator[Rejection]:
    names = {name for _, name in located(call.inputs, "featureDefinitions[*].featureName")}
    for path in ("recordIdentifierFeatureName", "eventTimeFeatureName"):
        name = known(call, path)
        if names and isinstance(name, str) and all(isinstance(each, str) for each in names) and name not in names:
            yield Rejection(path, f"featureDefinitions has no feature {name}.", "ValidationException")


@rule("targets-of-actions", Stage.PLAN, source=unread("fis", "CreateExperimentTemplate: targets"))
def _targets(call: Call) -> Iterator[Rejection]:
    names = {name for _, name in located(call.inputs, "targets[*].name")}
    for at, name in located(call.inputs, "actions[*].target.value"):
        if isinstance(name, str) and all(isinstance(each, str) for each in names) and name not in names:
            yield Rejection(at, f"targets has no target {name}.", "ValidationException")


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
    Behaviour(type=token("fis.ExperimentTemplate"), source=sdk("fis/experimenttemplate"), rules=(_targets,)),
    Behaviour(type=token("glue.Connection"), source=sdk("glue/connection"), rules=(_connection,)),
    Behaviour(type=token("glue.Job"), source=sdk("glue/job"), rules=(_python_shell,)),
    Behaviour(type=token("msk.Configuration"), source=sdk("msk/configuration"), rules=(_properties,)),
    Behaviour(type=token("sagemaker.FeatureGroup"), source=sdk("sagemaker/featuregroup"), rules=(_features,)),
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
        rules=(_partitions, _stream, _buffering, _processor, _jdbc),
    ),
    Behaviour(type="aws:msk/cluster:Cluster", source=sdk("msk/cluster"), rules=(_brokers, _client_subnets)),
    Behaviour(type="aws:mq/broker:Broker", source=sdk("mq/broker"), rules=(_broker_subnets,)),
    Behaviour(type="aws:opensearch/domain:Domain", source=sdk("opensearch/domain"), rules=(_domain, _domain_network)),
    Behaviour(type=token("batch.JobDefinition"), source=sdk("batch/jobdefinition"), rules=(_job, _job_image)),
)  # fmt: skip
