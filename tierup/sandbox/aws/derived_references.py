"""References that the names of inputs state, for the inputs of every AWS type that no table lists.

The schema names what an input refers to: `subnetIds` are subnets, `kmsKeyArn` is a key, `executionRoleArn` is a role,
and `portfolioId` of Service Catalog is a `servicecatalog.Portfolio`. The value must exist in the account. An explicit
reference to the same input takes precedence. A value is compared with every output of a resource, because the outputs
of types without a row follow the schema alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ..behaviour import BehaviourRule, Call, Rejection, Stage, assumed, located, rule
from ..schema import Property, TypeSchema, schema, sdk
from .arns import account_of, region_of, service_of
from .kms import key_of
from .network import EKS_CLUSTER, VPC
from .service_references import GLOBAL, token

_SOURCE = assumed(
    "an API looks up what an input names; that each does so at create, rather than at first use, was not read"
)

OWN_ROWS = frozenset(
    {
        "acm", "alb", "appautoscaling", "autoscaling", "chatbot", "cloudfront", "cloudwatch", "ec2", "ecr", "ecs",
        "elasticache",
        "elb", "iam", "kms", "lambda", "lb", "route53", "s3", "s3control", "s3outposts", "scheduler", "secretsmanager",
        "servicediscovery", "sns", "sqs", "vpc", "waf", "wafregional", "wafv2",
    }
)  # fmt: skip
"""The modules whose types have complete rows or references of their own."""

_ELSEWHERE = frozenset(
    {
        "accountId", "accountIds", "accountName", "awsAccountId", "backupId", "catalogId", "externalId",
        "finalSnapshotIdentifier", "ownerAccountId", "snapshotArn", "snapshotArns", "snapshotId", "snapshotIdentifier",
        "snapshotName", "sourceDbSnapshotIdentifier",
    }
)  # fmt: skip
"""Inputs that often name what another account or an earlier deployment made, or that name the new resource."""

_EXCEPT: frozenset[tuple[str, str]] = frozenset(
    {
        ("appsync.DataSource", "functionArn"), ("auditmanager.Assessment", "frameworkId"),
        ("auditmanager.FrameworkShare", "frameworkId"), ("cfg.OrganizationManagedRule", "ruleIdentifier"),
        ("cognito.IdentityPoolProviderPrincipalTag", "identityProviderName"),
        ("connect.RoutingProfile", "queueName"), ("dms.S3Endpoint", "endpointId"),
        ("dynamodb.TableReplica", "globalTableArn"), ("kinesis.AnalyticsApplication", "streamNames"),
        ("lakeformation.OptIn", "resourceArn"), ("lightsail.Certificate", "domainName"),
        ("lightsail.ContainerService", "domainNames"), ("lightsail.Instance", "keyPairName"),
        ("lightsail.LbCertificate", "domainName"), ("msk.ServerlessCluster", "clusterName"),
        ("opensearch.OutboundConnection", "domainName"), ("quicksight.DataSource", "dataSetName"),
        ("route53domains.DelegationSignerRecord", "domainName"), ("route53domains.RegisteredDomain", "domainName"),
        ("sagemaker.HyperParameterTuningJob", "algorithmName"), ("sagemaker.TrainingJob", "algorithmName"),
        ("servicecatalog.ProvisionedProduct", "productName"),
        ("servicecatalog.ProvisionedProduct", "provisioningArtifactId"),
        ("servicecatalog.ProvisionedProduct", "provisioningArtifactName"),
        ("appmesh.VirtualNode", "virtualServiceName"), ("appmesh.GatewayRoute", "virtualServiceName"),
        ("workmail.DefaultDomain", "domainName"), ("transcribe.MedicalVocabulary", "vocabularyName"),
    }
)  # fmt: skip
"""Inputs whose name states another type than they refer to, or that the API does not look up."""

_SYNONYMS: Mapping[str, str] = {
    "appsync api": "Api GraphQLApi",
    "bedrock agent": "AgentAgent",
    "bedrock knowledgebase": "AgentKnowledgeBase",
    "datazone profile": "EnvironmentProfile",
    "directconnect dxgateway": "Gateway",
    "ec2clientvpn clientvpnendpoint": "Endpoint",
    "directconnect lag": "LinkAggregationGroup",
    "dms subnetgroup": "ReplicationSubnetGroup",
    "docdb globalcluster": "GlobalCluster rds.GlobalCluster",
    "neptune globalcluster": "GlobalCluster rds.GlobalCluster",
    "fsx filesystem": "LustreFileSystem OntapFileSystem OpenZfsFileSystem WindowsFileSystem",
    "fsx storagevirtualmachine": "OntapStorageVirtualMachine",
    "fsx volume": "OntapVolume OpenZfsVolume",
    "finspace environment": "KxEnvironment",
    "glue database": "CatalogDatabase",
    "grafana serviceaccount": "WorkspaceServiceAccount",
    "lightsail lb": "Lb",
    "lightsail service": "ContainerService",
    "redshift schedule": "SnapshotSchedule",
    "sagemaker endpointconfig": "EndpointConfiguration",
    "sagemaker lifecycleconfig": "StudioLifecycleConfig NotebookInstanceLifecycleConfiguration",
    "servicecatalog application": "AppregistryApplication",
    "servicecatalog attributegroup": "AppregistryAttributeGroup",
    "signer profile": "SigningProfile",
    "ssm baseline": "PatchBaseline",
    "workspaces directory": "Directory directoryservice.Directory",
}
"""Kinds by module and the lower-case stem of an input's name, where the two differ."""

