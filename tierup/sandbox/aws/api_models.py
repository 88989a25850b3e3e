"""Reads the limits of inputs from AWS's own API models, which botocore carries, for every resource type.

A type's inputs are compared by name with the members of the API operation that creates the resource:
`aws:efs/fileSystem:FileSystem` with CreateFileSystem of `efs`, input `throughputMode` with its member ThroughputMode.
An input without a member of its name has no limits. The models state more than AWS enforces, so some limits are left
out: see `_is_reference`, `_is_document` and `_NOT_ENFORCED`. The test on the examples of the SDK's docstrings checks
that no example violates a limit.

A type's limits are cached as JSON in the user's cache folder, by the version of botocore and of the SDK.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

import botocore
from botocore.loaders import Loader

from tierup import atomic_file

from ..limits import Limit
from ..schema import Property, TypeExpression, TypeSchema, cache_folder, schema, sdk

_FORMAT = 3  # raise when the limits that the code below finds change
_DEEPEST = 5  # nested objects: statements of wafv2 contain themselves
_UNMISTAKABLE = 8  # letters: "name", "type" and "status" of a deeper object say something else

_SERVICES: Mapping[str, tuple[str, ...]] = {
    "appautoscaling": ("application-autoscaling",),
    "bcmdata": ("bcm-data-exports",),
    "bedrock": ("bedrock", "bedrock-agent"),
    "cfg": ("config",),
    "cloudwatch": ("logs", "events", "cloudwatch"),
    "cognito": ("cognito-idp", "cognito-identity"),
    "costexplorer": ("ce",),
    "directoryservice": ("ds",),
    "ebs": ("ec2",),
    "ec2": ("ec2", "autoscaling"),
    "ec2clientvpn": ("ec2",),
    "ec2transitgateway": ("ec2",),
    "elasticsearch": ("es",),
    "kinesis": ("kinesis", "firehose", "kinesisvideo"),
    "lb": ("elbv2",),
    "lex": ("lex-models",),
    "macie": ("macie2",),
    "msk": ("kafka",),
    "mskconnect": ("kafkaconnect",),
    "opensearch": ("opensearch", "opensearchserverless"),
    "opensearchingest": ("osis",),
    "resourceexplorer": ("resource-explorer-2",),
    "route53": ("route53", "route53resolver"),
    "sfn": ("stepfunctions",),
    "verifiedaccess": ("ec2",),
    "vpc": ("ec2",),
}
"""The services of botocore that a module of pulumi-aws belongs to, where the names differ."""

_OPERATIONS: Mapping[str, tuple[str, str]] = {
    "apigateway/response:Response": ("apigateway", "PutGatewayResponse"),
    "appautoscaling/policy:Policy": ("application-autoscaling", "PutScalingPolicy"),
    "appautoscaling/target:Target": ("application-autoscaling", "RegisterScalableTarget"),
    "apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion": (
        "apprunner",
        "CreateAutoScalingConfiguration",
    ),
    "autoscaling/policy:Policy": ("autoscaling", "PutScalingPolicy"),
    "autoscaling/schedule:Schedule": ("autoscaling", "PutScheduledUpdateGroupAction"),
    "bedrock/agentAgent:AgentAgent": ("bedrock-agent", "CreateAgent"),
    "bedrock/agentAgentActionGroup:AgentAgentActionGroup": ("bedrock-agent", "CreateAgentActionGroup"),
    "bedrock/agentAgentAlias:AgentAgentAlias": ("bedrock-agent", "CreateAgentAlias"),
    "bedrock/agentDataSource:AgentDataSource": ("bedrock-agent", "CreateDataSource"),
    "bedrock/agentFlow:AgentFlow": ("bedrock-agent", "CreateFlow"),
    "bedrock/agentKnowledgeBase:AgentKnowledgeBase": ("bedrock-agent", "CreateKnowledgeBase"),
    "bedrock/agentPrompt:AgentPrompt": ("bedrock-agent", "CreatePrompt"),
    "cfg/rule:Rule": ("config", "PutConfigRule"),
    "cloudwatch/eventApiDestination:EventApiDestination": ("events", "CreateApiDestination"),
    "cloudwatch/eventArchive:EventArchive": ("events", "CreateArchive"),
    "cloudwatch/eventConnection:EventConnection": ("events", "CreateConnection"),
    "cloudwatch/eventRule:EventRule": ("events", "PutRule"),
    "cloudwatch/logMetricFilter:LogMetricFilter": ("logs", "PutMetricFilter"),
    "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ("logs", "PutSubscriptionFilter"),
    "codebuild/sourceCredential:SourceCredential": ("codebuild", "ImportSourceCredentials"),
    "cognito/managedUserPoolClient:ManagedUserPoolClient": ("cognito-idp", "CreateUserPoolClient"),
    "cognito/user:User": ("cognito-idp", "AdminCreateUser"),
    "cognito/userGroup:UserGroup": ("cognito-idp", "CreateGroup"),
    "datasync/efsLocation:EfsLocation": ("datasync", "CreateLocationEfs"),
    "datasync/nfsLocation:NfsLocation": ("datasync", "CreateLocationNfs"),
    "datasync/s3Location:S3Location": ("datasync", "CreateLocationS3"),
    "directconnect/linkAggregationGroup:LinkAggregationGroup": ("directconnect", "CreateLag"),
    "dms/s3Endpoint:S3Endpoint": ("dms", "CreateEndpoint"),
    "docdb/clusterInstance:ClusterInstance": ("docdb", "CreateDBInstance"),
    "docdb/elasticCluster:ElasticCluster": ("docdb-elastic", "CreateCluster"),
    "dynamodb/tableExport:TableExport": ("dynamodb", "ExportTableToPointInTime"),
    "ebs/volume:Volume": ("ec2", "CreateVolume"),
    "ec2/ami:Ami": ("ec2", "RegisterImage"),
    "ec2/dedicatedHost:DedicatedHost": ("ec2", "AllocateHosts"),
    "ec2/eip:Eip": ("ec2", "AllocateAddress"),
    "ec2/flowLog:FlowLog": ("ec2", "CreateFlowLogs"),
    "ec2/instance:Instance": ("ec2", "RunInstances"),
    "ec2/launchConfiguration:LaunchConfiguration": ("autoscaling", "CreateLaunchConfiguration"),
    "ec2/spotInstanceRequest:SpotInstanceRequest": ("ec2", "RunInstances"),
    "ec2clientvpn/endpoint:Endpoint": ("ec2", "CreateClientVpnEndpoint"),
    "fsx/lustreFileSystem:LustreFileSystem": ("fsx", "CreateFileSystem"),
    "fsx/ontapFileSystem:OntapFileSystem": ("fsx", "CreateFileSystem"),
    "fsx/ontapStorageVirtualMachine:OntapStorageVirtualMachine": ("fsx", "CreateStorageVirtualMachine"),
    "fsx/ontapVolume:OntapVolume": ("fsx", "CreateVolume"),
    "fsx/openZfsFileSystem:OpenZfsFileSystem": ("fsx", "CreateFileSystem"),
    "fsx/openZfsVolume:OpenZfsVolume": ("fsx", "CreateVolume"),
    "fsx/windowsFileSystem:WindowsFileSystem": ("fsx", "CreateFileSystem"),
    "glue/catalogDatabase:CatalogDatabase": ("glue", "CreateDatabase"),
    "glue/catalogTable:CatalogTable": ("glue", "CreateTable"),
    "inspector2/enabler:Enabler": ("inspector2", "Enable"),
    "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ("firehose", "CreateDeliveryStream"),
    "kinesis/videoStream:VideoStream": ("kinesisvideo", "CreateStream"),
    "kms/replicaKey:ReplicaKey": ("kms", "ReplicateKey"),
    "lb/listenerRule:ListenerRule": ("elbv2", "CreateRule"),
    "lightsail/database:Database": ("lightsail", "CreateRelationalDatabase"),
    "lightsail/disk_attachment:Disk_attachment": ("lightsail", "AttachDisk"),
    "lightsail/lb:Lb": ("lightsail", "CreateLoadBalancer"),
    "lightsail/lbCertificate:LbCertificate": ("lightsail", "CreateLoadBalancerTlsCertificate"),
    "msk/serverlessCluster:ServerlessCluster": ("kafka", "CreateClusterV2"),
    "neptune/clusterInstance:ClusterInstance": ("neptune", "CreateDBInstance"),
    "opensearch/serverlessAccessPolicy:ServerlessAccessPolicy": ("opensearchserverless", "CreateAccessPolicy"),
    "opensearch/serverlessCollection:ServerlessCollection": ("opensearchserverless", "CreateCollection"),
    "opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy": ("opensearchserverless", "CreateLifecyclePolicy"),
    "opensearch/serverlessSecurityConfig:ServerlessSecurityConfig": ("opensearchserverless", "CreateSecurityConfig"),
    "opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy": ("opensearchserverless", "CreateSecurityPolicy"),
    "opensearch/serverlessVpcEndpoint:ServerlessVpcEndpoint": ("opensearchserverless", "CreateVpcEndpoint"),
    "rds/clusterActivityStream:ClusterActivityStream": ("rds", "StartActivityStream"),
    "rds/clusterInstance:ClusterInstance": ("rds", "CreateDBInstance"),
    "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": ("rds", "ModifyDBProxyTargetGroup"),
    "redshift/parameterGroup:ParameterGroup": ("redshift", "CreateClusterParameterGroup"),
    "redshift/subnetGroup:SubnetGroup": ("redshift", "CreateClusterSubnetGroup"),
    "route53/zone:Zone": ("route53", "CreateHostedZone"),
    "sagemaker/endpointConfiguration:EndpointConfiguration": ("sagemaker", "CreateEndpointConfig"),
    "sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": (
        "sagemaker",
        "CreateNotebookInstanceLifecycleConfig",
    ),
    "secretsmanager/secretRotation:SecretRotation": ("secretsmanager", "RotateSecret"),
    "servicecatalog/appregistryApplication:AppregistryApplication": ("servicecatalog-appregistry", "CreateApplication"),
    "servicecatalog/appregistryAttributeGroup:AppregistryAttributeGroup": (
        "servicecatalog-appregistry",
        "CreateAttributeGroup",
    ),
    "servicequotas/serviceQuota:ServiceQuota": ("service-quotas", "RequestServiceQuotaIncrease"),
    "sfn/alias:Alias": ("stepfunctions", "CreateStateMachineAlias"),
    "sns/topicSubscription:TopicSubscription": ("sns", "Subscribe"),
    "transfer/sshKey:SshKey": ("transfer", "ImportSshPublicKey"),
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ("wafv2", "PutLoggingConfiguration"),
    "workspaces/directory:Directory": ("workspaces", "RegisterWorkspaceDirectory"),
}
"""The operation that creates a resource, where its name does not follow from the type's name."""

