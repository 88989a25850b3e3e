"""Inputs that identify a resource of a type without a row of its own: a second resource with the same is refused.

The table lists only types whose create fails. An API that returns or overwrites the existing resource (PutX, the
activities of Step Functions) has no entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..behaviour import BehaviourRule, Call, Rejection, Stage, assumed, rule
from .service_references import GLOBAL, token

_SOURCE = assumed(
    "from memory; to check: "
    "AWS API models (botocore 1.43), the errors of each create operation; those of EC2 are from memory"
)


@dataclass(frozen=True, slots=True)
class Unique:
    """Types whose resources differ in `paths`; without paths, a region has one. Kinds may be of several modules."""

    kinds: str
    code: str
    paths: tuple[str, ...] = ("name",)
    any_case: bool = False


TABLE: tuple[Unique, ...] = (
    Unique("iam.User iam.Group", "EntityAlreadyExists", any_case=True),
    Unique("iam.ServerCertificate iam.SamlProvider", "EntityAlreadyExists"),
    Unique("iam.VirtualMfaDevice", "EntityAlreadyExists", ("virtualMfaDeviceName",)),
    Unique("iam.UserLoginProfile", "EntityAlreadyExists", ("user",)),
    Unique("iam.ServiceLinkedRole", "InvalidInput", ("awsServiceName", "customSuffix")),
    # API Gateway
    Unique("apigateway.Resource", "ConflictException", ("restApi", "parentId", "pathPart")),
    Unique("apigateway.Method", "ConflictException", ("restApi", "resourceId", "httpMethod")),
    Unique("apigateway.MethodResponse", "ConflictException", ("restApi", "resourceId", "httpMethod", "statusCode")),
    Unique("apigateway.Stage", "ConflictException", ("restApi", "stageName")),
    Unique("apigateway.Model", "ConflictException", ("restApi", "name")),
    Unique("apigateway.DomainName", "ConflictException", ("domainName",)),
    Unique("apigateway.BasePathMapping", "ConflictException", ("domainName", "basePath")),
    Unique("apigateway.UsagePlanKey", "ConflictException", ("usagePlanId", "keyId")),
    Unique("apigatewayv2.Route", "ConflictException", ("apiId", "routeKey")),
    Unique("apigatewayv2.Stage", "ConflictException", ("apiId", "name")),
    Unique("apigatewayv2.Authorizer", "BadRequestException", ("apiId", "name")),
    Unique("apigatewayv2.DomainName", "ConflictException", ("domainName",)),
    Unique("apigatewayv2.ApiMapping", "ConflictException", ("domainName", "apiMappingKey")),
    Unique("appsync.DataSource", "BadRequestException", ("apiId", "name")),
    Unique("appsync.Resolver", "BadRequestException", ("apiId", "type", "field")),
    # Compute
    Unique("autoscaling.Group ec2.LaunchConfiguration", "AlreadyExists"),
    Unique("batch.ComputeEnvironment batch.JobQueue batch.SchedulingPolicy", "ClientException"),
    Unique("ec2.KeyPair", "InvalidKeyPair.Duplicate", ("keyName",)),
    Unique("ec2.LaunchTemplate", "InvalidLaunchTemplateName.AlreadyExistsException"),
    Unique("ec2.PlacementGroup", "InvalidPlacementGroup.Duplicate"),
    Unique("ec2.NetworkAclRule", "NetworkAclEntryAlreadyExists", ("networkAclId", "egress", "ruleNumber")),
    Unique("ec2.VolumeAttachment", "VolumeInUse", ("volumeId",)),
    Unique("ec2.VolumeAttachment", "InvalidParameterValue", ("instanceId", "deviceName")),
    Unique("ec2.VpnGatewayAttachment", "InvalidParameterValue", ("vpnGatewayId",)),
    Unique("ec2transitgateway.VpcAttachment", "DuplicateTransitGatewayAttachment", ("transitGatewayId", "vpcId")),
    Unique("ec2transitgateway.Route", "RouteAlreadyExists", ("transitGatewayRouteTableId", "destinationCidrBlock")),
    Unique("ec2transitgateway.RouteTableAssociation", "Resource.AlreadyAssociated", ("transitGatewayAttachmentId",)),
    Unique("ecr.PullThroughCacheRule", "PullThroughCacheRuleAlreadyExistsException", ("ecrRepositoryPrefix",)),
    Unique("ecr.RepositoryCreationTemplate", "TemplateAlreadyExistsException", ("prefix",)),
    Unique("ecs.CapacityProvider", "ClientException"),
    Unique("eks.FargateProfile", "ResourceInUseException", ("clusterName", "fargateProfileName")),
    Unique("lambda.Alias", "ResourceConflictException", ("functionName", "name")),
    Unique("lambda.FunctionUrl", "ResourceConflictException", ("functionName", "qualifier")),
    Unique("lambda.EventSourceMapping", "ResourceConflictException", ("functionName", "eventSourceArn", "topics")),
    # CloudFront
    Unique("cloudfront.KeyGroup", "KeyGroupAlreadyExists"),
    Unique("cloudfront.KeyValueStore", "EntityAlreadyExists"),
    Unique("cloudfront.MonitoringSubscription", "MonitoringSubscriptionAlreadyExists", ("distributionId",)),
    Unique("cloudfront.RealtimeLogConfig", "RealtimeLogConfigAlreadyExists"),
    # Management
    Unique(
        "cloudwatch.EventApiDestination cloudwatch.EventArchive cloudwatch.EventBus cloudwatch.EventConnection",
        "ResourceAlreadyExistsException",
    ),
    Unique("cloudtrail.Trail", "TrailAlreadyExistsException"),
    Unique("cfg.Recorder", "MaxNumberOfConfigurationRecordersExceededException", ()),
    Unique("cfg.DeliveryChannel", "MaxNumberOfDeliveryChannelsExceededException", ()),
    Unique("accessanalyzer.Analyzer", "ConflictException", ("analyzerName",)),
    Unique("guardduty.Detector", "BadRequestException", ()),
    Unique("macie2.Account", "ConflictException", ()),
    Unique("securityhub.Account", "ResourceConflictException", ()),
    Unique("ssm.Document", "DocumentAlreadyExists"),
    Unique("synthetics.Canary", "ConflictException"),
    Unique("xray.Group", "InvalidRequestException", ("groupName",)),
    Unique("xray.SamplingRule", "InvalidRequestException", ("ruleName",)),
    # Developer tools
    Unique("codebuild.Project codebuild.ReportGroup", "ResourceAlreadyExistsException"),
    Unique("codedeploy.Application", "ApplicationAlreadyExistsException"),
    Unique("codedeploy.DeploymentConfig", "DeploymentConfigAlreadyExistsException", ("deploymentConfigName",)),
    Unique("codedeploy.DeploymentGroup", "DeploymentGroupAlreadyExistsException", ("appName", "deploymentGroupName")),
    Unique("codepipeline.Pipeline", "PipelineNameInUseException"),
    Unique("apigateway.ApiKey", "ConflictException", ("value",)),
    Unique("efs.FileSystem", "FileSystemAlreadyExists", ("creationToken",)),
    Unique("ses.ConfigurationSet", "ConfigurationSetAlreadyExists"),
    Unique("ses.Template", "AlreadyExists"),
    Unique("amplify.Branch", "BadRequestException", ("appId", "branchName")),
    Unique("detective.Graph", "ConflictException", ()),
    Unique("organizations.Organization", "AlreadyInOrganizationException", ()),
    Unique("inspector2.DelegatedAdminAccount", "ConflictException", ()),
    Unique(
        "lightsail.Bucket lightsail.Certificate lightsail.ContainerService lightsail.Database lightsail.Disk"
        " lightsail.Distribution lightsail.Instance lightsail.KeyPair lightsail.Lb lightsail.StaticIp",
        "InvalidInputException",
    ),
    # Data
    Unique("dynamodb.KinesisStreamingDestination", "ResourceInUseException", ("tableName", "streamArn")),
    Unique("athena.DataCatalog athena.Workgroup", "InvalidRequestException"),
    Unique("docdb.Cluster neptune.Cluster", "DBClusterAlreadyExistsFault", ("clusterIdentifier",)),
    Unique("docdb.ClusterInstance neptune.ClusterInstance", "DBInstanceAlreadyExists", ("identifier",)),
    Unique("docdb.SubnetGroup neptune.SubnetGroup", "DBSubnetGroupAlreadyExists"),
    Unique("docdb.ClusterParameterGroup neptune.ClusterParameterGroup", "DBParameterGroupAlreadyExists"),
    Unique("dms.ReplicationInstance", "ResourceAlreadyExistsFault", ("replicationInstanceId",)),
    Unique("dms.Endpoint", "ResourceAlreadyExistsFault", ("endpointId",)),
    Unique("dms.ReplicationTask", "ResourceAlreadyExistsFault", ("replicationTaskId",)),
    Unique("elasticache.ServerlessCache", "ServerlessCacheAlreadyExistsFault"),
    Unique("elasticache.UserGroupAssociation", "InvalidParameterValue", ("userGroupId", "userId")),
    Unique("glue.CatalogDatabase", "AlreadyExistsException", ("catalogId", "name")),
    Unique("glue.CatalogTable", "AlreadyExistsException", ("catalogId", "databaseName", "name")),
    Unique("glue.Connection glue.Crawler glue.Job glue.SecurityConfiguration", "AlreadyExistsException"),
    Unique("glue.Trigger glue.Workflow", "AlreadyExistsException"),
    Unique("kinesis.Stream", "ResourceInUseException"),
    Unique("kinesis.StreamConsumer", "ResourceInUseException", ("streamArn", "name")),
    Unique("memorydb.Acl", "ACLAlreadyExistsFault"),
    Unique("memorydb.Cluster", "ClusterAlreadyExistsFault"),
    Unique("memorydb.ParameterGroup", "ParameterGroupAlreadyExistsFault"),
    Unique("memorydb.SubnetGroup", "SubnetGroupAlreadyExistsFault"),
    Unique("memorydb.User", "UserAlreadyExistsFault", ("userName",)),
    Unique("mq.Broker", "ConflictException", ("brokerName",)),
    Unique("msk.Cluster", "ConflictException", ("clusterName",)),
    Unique("msk.Configuration", "ConflictException"),
    Unique("opensearch.Domain", "ResourceAlreadyExistsException", ("domainName",)),
    Unique("rds.ClusterEndpoint", "DBClusterEndpointAlreadyExistsFault", ("clusterEndpointIdentifier",)),
    Unique("rds.ClusterSnapshot", "DBClusterSnapshotAlreadyExistsFault", ("dbClusterSnapshotIdentifier",)),
    Unique("rds.EventSubscription", "SubscriptionAlreadyExist"),
    Unique("rds.GlobalCluster", "GlobalClusterAlreadyExistsFault", ("globalClusterIdentifier",)),
    Unique("rds.OptionGroup", "OptionGroupAlreadyExistsFault"),
    Unique("rds.Proxy", "DBProxyAlreadyExistsFault"),
    Unique("rds.Snapshot", "DBSnapshotAlreadyExists", ("dbSnapshotIdentifier",)),
    Unique("redshift.Cluster", "ClusterAlreadyExists", ("clusterIdentifier",)),
    Unique("redshift.ParameterGroup", "ClusterParameterGroupAlreadyExists"),
    Unique("redshift.SubnetGroup", "ClusterSubnetGroupAlreadyExists"),
    Unique("s3.AccessPoint", "AccessPointAlreadyOwnedByYou"),
    # Identity and applications
    Unique("apprunner.Service", "InvalidRequestException", ("serviceName",)),
    Unique("cognito.User", "UsernameExistsException", ("userPoolId", "username")),
    Unique("cognito.UserGroup", "GroupExistsException", ("userPoolId", "name")),
    Unique("cognito.ResourceServer", "InvalidParameterException", ("userPoolId", "identifier")),
    Unique("cognito.IdentityProvider", "DuplicateProviderException", ("userPoolId", "providerName")),
    Unique("cognito.UserPoolDomain", "InvalidParameterException", ("domain",)),
    Unique("networkfirewall.Firewall networkfirewall.FirewallPolicy", "InvalidRequestException"),
    Unique("networkfirewall.RuleGroup", "InvalidRequestException", ("name", "type")),
    Unique("pipes.Pipe", "ConflictException"),
    Unique("servicediscovery.Service", "ServiceAlreadyExists", ("name", "namespaceId")),
    Unique("ses.ReceiptRuleSet", "AlreadyExists", ("ruleSetName",)),
    Unique("sesv2.ConfigurationSet", "AlreadyExistsException", ("configurationSetName",)),
    Unique("sesv2.EmailIdentity", "AlreadyExistsException", ("emailIdentity",)),
    Unique("sfn.StateMachine", "StateMachineAlreadyExists"),
    Unique("transfer.User", "ResourceExistsException", ("serverId", "userName")),
    Unique("vpclattice.Service vpclattice.ServiceNetwork vpclattice.TargetGroup", "ConflictException"),
    # Route 53
    Unique("route53.KeySigningKey", "KeySigningKeyAlreadyExists", ("hostedZoneId", "name")),
    Unique("route53.QueryLog", "QueryLoggingConfigAlreadyExists", ("zoneId",)),
    Unique("route53.ResolverRuleAssociation", "ResourceExistsException", ("resolverRuleId", "vpcId")),
    Unique("route53.ResolverFirewallRule", "ValidationException", ("firewallRuleGroupId", "priority")),
)


def _by_type() -> Mapping[str, tuple[Unique, ...]]:
    found: dict[str, tuple[Unique, ...]] = {}
    for unique in TABLE:
        for kind in unique.kinds.split():
            found[token(kind)] = (*found.get(token(kind), ()), unique)
    return found


UNIQUE: Mapping[str, tuple[Unique, ...]] = _by_type()


@rule("resource-is-unique", Stage.CREATE, source=_SOURCE)
def _is_unique(call: Call) -> Iterator[Rejection]:
    everywhere = call.type.partition(":")[2].partition("/")[0] in GLOBAL
    for unique in UNIQUE.get(call.type, ()):
        own = [_comparable(call.get(path), unique) for path in unique.paths]
        if unique.paths and own[-1] is None and len(unique.paths) == 1:
            continue
        for other in call.cloud.find(call.type):
            if other.urn == call.urn or other.account != call.account:
                continue
            if not everywhere and other.region not in (call.region, ""):
                continue
            if [_comparable(other.inputs.get(path), unique) for path in unique.paths] == own:
                what = ", ".join(f"{path} {call.get(path)}" for path in unique.paths if call.get(path) is not None)
                yield Rejection(
                    unique.paths[-1] if unique.paths else "",
                    f"'{other.name}' has {what} already." if what else f"'{other.name}' exists, and a region has one.",
                    unique.code,
                )


def _comparable(value: object, unique: Unique) -> object:
    if value in (None, False, "", []):
        return None
    return str(value).lower() if unique.any_case else str(value)


COMMON_RULES: tuple[BehaviourRule, ...] = (_is_unique,)