_ANYWHERE: Mapping[str, str] = {
    "activeDirectoryId": "directoryservice.Directory",
    "identityPoolId": "cognito.IdentityPool",
    "transitGatewayId": "ec2transitgateway.TransitGateway",
    "userPoolArn": "cognito.UserPool",
    "userPoolId": "cognito.UserPool",
    "vpcId": "ec2.Vpc ec2.DefaultVpc",
    "vpcIds": "ec2.Vpc ec2.DefaultVpc",
    "vpcIdentifier": "ec2.Vpc ec2.DefaultVpc",
    "vpcEndpointId": "ec2.VpcEndpoint",
}
"""Kinds by the name of an input of any module."""

SUBNET_NAMES = re.compile(r"^(?:subnets?|subnetIds?|[a-z]+SubnetIds|clientSubnets|[a-z]+SubnetId)$")
GROUP_NAMES = re.compile(r"^(?:securityGroups|securityGroupIds?|[a-zA-Z]+SecurityGroupIds?|securityGroupIdLists)$")
_KEY = re.compile(
    r"^(?:[a-zA-Z]*[kK]msKey(?:Id|Arn|Identifier)?|kmsMasterKeyId|encryptionKey(?:Id|Arn)?|customerEncryptionKeyArn"
    r"|[a-zA-Z]*KmsKeyArn|[a-zA-Z]*KmsKeyId)$"
)
_ROLE = re.compile(r"^(?:role|roleArns?|[a-zA-Z]+RoleArns?|executionRole|serviceRole|iamRoles|[a-z][a-zA-Z]*Role)$")
_MANAGED_KEY = re.compile(
    r"(?:arn:[^/]*:)?alias/aws/.+|aws/.+|[A-Z0-9_]+|arn:[^:]*:kms:[^:]*:(?!123456789012:)[^:]*:.+"
)
_SUFFIX = re.compile(r"(?:Identifiers?|Ids?|Arns?|Names?)$")
_EXTERNAL = re.compile(r"default[.:].+|Default|AWS.*|aws[:/].*|p-FullAWSAccess|AppConfig\..+|.*[*$].*|")
_IAM_ROLE = re.compile(r"arn:[^:]*:iam::(\d+):role/(.+)")

_ARN_OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "acm": ("acm.Certificate",),
    "codestar-connections": ("codestarconnections.Connection", "codeconnections.Connection"),
    "cognito-idp": ("cognito.UserPool",),
    "dynamodb": ("dynamodb.Table", "dynamodb.GlobalTable"),
    "ecs": ("ecs.Cluster", "ecs.Service", "ecs.TaskDefinition"),
    "es": ("opensearch.Domain", "elasticsearch.Domain"),
    "firehose": ("kinesis.FirehoseDeliveryStream",),
    "kafka": ("msk.Cluster", "msk.ServerlessCluster", "msk.Configuration", "msk.Replicator"),
    "kinesis": ("kinesis.Stream", "kinesis.StreamConsumer"),
    "logs": ("cloudwatch.LogGroup", "cloudwatch.LogDestination"),
    "lambda": ("lambda.Function", "lambda.Alias", "lambda.LayerVersion", "lambda.EventSourceMapping",
               "lambda.CodeSigningConfig"),
    "secretsmanager": ("secretsmanager.Secret",),
    "sns": ("sns.Topic", "sns.PlatformApplication"),
    "sqs": ("sqs.Queue",),
    "states": ("sfn.StateMachine", "sfn.Activity", "sfn.Alias"),
}  # fmt: skip
"""The services whose ARNs must be those of a resource, with the types of their resources."""