_NOT_ENFORCED: Mapping[str, frozenset[str]] = {
    "aws:cognito/userPoolDomain:UserPoolDomain": frozenset({"domain"}),
    "aws:glue/connection:Connection": frozenset({"connectionType"}),
    "aws:lightsail/distribution:Distribution": frozenset({"cacheBehaviorSettings.forwardedHeaders.option"}),
}
"""Inputs whose limits an example of the SDK's docstrings contradicts (pulumi-aws 7.51.1, read 2026-11-28)."""

_VERBS = (
    *("Create", "Put", "Register", "Run", "Start", "Enable", "Add", "Set", "Request", "Import", "Associate", "Attach"),
    *("Allocate", "Subscribe", "Publish", "Upload", "Update", "Modify", "Configure", "Authorize", "Provision"),
)
_REFERENCE = re.compile(
    r"(?:[a-z0-9](?:Ids?|Arns?|Identifiers?|Uris?|Urls?)|^(?:id|arn|identifier|securityGroups|subnets))$"
)
_OWN_NAME = re.compile(r"^(?:name|(?P<kind>[a-zA-Z]+)(?:Name|Identifier))$")


@cache
def limits_of(token: str) -> Mapping[str, Limit]:
    """Return the limits of a type's inputs, by property path; empty if no operation of AWS's models fits the type."""
    folder = cache_folder() / f"api-models-{_FORMAT}" / f"{botocore.__version__}-{sdk('aws').version}"
    stored = folder / f"{token.replace(':', '.').replace('/', '.')}.json"
    if not stored.exists():
        found = dict(_read(token))
        stored.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write_text(stored, json.dumps({path: asdict(limit) for path, limit in found.items()}))
    raw: dict[str, dict[str, Any]] = json.loads(stored.read_text())
    return {path: Limit(**{name: _frozen(value) for name, value in limit.items()}) for path, limit in raw.items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


LIMITS = limits_of


def _read(token: str) -> Iterator[tuple[str, Limit]]:
    operation = _operation(token)
    if operation is None:
        return
    service, name = operation
    model = _model(service)
    shape = model["operations"][name].get("input")
    if shape is None:
        return
    reader = _Reader(model["shapes"], schema(token))
    skipped = _NOT_ENFORCED.get(token, frozenset[str]())
    for path, limit in reader.object_limits(schema(token).inputs, shape["shape"], "", 0):
        if path not in skipped and limit != Limit():
            yield path, limit


@lru_cache(maxsize=2)  # the model of ec2 takes 50 MB
def _model(service: str) -> dict[str, Any]:
    return Loader().load_service_model(service, "service-2")


@cache
def _all_services() -> Mapping[str, str]:
    return {_flat(service): service for service in Loader().list_available_services("service-2")}


def _operation(token: str) -> tuple[str, str] | None:
    """Return the service and operation that create a resource, or None."""
    _, path, kind = token.split(":")
    if found := _OPERATIONS.get(f"{path}:{kind}"):
        return found
    module = path.partition("/")[0]
    own = _all_services().get(_flat(module))
    for service in _SERVICES.get(module, (own,) if own is not None else ()):
        operations = {_flat(name): name for name in _model(service)["operations"]}
        for candidate in _candidates(_flat(module), _flat(kind)):
            if candidate in operations:
                return service, operations[candidate]
    return None


def _candidates(module: str, kind: str) -> Iterator[str]:
    """Yield names of operations: CreateFileSystem; CreateDBInstance of rds; CreateUserPool; PutBucketPolicy."""
    for verb in _VERBS:
        for before in ("", "db", module, "cache", "user"):
            for after in ("", "config", "configuration"):
                yield f"{verb.lower()}{before}{kind}{after}"


def _flat(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Walks a type's inputs beside the shapes of one API model."""

    shapes: Mapping[str, Any]
    type: TypeSchema

    def object_limits(
        self, inputs: Mapping[str, Property], shape: str, prefix: str, depth: int
    ) -> Iterator[tuple[str, Limit]]:
        """Yield the limits of an object's inputs."""
        members = self._members(shape)
        kind = _flat(self.type.token.rpartition(":")[2])
        for name, declared in inputs.items():
            flat = _flat(name)
            alike = (flat, f"db{flat}", f"{flat}s", flat.rstrip("s"), *((f"{kind}{flat}",) if depth == 0 else ()))
            found = next((members[each] for each in alike if each in members), None) or self._nested(flat, members)
            if found is not None:
                yield from self._limits(name, declared.type, found, f"{prefix}{name}", depth)

    def _nested(self, flat: str, members: Mapping[str, str]) -> str | None:
        """Return the only member of that name one level deeper: the provider flattens Policies.PasswordPolicy."""
        inner = [self._members(each) for each in members.values() if self.shapes[each]["type"] == "structure"]
        found = {each[flat] for each in inner if flat in each}
        return found.pop() if len(found) == 1 and len(flat) >= _UNMISTAKABLE else None

    def _members(self, shape: str) -> dict[str, str]:
        members: Mapping[str, Any] = self.shapes[shape].get("members", {})
        return {_flat(name): member["shape"] for name, member in members.items()}

    def _limits(
        self, name: str, expression: TypeExpression, shape: str, path: str, depth: int
    ) -> Iterator[tuple[str, Limit]]:
        model = self.shapes[shape]
        if isinstance(expression, str):
            if expression in ("string", "integer", "number"):
                yield path, _limit(name, model, self.type if depth == 0 else None)
        elif expression[0] == "list":
            if model["type"] == "structure":  # CloudFront's lists: a quantity and its items
                model = self.shapes.get(self._members(shape).get("items", ""), model)
            if model["type"] == "list":
                yield from self._limits(name, expression[1], model["member"]["shape"], f"{path}[*]", depth)
        elif expression[0] == "object" and depth < _DEEPEST:
            if model["type"] == "list":  # the provider flattens a list of one
                shape = model["member"]["shape"]
                model = self.shapes[shape]
            if model["type"] == "structure":
                yield from self.object_limits(self.type.objects[expression[1]], shape, f"{path}.", depth + 1)


def _limit(name: str, model: Mapping[str, Any], type: TypeSchema | None) -> Limit:
    """Return the limits of an input; `type` is None for one of a nested object."""
    kind = model["type"]
    if kind in ("integer", "long", "float", "double"):
        return Limit(low=model.get("min"), high=model.get("max"))
    if kind != "string":
        return Limit()
    if "enum" in model:
        return Limit(values=tuple(model["enum"]))
    if _is_reference(name) or _is_document(name):
        return Limit()
    return Limit(
        shortest=model.get("min"), longest=model.get("max"), pattern=_pattern(name, model.get("pattern"), type)
    )


def _is_reference(name: str) -> bool:
    """Return whether an input refers to another resource: its id has the sandbox's own shape."""
    return _REFERENCE.search(name) is not None


def _is_document(name: str) -> bool:
    """Return whether the provider sends another text than the program's: it normalises JSON and encodes user data."""
    return name.lower().endswith(
        ("policy", "policies", "document", "userdata", "definition", "body", "template", "json")
    )


def _pattern(name: str, pattern: str | None, type: TypeSchema | None) -> str | None:
    """Return the pattern of a resource's own name. Patterns of other inputs are looser or stricter than the API."""
    found = _OWN_NAME.match(name)
    if pattern is None or type is None or found is None:
        return None
    if _flat(found["kind"] or "") not in _flat(type.token.rpartition(":")[2]):
        return None  # the name of another resource
    pattern = pattern if pattern.startswith("^") else f"^(?:{pattern})$"  # an API compares the whole text
    try:
        re.compile(pattern)
    except re.error:
        return None
    return pattern
