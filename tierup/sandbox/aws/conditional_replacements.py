"""Changes that replace a resource only for certain old and new values, in one table of all AWS types.

The provider decides these in a CustomizeDiff. Rows of their own decide on load balancers, services of ECS, cache
groups, instances, VPCs and subnets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Call, documented, values_at

SOURCE = documented(
    "https://github.com/hashicorp/terraform-provider-aws at 1a5174b137bbdefdebd6e5c2fc033f829057e283 (2024-04-17),"
    " CustomizeDiff of each resource",
    read="2026-11-28",
)

Decides = Callable[[Any, Any, Call], bool]
"""Returns whether a change from an old value to a new one replaces; absent values are None."""


def _switched_off(old: Any, new: Any, _: Call) -> bool:
    return old is True and new is not True


def _cleared(old: Any, new: Any, _: Call) -> bool:
    return bool(old) and new in (None, "", [])


def _set_or_cleared(old: Any, new: Any, _: Call) -> bool:
    return not (old and new)


def _smaller(old: Any, new: Any, _: Call) -> bool:
    return isinstance(old, (int, float)) and isinstance(new, (int, float)) and new < old


def _version(text: Any) -> tuple[int, ...]:
    digits = str(text).rpartition("_")[2].split(".")
    return tuple(int(each) for each in digits if each.isdigit())


def _older(old: Any, new: Any, _: Call) -> bool:
    return bool(old and new) and _version(new) < _version(old)


def _none_left(old: Any, new: Any, _: Call) -> bool:
    """Every element of the old list is gone."""
    return isinstance(old, list) and bool(old) and not {str(each) for each in old} & {str(each) for each in new or ()}


def _fewer(old: Any, new: Any, _: Call) -> bool:
    """An element of the old list is gone."""
    return isinstance(old, list) and bool({str(each) for each in old} - {str(each) for each in new or ()})


def _enabled_again(old: Any, new: Any, _: Call) -> bool:
    return old == "disable" and new in (None, "enable")


REPLACEMENTS: Mapping[str, Mapping[str, Decides]] = {
    "aws:amp/workspace:Workspace": {"alias": _cleared},
    "aws:amplify/app:App": {"description": _cleared, "iamServiceRoleArn": _cleared},
    "aws:apigateway/authorizer:Authorizer": {
        "type": lambda old, new, _: "COGNITO_USER_POOLS" in (old, new),
    },
    "aws:cognito/userPoolDomain:UserPoolDomain": {"certificateArn": _set_or_cleared},
    "aws:dynamodb/table:Table": {"restoreSourceName": lambda _old, new, _: bool(new)},
    "aws:ec2transitgateway/transitGateway:TransitGateway": {
        "defaultRouteTableAssociation": _enabled_again,
        "defaultRouteTablePropagation": _enabled_again,
    },
    "aws:elasticache/cluster:Cluster": {
        "engineVersion": _older,
        "nodeType": lambda _old, _new, call: call.get("engine") == "memcached",
    },
    "aws:elb/loadBalancer:LoadBalancer": {"subnets": _none_left},
    "aws:fsx/lustreFileSystem:LustreFileSystem": {
        "storageCapacity": lambda old, new, call: (
            _smaller(old, new, call) or call.get("deploymentType", "SCRATCH_1") == "SCRATCH_1"
        ),
    },
    "aws:kendra/experience:Experience": {"description": _cleared},
    "aws:keyspaces/table:Table": {"clientSideTimestamps": _cleared, "schemaDefinition.columns": _fewer},
    "aws:msk/cluster:Cluster": {"kafkaVersion": _older},
    "aws:mwaa/environment:Environment": {"airflowVersion": _older},
    "aws:opensearch/domain:Domain": {
        "advancedSecurityOptions.enabled": _switched_off,
        "encryptAtRest.enabled": _switched_off,
        "engineVersion": _older,
        "nodeToNodeEncryption.enabled": _switched_off,
    },
    "aws:rds/cluster:Cluster": {
        "storageType": lambda _old, _new, call: not str(call.get("engine")).startswith("aurora"),
    },
    "aws:sagemaker/notebookInstance:NotebookInstance": {"volumeSize": _smaller},
    "aws:ssm/parameter:Parameter": {"tier": lambda old, new, _: old == "Advanced" and new in (None, "Standard")},
}
"""By type and input, what decides whether a change replaces."""


UNLISTED: Mapping[str, tuple[str, ...]] = {
    "aws:amp/scraper:Scraper": ("destination", "source"),
    # The table lacks restApi, which Terraform names rest_api_id.
    **{
        f"aws:apigateway/{kind[0].lower()}{kind[1:]}:{kind}": ("restApi",)
        for kind in (
            "Authorizer", "Deployment", "Integration", "IntegrationResponse", "Method", "MethodResponse",
            "MethodSettings", "Model", "RequestValidator", "Resource", "Stage",
        )
    },
    "aws:athena/capacityReservation:CapacityReservation": ("name",),
    "aws:bedrock/agentAgentActionGroup:AgentAgentActionGroup": ("agentId", "agentVersion"),
    "aws:bedrock/agentAgentAlias:AgentAgentAlias": ("agentId",),
    "aws:bedrock/agentAgentKnowledgeBaseAssociation:AgentAgentKnowledgeBaseAssociation": (
        "agentId", "agentVersion", "knowledgeBaseId",
    ),
    "aws:bedrock/agentDataSource:AgentDataSource": ("knowledgeBaseId",),
    "aws:bedrock/agentKnowledgeBase:AgentKnowledgeBase": ("knowledgeBaseConfiguration", "storageConfiguration"),
    "aws:bedrock/guardrailVersion:GuardrailVersion": ("description", "guardrailArn"),
    "aws:cloudformation/stackInstances:StackInstances": ("callAs", "stackSetName"),
    "aws:codebuild/fleet:Fleet": ("name",),
    "aws:datasync/efsLocation:EfsLocation": ("ec2Config", "efsFileSystemArn"),
    "aws:datasync/s3Location:S3Location": ("agentArns", "s3BucketArn", "s3Config", "s3StorageClass", "subdirectory"),
    "aws:directconnect/linkAggregationGroup:LinkAggregationGroup": ("connectionId", "connectionsBandwidth", "location"),
    "aws:directoryservice/ipRoute:IpRoute": ("cidrIp", "directoryId"),
    "aws:docdb/elasticCluster:ElasticCluster": ("adminUserName", "authType", "kmsKeyId", "name"),
    "aws:grafana/workspaceServiceAccount:WorkspaceServiceAccount": ("grafanaRole", "name", "workspaceId"),
    "aws:lakeformation/dataCellsFilter:DataCellsFilter": ("tableData",),
    "aws:networkfirewall/tlsInspectionConfiguration:TlsInspectionConfiguration": ("name",),
    "aws:opensearch/authorizeVpcEndpointAccess:AuthorizeVpcEndpointAccess": ("account", "domainName"),
    "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy": ("name", "type"),
    "aws:opensearch/serverlessCollection:ServerlessCollection": ("name", "standbyReplicas", "type"),
    "aws:opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy": ("name", "type"),
    "aws:opensearch/serverlessSecurityConfig:ServerlessSecurityConfig": ("name", "type"),
    "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy": ("name", "type"),
    "aws:opensearch/serverlessVpcEndpoint:ServerlessVpcEndpoint": ("name", "vpcId"),
    "aws:opensearchingest/pipeline:Pipeline": ("pipelineName", "vpcOptions"),
    "aws:organizations/awsServiceAccess:AwsServiceAccess": ("servicePrincipal",),
    "aws:rds/integration:Integration": ("additionalEncryptionContext", "kmsKeyId", "sourceArn", "targetArn"),
    "aws:rds/shardGroup:ShardGroup": ("dbClusterIdentifier", "dbShardGroupIdentifier"),
    "aws:redshift/integration:Integration": ("additionalEncryptionContext", "kmsKeyId", "sourceArn", "targetArn"),
    "aws:sagemaker/hub:Hub": ("hubName",),
    "aws:sagemaker/imageVersion:ImageVersion": ("baseImage", "imageName"),
    "aws:ssm/serviceSetting:ServiceSetting": ("settingId",),
    "aws:verifiedpermissions/policy:Policy": ("policyStoreId",),
    "aws:verifiedpermissions/identitySource:IdentitySource": ("policyStoreId",),
    "aws:vpclattice/resourceConfiguration:ResourceConfiguration": ("resourceGatewayIdentifier", "type"),
    "aws:vpclattice/resourceGateway:ResourceGateway": ("ipAddressType", "subnetIds", "vpcId"),
    "aws:workspaces/directory:Directory": ("directoryId",),
}  # fmt: skip
"""Inputs that replace, of types whose schema the stored copy of the provider lacks. From memory of the provider."""


def replaced_by(call: Call) -> Iterator[str]:
    """Yield the inputs whose change replaces the resource."""
    for path, decides in REPLACEMENTS.get(call.type, {}).items():
        old, new = next(values_at(call.old or {}, path), None), next(values_at(call.inputs, path), None)
        if old != new and UNKNOWN not in (old, new) and decides(old, new, call):
            yield path
    for path in UNLISTED.get(call.type, ()):
        old, new = next(values_at(call.old or {}, path), None), next(values_at(call.inputs, path), None)
        if old != new and UNKNOWN not in (old, new):
            yield path


REPLACED_BY = replaced_by
"""What the registry adds to the rows of all AWS types."""