_ARN_KINDS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern), frozenset(services.split()))
    for pattern, services in (
        (r"^(?:topicArns?|[a-z]+TopicArn)$", "sns kafka"),
        (r"^(?:lambdaArn|functionArn|lambdaFunctionArn|[a-zA-Z]*LambdaArn)$", "lambda appsync"),
        (r"^(?:secretArns?|[a-zA-Z]*SecretArn|secretArnLists)$", "secretsmanager"),
        (r"^(?:bucketArn|s3BucketArn|[a-z]+BucketArn)$", "s3 s3express s3-outposts s3tables"),
        (r"^(?:logGroupArn|cloud[wW]atchLogGroupArn|logGroupArns)$", "logs"),
        (r"^(?:kinesisStreamArn|firehoseArn|deliveryStreamArn)$", "kinesis firehose"),
        (r"^stateMachineArn$", "states"),
        (r"^(?:roleArns?|[a-zA-Z]+RoleArns?)$", "iam"),
        (r"^(?:kmsKeyArn|[a-zA-Z]*KmsKeyArn)$", "kms"),
    )
)
"""The services of an ARN by the name of its input."""

_ARN_EXCEPT = frozenset({"sourceArn", "arn", "principalArn"})


@dataclass(frozen=True, slots=True)
class _Derived:
    """An input that refers to a resource of one of `kinds`, to a key, a role, or what an ARN says."""

    path: str
    leaf: str
    kinds: tuple[str, ...] = ()


def last_name(path: str) -> str:
    """Return the last name of a property path, without indexes."""
    return re.sub(r"\[[^]]*\]", "", path).rpartition(".")[2]


def _kinds_of(module: str) -> Mapping[str, str]:
    return _modules().get(module, {})


@cache
def _modules() -> Mapping[str, Mapping[str, str]]:
    """Return the tokens of all types by module and lower-case kind."""
    found: dict[str, dict[str, str]] = {}
    for each in sdk("aws").tokens:
        module, _, kind = each.partition(":")[2].partition("/")
        found.setdefault(module, {})[kind.rpartition(":")[2].lower()] = each
    return found


def _inputs(type: TypeSchema, inputs: Mapping[str, Property], prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the paths of all texts of a type."""
    for name, declared in inputs.items():
        expression, path = declared.type, f"{prefix}{name}"
        while isinstance(expression, list) and expression[0] == "list":
            expression, path = expression[1], f"{path}[*]"
        if expression == "string":
            yield path
        elif isinstance(expression, list) and expression[0] == "object" and depth < 6:
            yield from _inputs(type, type.objects[expression[1]], f"{path}.", depth + 1)


def _targets(type: str, leaf: str) -> tuple[str, ...]:
    """Return the types that the name of an input states."""
    module = type.partition(":")[2].partition("/")[0]
    if (named := _ANYWHERE.get(leaf)) and (module not in OWN_ROWS or leaf.startswith("vpcId")):
        return tuple(map(token, named.split()))
    if module in OWN_ROWS or leaf in _ELSEWHERE or not _SUFFIX.search(leaf):
        return ()
    stem = _SUFFIX.sub("", leaf).lower()
    if named := _SYNONYMS.get(f"{module} {stem}"):
        listed = (token(kind if "." in kind else f"{module}.{kind}") for kind in named.split())
        return tuple(each for each in listed if each != type)
    kinds = _kinds_of(module)
    found = kinds.get(stem) or kinds.get(stem.removesuffix("s"))
    return (found,) if found and found != type and len(stem) > 2 else ()


@cache
def input_paths(type: str) -> tuple[str, ...]:
    """Return the paths of all texts of a type."""
    try:
        shape = schema(type)
    except LookupError:
        return ()
    return tuple(_inputs(shape, shape.inputs))


@cache
def rule_ids(type: str) -> frozenset[str]:
    """Return the ids of the rules of a type."""
    from ..registry import registry

    row = registry().rules(type)
    return frozenset(each.id for each in row.rules) if row else frozenset()


@cache
def derived(type: str) -> tuple[_Derived, ...]:
    """Return the references that the names of a type's inputs state, apart from those that a table lists."""
    from ..registry import registry

    row = registry().rules(type)
    listed = {each.path for each in row.references} if row else set[str]()
    own = rule_ids(type)
    module, kind = type.partition(":")[2].partition("/")[0], type.rpartition(":")[2]
    found: list[_Derived] = []
    for path in input_paths(type):
        leaf = last_name(path)
        if path in listed or f"{leaf.lower()}-exists" in own or (f"{module}.{kind}", leaf) in _EXCEPT:
            continue
        found.append(_Derived(path, leaf, _targets(type, leaf)))
    return tuple(each for each in found if each.kinds or _check_of(each.leaf, module) is not None)


_Check = Callable[[Call, str, str], str]
"""Returns the reason why a value is not accepted, or "", for a call, the path of the input and its value."""
_OTHER_REGION = re.compile(r"(?i)replica|destination|secondar|crossregion")


def _missing(call: Call, kinds: tuple[str, ...], value: str) -> str:
    everywhere = kinds[0].partition(":")[2].partition("/")[0] in GLOBAL or kinds[0].endswith(":GlobalCluster")
    for each in call.cloud.find(kinds):
        if (each.id == value or value in each.outputs.values()) and (
            everywhere or not call.region or each.region in (call.region, "") or region_of(value) == each.region
        ):
            return ""
    names = " or ".join(dict.fromkeys(kind.rpartition(":")[2] for kind in kinds))
    return f"the {names} '{value}' does not exist"


def _subnet(call: Call, _path: str, value: str) -> str:
    return _missing(call, (token("ec2.Subnet"), token("ec2.DefaultSubnet")), value) if ":" not in value else ""


def _group(call: Call, _path: str, value: str) -> str:
    if not value.startswith("sg-"):
        return ""
    for owner, path in ((VPC, "defaultSecurityGroupId"), (EKS_CLUSTER, "vpcConfig")):
        for each in call.cloud.find(owner):
            if value in str(each.outputs.get(path)):
                return ""
    return _missing(call, (token("ec2.SecurityGroup"), token("ec2.DefaultSecurityGroup")), value)


def _key(call: Call, path: str, value: str) -> str:
    if _MANAGED_KEY.fullmatch(value):
        return ""
    if key := key_of(call, value):
        here = not call.region or key.region == call.region or _OTHER_REGION.search(f"{call.type} {path}")
        return "" if here else f"the KMS key '{value}' is in {key.region}, this resource is in {call.region}"
    return f"the KMS key '{value}' does not exist"


def _role(call: Call, _path: str, value: str) -> str:
    if not value.startswith("arn:"):
        return ""
    found = _IAM_ROLE.fullmatch(value)
    if found is None:
        return f"'{value}' is not the ARN of a role" if service_of(value) != "iam" else ""
    if found[1] != call.account or found[2].startswith(("aws-service-role/", "service-role/")):
        return ""
    return _missing(call, (token("iam.Role"),), value)


def _arn(call: Call, path: str, value: str) -> str:
    service, leaf = service_of(value), last_name(path)
    for pattern, services in _ARN_KINDS:
        if service and pattern.match(leaf) and service not in services:
            return f"'{value}' is not an ARN of {' or '.join(sorted(services))}"
    if service not in _ARN_OUTPUTS or account_of(value) != call.account or region_of(value) not in ("", call.region):
        return ""
    return _missing_arn(call, tuple(map(token, _ARN_OUTPUTS[service])), value)


def _missing_arn(call: Call, kinds: tuple[str, ...], value: str) -> str:
    for each in call.cloud.find(kinds):
        for text in (each.id, *each.outputs.values()):
            if isinstance(text, str) and text.startswith("arn:") and re.match(f"{re.escape(text)}([:/].*)?$", value):
                return ""
    return f"the {kinds[0].rpartition(':')[2]} '{value}' does not exist"


def _check_of(leaf: str, module: str) -> _Check | None:
    """Return the check of an input by its name alone."""
    if module in OWN_ROWS:
        return None
    for pattern, check in ((SUBNET_NAMES, _subnet), (GROUP_NAMES, _group), (_KEY, _key), (_ROLE, _role)):
        if pattern.match(leaf):
            return check
    return _arn if re.search(r"Arns?$|ArnLists$", leaf) and leaf not in _ARN_EXCEPT else None


@cache
def role_paths(type: str) -> tuple[str, ...]:
    """Return the inputs of a type whose names say that they are ARNs of roles."""
    return tuple(each.path for each in derived(type) if _check_of(each.leaf, "") is _role)


@rule("named-resource-exists", Stage.CREATE, Stage.UPDATE, source=_SOURCE)
def _exists(call: Call) -> Iterator[Rejection]:
    module = call.type.partition(":")[2].partition("/")[0]
    for each in derived(call.type):
        check = _check_of(each.leaf, module)
        for at, value in located(call.inputs, each.path):
            if not isinstance(value, str) or _EXTERNAL.fullmatch(value):
                continue
            if each.kinds:
                foreign = value.startswith("arn:") and account_of(value) not in ("", call.account)
                reason = "" if foreign else _missing(call, each.kinds, value)
            else:
                reason = check(call, at, value) if check else ""
            if reason:
                yield Rejection(at, reason, "ResourceNotFoundException")


COMMON_RULES: tuple[BehaviourRule, ...] = (_exists,)
