"""References between AWS resources of types without a row of their own, in one table by service.

A reference is checked when the API is called: the resource that an input names must exist in the account. A row's own
reference to the same input takes precedence. The table contains only inputs whose target the API looks up at create.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..behaviour import Behaviour, Reference, assumed
from .network import EKS_CLUSTER, VPC

_SOURCE = assumed(
    "the API looks up what an input names, and its models list the error (botocore 1.43, EC2 apart); that a type's"
    " create does so was not read for each type"
)
_OTHER_ACCOUNT = r"arn:[^:]*:[^:]*:[^:]*:(?!123456789012:)[^:]*:.*"
"""ARNs of another account than the sandbox's, and ARNs without an account."""
GLOBAL = frozenset({"cloudfront", "globalaccelerator", "iam", "route53"})
"""The modules whose resources belong to no region."""


def token(kind: str) -> str:
    """Return the token of a type by its module and name ("ec2.KeyPair")."""
    module, _, name = kind.partition(".")
    return f"aws:{module}/{name[0].lower()}{name[1:]}:{name}"


@dataclass(frozen=True, slots=True)
class Link:
    """Inputs of some types that name a resource of one type. Types of the target's own module need no module."""

    to: str  # "apigateway.RestApi", or several
    path: str
    code: str
    types: str  # "Deployment Stage ecs.Service"
    by: str = "id"
    external: str | None = None
    also: Mapping[str, str] = field(default_factory=dict)
    in_use: str = ""  # the error code of a delete of the target, which the API refuses while the reference exists
    same: tuple[str, ...] = ()

    def references(self) -> Iterator[tuple[str, Reference]]:
        """Yield each type with its reference."""
        module = self.to.partition(".")[0]
        external = self.external or (_OTHER_ACCOUNT if self.by == "arn" else None)
        for kind in self.types.split():
            yield (
                token(kind if "." in kind else f"{module}.{kind}"),
                Reference(
                    path=self.path, to=tuple(map(token, self.to.split())), by=self.by, external=external,
                    also=self.also, same=self.same, same_region=module not in GLOBAL, code=self.code,
                    holds=bool(self.in_use), in_use=self.in_use, source=_SOURCE,
                ),
            )  # fmt: skip


_FUNCTION_CODE = "ResourceNotFoundException"
_FUNCTION_NAME = r"arn:.+|.+:.+"
_FUNCTION_ARN = rf"(?!arn:).*|arn:[^:]+:lambda:[^:]+:[^:]+:function:[^:]+:.+|{_OTHER_ACCOUNT}"
_OF_FUNCTION = (
    "Alias EventSourceMapping FunctionEventInvokeConfig FunctionRecursionConfig FunctionUrl Invocation"
    " ProvisionedConcurrencyConfig RuntimeManagementConfig"
)
_GROUPS: Mapping[str, str] = {VPC: "defaultSecurityGroupId", EKS_CLUSTER: "vpcConfig.clusterSecurityGroupId"}
_TABLES: Mapping[str, str] = {VPC: "mainRouteTableId"}
_ROOT: Mapping[str, str] = {"aws:apigateway/restApi:RestApi": "rootResourceId"}
_DEFAULT_BUS = r"default|arn:.+|aws\.partner/.+"
_BUCKET_SETTINGS = (
    "AccessPoint AnalyticsConfiguration BucketAccelerateConfiguration BucketIntelligentTieringConfiguration"
    " BucketMetadataConfiguration BucketMetric BucketObjectLockConfiguration BucketRequestPaymentConfiguration"
    " BucketWebsiteConfiguration Inventory"
)

LINKS: tuple[Link, ...] = (
    # API Gateway
    Link(
        "apigateway.RestApi", "restApi", "NotFoundException",
        "Authorizer BasePathMapping Deployment Integration IntegrationResponse Method MethodResponse MethodSettings"
        " Model RequestValidator Resource Stage",
    ),
    Link(
        "apigateway.RestApi", "restApiId", "NotFoundException",
        "DocumentationPart DocumentationVersion Response RestApiPolicy RestApiPut",
    ),
    Link("apigateway.Resource", "resourceId", "NotFoundException",
         "Integration IntegrationResponse Method MethodResponse", also=_ROOT),
    Link("apigateway.Resource", "parentId", "NotFoundException", "Resource", also=_ROOT),
    Link("apigateway.Deployment", "deployment", "NotFoundException", "Stage", in_use="BadRequestException",
         same=("restApi",)),
    Link("apigateway.Authorizer", "authorizerId", "NotFoundException", "Method", same=("restApi",)),
    Link("apigateway.RequestValidator", "requestValidatorId", "NotFoundException", "Method", same=("restApi",)),
    Link("apigateway.Stage", "stageName", "NotFoundException", "BasePathMapping MethodSettings", by="stageName",
         same=("restApi",)),
    Link("apigateway.ClientCertificate", "clientCertificateId", "NotFoundException", "Stage"),
    Link("apigateway.VpcLink", "connectionId", "NotFoundException", "Integration", external=r"\$\{stageVariables\..+"),
    Link("apigateway.DomainName", "domainName", "NotFoundException", "BasePathMapping", by="domainName"),
    Link("apigateway.UsagePlan", "usagePlanId", "NotFoundException", "UsagePlanKey"),
    Link("apigateway.ApiKey", "keyId", "NotFoundException", "UsagePlanKey"),
    Link("apigateway.RestApi", "apiStages[*].apiId", "NotFoundException", "UsagePlan"),
    Link("lb.LoadBalancer", "targetArn", "BadRequestException", "apigateway.VpcLink", by="arn"),
    Link("cognito.UserPool", "providerArns[*]", "BadRequestException", "apigateway.Authorizer", by="arn"),
    Link(
        "apigatewayv2.Api", "apiId", "NotFoundException",
        "ApiMapping Authorizer Deployment Integration IntegrationResponse Model Route RouteResponse Stage",
    ),
    Link("apigatewayv2.Authorizer", "authorizerId", "BadRequestException", "Route", in_use="ConflictException",
         same=("apiId",)),
    Link("apigatewayv2.DomainName", "domainName", "NotFoundException", "ApiMapping", by="domainName"),
    Link("apigatewayv2.Stage", "stage", "NotFoundException", "ApiMapping", by="name", same=("apiId",)),
    Link("apigatewayv2.VpcLink", "connectionId", "BadRequestException", "Integration"),
    Link("apigatewayv2.Integration", "integrationId", "NotFoundException", "IntegrationResponse"),
    Link("apigatewayv2.Route", "routeId", "NotFoundException", "RouteResponse"),
    # Auto Scaling
    Link(
        "autoscaling.Group", "autoscalingGroupName", "ValidationError",
        "Attachment LifecycleHook Policy Schedule Tag TrafficSourceAttachment", by="name",
    ),
    Link("autoscaling.Group", "groupNames[*]", "ValidationError", "Notification", by="name"),
    Link("sns.Topic", "topicArn", "ValidationError", "autoscaling.Notification", by="arn"),
    Link("lb.TargetGroup", "targetGroupArns[*]", "ValidationError", "autoscaling.Group", by="arn"),
    Link("lb.TargetGroup", "lbTargetGroupArn", "ValidationError", "autoscaling.Attachment", by="arn"),
    Link("ec2.LaunchTemplate", "launchTemplate.id", "ValidationError", "autoscaling.Group ec2.Instance"),
    Link("ec2.LaunchTemplate", "launchTemplate.name", "ValidationError", "autoscaling.Group ec2.Instance", by="name"),
    Link("ec2.LaunchConfiguration", "launchConfiguration", "ValidationError", "autoscaling.Group", by="name",
         in_use="ResourceInUse"),
    Link("ec2.PlacementGroup", "placementGroup", "ValidationError", "autoscaling.Group", by="name"),
    Link("ec2.LaunchTemplate", "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.launchTemplateName",
         "ValidationError", "autoscaling.Group", by="name"),
    Link("ec2.LaunchTemplate", "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.launchTemplateId",
         "ValidationError", "autoscaling.Group"),
    Link("s3.Bucket", "reportDeliveryChannel.s3BucketName", "InvalidParameterValueException", "backup.ReportPlan",
         by="bucket"),
    # Batch
    Link("batch.ComputeEnvironment", "computeEnvironmentOrders[*].computeEnvironment", "ClientException", "JobQueue",
         by="arn", in_use="ClientException"),
    Link("batch.SchedulingPolicy", "schedulingPolicyArn", "ClientException", "JobQueue", by="arn"),
    # CloudFront
    Link("cloudfront.PublicKey", "items[*]", "InvalidArgument", "KeyGroup", in_use="PublicKeyInUse"),
    Link(
        "cloudfront.KeyGroup", "defaultCacheBehavior.trustedKeyGroups[*]", "TrustedKeyGroupDoesNotExist",
        "Distribution", in_use="ResourceInUse",
    ),
    Link(
        "cloudfront.KeyGroup", "orderedCacheBehaviors[*].trustedKeyGroups[*]", "TrustedKeyGroupDoesNotExist",
        "Distribution", in_use="ResourceInUse",
    ),
    Link("cloudfront.RealtimeLogConfig", "defaultCacheBehavior.realtimeLogConfigArn", "NoSuchRealtimeLogConfig",
         "Distribution", by="arn", external=r"(?!arn:).*", in_use="RealtimeLogConfigInUse"),
    Link("cloudfront.FieldLevelEncryptionConfig", "defaultCacheBehavior.fieldLevelEncryptionId",
         "NoSuchFieldLevelEncryptionConfig", "Distribution", in_use="FieldLevelEncryptionConfigInUse"),
    Link("cloudfront.Distribution", "distributionId", "NoSuchDistribution", "MonitoringSubscription"),
    Link("cloudfront.KeyValueStore", "keyValueStoreAssociations[*]", "EntityNotFound", "Function", by="arn",
         in_use="CannotDeleteEntityWhileInUse"),
    Link("cloudfront.KeyValueStore", "keyValueStoreArn", "ResourceNotFoundException",
         "KeyvaluestoreKey KeyvaluestoreKeysExclusive", by="arn"),
    Link("cloudfront.ContinuousDeploymentPolicy", "continuousDeploymentPolicyId", "NoSuchContinuousDeploymentPolicy",
         "Distribution", in_use="ContinuousDeploymentPolicyInUse"),
    Link("kinesis.Stream", "endpoint.kinesisStreamConfig.streamArn", "InvalidArgument", "cloudfront.RealtimeLogConfig",
         by="arn"),
    # CloudTrail and CloudWatch
    Link("s3.Bucket", "s3BucketName", "S3BucketDoesNotExistException", "cloudtrail.Trail cfg.DeliveryChannel",
         by="bucket"),
    Link("cloudwatch.EventBus", "eventBusName", "ResourceNotFoundException", "EventBusPolicy EventPermission EventRule",
         by="name", external=_DEFAULT_BUS, in_use="ValidationException"),
    Link("cloudwatch.EventBus", "eventSourceArn", "ResourceNotFoundException", "EventArchive", by="arn",
         external=rf".*:event-bus/default|{_OTHER_ACCOUNT}"),
    Link("cloudwatch.EventConnection", "connectionArn", "ResourceNotFoundException", "EventApiDestination", by="arn",
         in_use="ConcurrentModificationException"),
    Link("cloudwatch.LogGroup", "logGroupName", "ResourceNotFoundException", "LogDataProtectionPolicy LogIndexPolicy",
         by="name", external=r"arn:.+"),
    Link("cloudwatch.LogGroup", "logGroup", "ResourceNotFoundException", "LogSubscriptionFilter", by="name",
         external=r"arn:.+"),
    Link(
        "lambda.Function kinesis.Stream kinesis.FirehoseDeliveryStream cloudwatch.LogDestination opensearch.Domain",
        "destinationArn", "InvalidParameterException", "cloudwatch.LogSubscriptionFilter", by="arn",
        external=rf"{_OTHER_ACCOUNT}|.+:function:[^:]+:.+",
    ),
    Link("kinesis.Stream kinesis.FirehoseDeliveryStream", "targetArn", "InvalidParameterException",
         "cloudwatch.LogDestination", by="arn"),
    Link("cloudwatch.LogDestination", "destinationName", "ResourceNotFoundException", "LogDestinationPolicy",
         by="name"),
    # CodeBuild, CodeDeploy, CodePipeline
    Link("codebuild.Project", "projectName", "ResourceNotFoundException", "Webhook", by="name"),
    Link("codedeploy.Application", "appName", "ApplicationDoesNotExistException", "DeploymentGroup", by="name"),
    Link("codedeploy.DeploymentConfig", "deploymentConfigName", "DeploymentConfigDoesNotExistException",
         "DeploymentGroup", by="deploymentConfigName", external=r"CodeDeployDefault\..+",
         in_use="DeploymentConfigInUseException"),
    Link("codepipeline.Pipeline", "targetPipeline", "PipelineNotFoundException", "Webhook", by="name"),
    # Cognito
    Link(
        "cognito.UserPool", "userPoolId", "ResourceNotFoundException",
        "IdentityProvider LogDeliveryConfiguration ManagedLoginBranding ManagedUserPoolClient ResourceServer"
        " RiskConfiguration User UserGroup UserInGroup UserPoolClient UserPoolUICustomization",
    ),
    Link("cognito.UserPool", "userPoolId", "ResourceNotFoundException", "UserPoolDomain",
         in_use="InvalidParameterException"),
    Link("cognito.UserPoolClient", "clientId", "ResourceNotFoundException",
         "ManagedLoginBranding RiskConfiguration UserPoolUICustomization", external="ALL"),
    Link("cognito.IdentityPool", "identityPoolId", "ResourceNotFoundException",
         "IdentityPoolProviderPrincipalTag IdentityPoolRoleAttachment"),
    Link("cognito.UserGroup", "groupName", "ResourceNotFoundException", "UserInGroup", by="name", same=("userPoolId",)),
    Link("cognito.User", "username", "UserNotFoundException", "UserInGroup", by="username", same=("userPoolId",)),
    # DynamoDB and Kinesis
    Link("dynamodb.Table", "tableName", "ResourceNotFoundException",
         "ContributorInsights GlobalSecondaryIndex KinesisStreamingDestination TableItem", by="name"),
    Link("kinesis.Stream", "streamArn", "ResourceNotFoundException",
         "StreamConsumer dynamodb.KinesisStreamingDestination", by="arn"),
    # EBS and EC2
    Link("ebs.Volume", "volumeId", "InvalidVolume.NotFound", "Snapshot"),
    Link("ebs.Volume", "volumeId", "InvalidVolume.NotFound", "ec2.VolumeAttachment", in_use="VolumeInUse"),
    Link("ebs.Snapshot ebs.SnapshotCopy", "snapshotId", "InvalidSnapshot.NotFound", "FastSnapshotRestore"),
    Link("ec2.Instance", "instanceId", "InvalidInstanceID.NotFound", "NetworkInterfaceAttachment VolumeAttachment"),
    Link("ec2.KeyPair", "keyName", "InvalidKeyPair.NotFound", "Instance LaunchConfiguration SpotInstanceRequest",
         by="keyName"),
    Link("ec2.PlacementGroup", "placementGroup", "InvalidPlacementGroup.Unknown", "Instance", by="name",
         in_use="InvalidPlacementGroup.InUse"),
    Link("iam.InstanceProfile", "iamInstanceProfile", "InvalidParameterValue", "ec2.Instance", by="name"),
    Link("ec2.NetworkInterface", "networkInterfaces[*].networkInterfaceId", "InvalidNetworkInterfaceID.NotFound",
         "Instance", in_use="InvalidParameterValue"),
    Link("ec2.NetworkAcl", "networkAclId", "InvalidNetworkAclID.NotFound", "NetworkAclRule NetworkAclAssociation",
         also={VPC: "defaultNetworkAclId"}),
    Link("ec2.Subnet", "subnetId", "InvalidSubnetID.NotFound",
         "NetworkAclAssociation SubnetCidrReservation SpotInstanceRequest VpcEndpointSubnetAssociation"
         " ec2transitgateway.InstanceConnectEndpoint"),
    Link("ec2.Subnet", "subnetIds[*]", "InvalidSubnetID.NotFound", "ec2transitgateway.VpcAttachment",
         in_use="DependencyViolation"),
    Link("ec2.InternetGateway", "internetGatewayId", "InvalidInternetGatewayID.NotFound", "InternetGatewayAttachment"),
    Link("ec2.Vpc", "vpcId", "InvalidVpcID.NotFound", "InternetGatewayAttachment VpnGatewayAttachment"
         " ec2transitgateway.VpcAttachment route53.ZoneAssociation route53.VpcAssociationAuthorization"),
    Link("ec2.Vpc", "vpcId", "InvalidVpcID.NotFound", "CarrierGateway VpnGateway VpcIpv6CidrBlockAssociation",
         in_use="DependencyViolation"),
    Link("ec2.NetworkInterface", "networkInterfaceId", "InvalidNetworkInterfaceID.NotFound",
         "EipAssociation NetworkInterfaceAttachment NetworkInterfacePermission"
         " NetworkInterfaceSecurityGroupAttachment"),
    Link("ec2.Eip", "allocationId", "InvalidAllocationID.NotFound", "EipDomainName NatGatewayEipAssociation"),
    Link("ec2.NatGateway", "natGatewayId", "NatGatewayNotFound", "NatGatewayEipAssociation"),
    Link("ec2.ManagedPrefixList", "prefixListId", "InvalidPrefixListID.NotFound", "ManagedPrefixListEntry"),
    Link("ec2.VpcEndpoint", "vpcEndpointId", "InvalidVpcEndpointId.NotFound",
         "SecurityGroupAssociation VpcEndpointPolicy VpcEndpointSubnetAssociation"),
    Link("ec2.VpcEndpointService", "vpcEndpointServiceId", "InvalidVpcEndpointServiceId.NotFound",
         "VpcEndpointConnectionAccepter VpcEndpointServiceAllowedPrinciple"),
    Link("lb.LoadBalancer", "networkLoadBalancerArns[*]", "InvalidParameter", "ec2.VpcEndpointService", by="arn",
         in_use="ResourceInUse"),
    Link("ec2.VpcPeeringConnection", "vpcPeeringConnectionId", "InvalidVpcPeeringConnectionID.NotFound",
         "PeeringConnectionOptions"),
    Link("ec2.CustomerGateway", "customerGatewayId", "InvalidCustomerGatewayID.NotFound", "VpnConnection",
         in_use="IncorrectState"),
    Link("ec2.VpnGateway", "vpnGatewayId", "InvalidVpnGatewayID.NotFound",
         "VpnConnection VpnGatewayAttachment VpnGatewayRoutePropagation"),
    Link("ec2.VpnConnection", "vpnConnectionId", "InvalidVpnConnectionID.NotFound", "VpnConnectionRoute"),
    Link("ec2.RouteTable", "routeTableId", "InvalidRouteTableID.NotFound", "VpnGatewayRoutePropagation", also=_TABLES),
    Link("ec2.Instance", "sourceInstanceId", "InvalidInstanceID.NotFound", "AmiFromInstance"),
    Link("ec2.VpcIpam", "ipamId", "InvalidIpamId.NotFound", "VpcIpamScope"),
    Link("ec2.VpcIpamPool", "ipamPoolId", "InvalidIpamPoolId.NotFound", "VpcIpamPoolCidr VpcIpamPoolCidrAllocation"),
    Link("ec2.SecurityGroup", "securityGroupId", "InvalidGroup.NotFound",
         "NetworkInterfaceSecurityGroupAttachment SecurityGroupAssociation vpc.SecurityGroupVpcAssociation",
         also=_GROUPS),
    Link("ec2.SecurityGroup", "securityGroups[*]", "InvalidGroup.NotFound", "LaunchConfiguration", also=_GROUPS),
    Link("ec2.SecurityGroup", "ingress[*].securityGroups[*]", "InvalidGroup.NotFound", "SecurityGroup", also=_GROUPS,
         external=r"[^/]+/sg-.+", in_use="DependencyViolation"),
    Link("ec2.SecurityGroup", "egress[*].securityGroups[*]", "InvalidGroup.NotFound", "SecurityGroup", also=_GROUPS,
         external=r"[^/]+/sg-.+", in_use="DependencyViolation"),
    # Transit gateways
    Link(
        "ec2transitgateway.TransitGateway", "transitGatewayId", "InvalidTransitGatewayID.NotFound",
        "Connect MulticastDomain PeeringAttachment RouteTable VpcAttachment", in_use="IncorrectState",
    ),
    Link("ec2transitgateway.TransitGateway", "transitGatewayId", "InvalidTransitGatewayID.NotFound",
         "ec2.Route ec2.VpnConnection"),
    Link(
        "ec2transitgateway.VpcAttachment ec2transitgateway.PeeringAttachment ec2transitgateway.Connect",
        "transitGatewayAttachmentId", "InvalidTransitGatewayAttachmentID.NotFound",
        "Route RouteTableAssociation RouteTablePropagation",
    ),
    Link("ec2transitgateway.RouteTable", "transitGatewayRouteTableId", "InvalidRouteTableID.NotFound",
         "PrefixListReference Route RouteTableAssociation RouteTablePropagation",
         also={"aws:ec2transitgateway/transitGateway:TransitGateway": "associationDefaultRouteTableId"}),
    # ECS, EFS, EKS
    Link("autoscaling.Group", "autoScalingGroupProvider.autoScalingGroupArn", "ClientException",
         "ecs.CapacityProvider", by="arn"),
    Link("efs.FileSystem", "sourceFileSystemId", "FileSystemNotFound", "ReplicationConfiguration"),
    Link("eks.Cluster", "clusterName", "ResourceNotFoundException", "FargateProfile IdentityProviderConfig", by="name",
         in_use="ResourceInUseException"),
    Link("ec2.Subnet", "subnetIds[*]", "InvalidParameterException", "eks.FargateProfile", in_use="DependencyViolation"),
    # ElastiCache and MemoryDB
    Link("ec2.Subnet", "subnetIds[*]", "InvalidParameterValue", "elasticache.ServerlessCache",
         in_use="DependencyViolation"),
    Link("ec2.Subnet", "subnetIds[*]", "InvalidSubnet", "memorydb.SubnetGroup", in_use="DependencyViolation"),
    Link("ec2.SecurityGroup", "securityGroupIds[*]", "InvalidParameterValue",
         "elasticache.ServerlessCache memorydb.Cluster", also=_GROUPS, in_use="DependencyViolation"),
    Link("elasticache.UserGroup", "userGroupId", "UserGroupNotFound", "ServerlessCache UserGroupAssociation"),
    Link("elasticache.User", "userId", "UserNotFound", "UserGroupAssociation"),
    Link("memorydb.SubnetGroup", "subnetGroupName", "SubnetGroupNotFoundFault", "Cluster", by="name",
         in_use="SubnetGroupInUseFault"),
    Link("memorydb.ParameterGroup", "parameterGroupName", "ParameterGroupNotFoundFault", "Cluster", by="name",
         external=r"default\..+", in_use="InvalidParameterGroupStateFault"),
    Link("memorydb.Acl", "aclName", "ACLNotFoundFault", "Cluster", by="name", external="open-access",
         in_use="InvalidACLStateFault"),
    Link("memorydb.User", "userNames[*]", "UserNotFoundFault", "Acl", by="userName", external="default"),
    Link("memorydb.Cluster", "clusterName", "ClusterNotFoundFault", "Snapshot", by="name"),
    Link("sns.Topic", "snsTopicArn", "SNSInvalidTopic",
         "dms.EventSubscription docdb.EventSubscription neptune.EventSubscription redshift.EventSubscription"
         " backup.VaultNotifications", by="arn"),
    Link("sns.Topic", "snsTopic", "SNSInvalidTopic", "rds.EventSubscription", by="arn"),
    Link("sns.Topic", "notificationTopicArn", "InvalidParameterValue", "elasticache.Cluster", by="arn"),
    # IAM
    Link("iam.User", "user", "NoSuchEntity",
         "AccessKey UserGroupMembership UserLoginProfile UserPolicy UserPolicyAttachment", by="name"),
    Link("iam.User", "userName", "NoSuchEntity", "ServiceSpecificCredential SigningCertificate", by="name"),
    Link("iam.User", "username", "NoSuchEntity", "SshKey", by="name"),
    Link("iam.User", "users[*]", "NoSuchEntity", "GroupMembership PolicyAttachment", by="name"),
    Link("iam.Group", "group", "NoSuchEntity", "GroupMembership GroupPolicy GroupPolicyAttachment", by="name"),
    Link("iam.Group", "groups[*]", "NoSuchEntity", "PolicyAttachment UserGroupMembership", by="name"),
    Link("iam.Role", "roles[*]", "NoSuchEntity", "PolicyAttachment", by="name"),
    Link("iam.Role", "iamRole", "ValidationException", "ssm.Activation", by="name", external=r"service-role/.+"),
    # KMS
    Link("s3.Bucket", "s3Destination.bucketName", "ResourceDataSyncInvalidConfigurationException",
         "ssm.ResourceDataSync", by="bucket"),
    Link("kms.Key kms.ReplicaKey kms.ExternalKey", "keyId", "NotFoundException", "KeyPolicy", external=r"arn:.+"),
    Link("kms.Key kms.ReplicaKey kms.ExternalKey", "keyId", "NotFoundException", "Ciphertext Grant",
         external=r"arn:.+|alias/.+"),
    # Lambda
    Link("lambda.Function", "functionName", _FUNCTION_CODE, _OF_FUNCTION, by="name", external=_FUNCTION_NAME),
    Link("lambda.Function", "functionName", _FUNCTION_CODE, _OF_FUNCTION, by="arn", external=_FUNCTION_ARN),
    Link("sqs.Queue kinesis.Stream kinesis.StreamConsumer msk.Cluster mq.Broker", "eventSourceArn",
         "InvalidParameterValueException", "lambda.EventSourceMapping", by="arn",
         also={"aws:dynamodb/table:Table": "streamArn", "aws:docdb/cluster:Cluster": "arn",
               "aws:msk/serverlessCluster:ServerlessCluster": "arn"}),
    Link("lambda.CodeSigningConfig", "codeSigningConfigArn", "CodeSigningConfigNotFoundException", "Function", by="arn",
         in_use="ResourceConflictException"),
    Link("lambda.LayerVersion", "layers[*]", "InvalidParameterValueException", "Function", by="arn"),
    Link("efs.AccessPoint", "fileSystemConfig.arn", "InvalidParameterValueException", "lambda.Function", by="arn",
         external=rf"arn:[^:]+:s3files:.+|{_OTHER_ACCOUNT}"),
    Link("sqs.Queue sns.Topic", "deadLetterConfig.targetArn", "InvalidParameterValueException", "lambda.Function",
         by="arn"),
    # Load balancers
    Link("lb.TargetGroup", "targetGroupArn", "TargetGroupNotFound", "TargetGroupAttachment", by="arn"),
    # Messaging
    Link("sqs.Queue", "queueUrl", "AWS.SimpleQueueService.NonExistentQueue",
         "QueuePolicy RedriveAllowPolicy RedrivePolicy"),
    Link("sns.Topic", "arn", "NotFound", "DataProtectionPolicy", by="arn"),
    # Route 53
    Link("route53.Zone", "zoneId", "NoSuchHostedZone", "QueryLog VpcAssociationAuthorization ZoneAssociation"),
    Link("route53.Zone", "hostedZoneId", "NoSuchHostedZone", "HostedZoneDnsSec KeySigningKey TrafficPolicyInstance"),
    Link("route53.ResolverEndpoint", "resolverEndpointId", "ResourceNotFoundException", "ResolverRule",
         in_use="InvalidRequestException"),
    Link("route53.ResolverRule", "resolverRuleId", "ResourceNotFoundException", "ResolverRuleAssociation",
         external=r"rslvr-autodefined-rr-.+", in_use="ResourceInUseException"),
    Link("route53.ResolverFirewallRuleGroup", "firewallRuleGroupId", "ResourceNotFoundException",
         "ResolverFirewallRule ResolverFirewallRuleGroupAssociation"),
    Link("route53.ResolverQueryLogConfig", "resolverQueryLogConfigId", "ResourceNotFoundException",
         "ResolverQueryLogConfigAssociation"),
    Link("ec2.Vpc", "vpcId", "ResourceNotFoundException",
         "route53.ResolverFirewallRuleGroupAssociation route53.ResolverRuleAssociation"),
    Link("ec2.Vpc", "vpcs[*].vpcId", "InvalidVPCId", "route53.Zone"),
    Link("ec2.Subnet", "ipAddresses[*].subnetId", "InvalidRequestException", "route53.ResolverEndpoint",
         in_use="DependencyViolation"),
    # RDS, DocumentDB, Neptune, Redshift
    Link("rds.Cluster", "clusterIdentifier", "DBClusterNotFoundFault", "ClusterEndpoint"),
    Link("rds.Cluster", "dbClusterIdentifier", "DBClusterNotFoundFault",
         "ClusterRoleAssociation ClusterSnapshot ProxyTarget ShardGroup"),
    Link("rds.Instance rds.ClusterInstance", "dbInstanceIdentifier", "DBInstanceNotFound", "RoleAssociation Snapshot",
         by="identifier"),
    Link("rds.Proxy", "dbProxyName", "DBProxyNotFoundFault", "ProxyDefaultTargetGroup ProxyEndpoint ProxyTarget",
         by="name"),
    Link("rds.OptionGroup", "optionGroupName", "OptionGroupNotFoundFault", "Instance", by="name",
         external=r"default:.+", in_use="InvalidOptionGroupStateFault"),
    Link("rds.ParameterGroup", "parameterGroupName", "DBParameterGroupNotFound", "Instance", by="name",
         external=r"default\..+", in_use="InvalidDBParameterGroupState"),
    Link("rds.ClusterParameterGroup", "dbClusterParameterGroupName", "DBClusterParameterGroupNotFound", "Cluster",
         by="name", external=r"default\..+", in_use="InvalidDBParameterGroupState"),
    Link("rds.GlobalCluster", "globalClusterIdentifier", "GlobalClusterNotFoundFault", "Cluster"),
    Link("ec2.Subnet", "vpcSubnetIds[*]", "InvalidSubnet", "rds.Proxy rds.ProxyEndpoint"),
    Link("ec2.Subnet", "subnetIds[*]", "InvalidSubnet",
         "dms.ReplicationSubnetGroup docdb.SubnetGroup neptune.SubnetGroup redshift.SubnetGroup",
         in_use="DependencyViolation"),
    Link("ec2.SecurityGroup", "vpcSecurityGroupIds[*]", "InvalidVPCNetworkStateFault",
         "dms.ReplicationInstance docdb.Cluster neptune.Cluster rds.Proxy redshift.Cluster", also=_GROUPS),
    Link("docdb.SubnetGroup rds.SubnetGroup", "dbSubnetGroupName", "DBSubnetGroupNotFoundFault", "Cluster", by="name",
         in_use="InvalidDBSubnetGroupStateFault"),
    Link("docdb.ClusterParameterGroup", "dbClusterParameterGroupName", "DBClusterParameterGroupNotFound", "Cluster",
         by="name", external=r"default\..+", in_use="InvalidDBParameterGroupState"),
    Link("docdb.Cluster", "clusterIdentifier", "DBClusterNotFoundFault", "ClusterInstance",
         in_use="InvalidDBClusterStateFault"),
    Link("docdb.Cluster", "dbClusterIdentifier", "DBClusterNotFoundFault", "ClusterSnapshot"),
    Link("neptune.SubnetGroup", "neptuneSubnetGroupName", "DBSubnetGroupNotFoundFault", "Cluster ClusterInstance",
         by="name", in_use="InvalidDBSubnetGroupStateFault"),
    Link("neptune.Cluster", "clusterIdentifier", "DBClusterNotFoundFault", "ClusterEndpoint ClusterInstance",
         in_use="InvalidDBClusterStateFault"),
    Link("redshift.SubnetGroup", "clusterSubnetGroupName", "ClusterSubnetGroupNotFoundFault", "Cluster", by="name",
         in_use="InvalidClusterSubnetGroupStateFault"),
    Link("redshift.ParameterGroup", "clusterParameterGroupName", "ClusterParameterGroupNotFound", "Cluster", by="name",
         external=r"default\..+", in_use="InvalidClusterParameterGroupState"),
    Link("redshift.Cluster", "clusterIdentifier", "ClusterNotFound",
         "ClusterIamRoles ClusterSnapshot EndpointAccess Logging Partner SnapshotCopy UsageLimit"),
    # S3
    Link("s3.Bucket", "bucket", "NoSuchBucket", _BUCKET_SETTINGS, by="bucket", external=r"arn:.+|.+--x-s3"),
    # Secrets Manager, Systems Manager
    Link("ssm.MaintenanceWindow", "windowId", "DoesNotExistException",
         "MaintenanceWindowTarget MaintenanceWindowTask"),
    Link("ssm.PatchBaseline", "baselineId", "DoesNotExistException", "PatchGroup", external=r"arn:.+"),
    Link("ssm.Document", "name", "InvalidDocument", "Association", by="name", external=r"AWS.+|arn:.+|Amazon.+"),
    *(
        Link("lambda.Function", f"lambdaConfig.{trigger}", "InvalidParameterException", "cognito.UserPool", by="arn",
             external=_FUNCTION_ARN)
        for trigger in (
            "createAuthChallenge", "customMessage", "defineAuthChallenge", "postAuthentication", "postConfirmation",
            "preAuthentication", "preSignUp", "preTokenGeneration", "userMigration", "verifyAuthChallengeResponse",
        )
    ),
    # Service discovery, Step Functions
    Link(
        "servicediscovery.HttpNamespace servicediscovery.PrivateDnsNamespace servicediscovery.PublicDnsNamespace",
        "namespaceId", "NamespaceNotFound", "servicediscovery.Service", in_use="ResourceInUse",
    ),
    Link(
        "servicediscovery.HttpNamespace servicediscovery.PrivateDnsNamespace servicediscovery.PublicDnsNamespace",
        "dnsConfig.namespaceId", "NamespaceNotFound", "servicediscovery.Service", in_use="ResourceInUse",
    ),
    Link("servicediscovery.Service", "serviceId", "ServiceNotFound", "Instance", in_use="ResourceInUse"),
    # Others
    Link("acmpca.CertificateAuthority", "certificateAuthorityArn", "ResourceNotFoundException",
         "Certificate CertificateAuthorityCertificate Permission acm.Certificate", by="arn"),
    Link("amplify.App", "appId", "NotFoundException", "BackendEnvironment Branch DomainAssociation Webhook"),
    Link("amplify.Branch", "branchName", "NotFoundException", "Webhook", by="branchName", same=("appId",)),
    Link("appconfig.Application", "applicationId", "ResourceNotFoundException",
         "ConfigurationProfile Deployment Environment HostedConfigurationVersion"),
    Link("apprunner.Service", "serviceArn", "ResourceNotFoundException",
         "CustomDomainAssociation Deployment VpcIngressConnection", by="arn"),
    Link("apprunner.AutoScalingConfigurationVersion", "autoScalingConfigurationArn", "ResourceNotFoundException",
         "Service DefaultAutoScalingConfigurationVersion", by="arn"),
    Link("ec2.Subnet", "subnets[*]", "InvalidRequestException", "apprunner.VpcConnector"),
    Link("ec2.SecurityGroup", "securityGroups[*]", "InvalidRequestException", "apprunner.VpcConnector", also=_GROUPS),
    Link("appsync.GraphQLApi", "apiId", "NotFoundException", "ApiCache ApiKey DataSource Function Resolver Type"),
    Link("appsync.DataSource", "dataSource", "NotFoundException", "Function Resolver", by="name", same=("apiId",)),
    Link("appsync.Api", "apiId", "NotFoundException", "ChannelNamespace"),
    Link("athena.Workgroup", "workgroup", "InvalidRequestException", "NamedQuery PreparedStatement", by="name",
         external="primary"),
    Link("backup.Vault backup.LogicallyAirGappedVault", "backupVaultName", "ResourceNotFoundException",
         "VaultLockConfiguration VaultNotifications VaultPolicy", by="name", external="Default"),
    Link("cfg.Rule", "configRuleName", "NoSuchConfigRuleException", "RemediationConfiguration", by="name"),
    Link("cfg.Recorder", "name", "NoSuchConfigurationRecorderException", "RecorderStatus", by="name"),
    Link("datasync.S3Location datasync.EfsLocation datasync.NfsLocation datasync.LocationSmb"
         " datasync.LocationObjectStorage datasync.LocationFsxLustre datasync.LocationFsxWindows datasync.LocationHdfs"
         " datasync.LocationAzureBlob datasync.LocationFsxOntapFileSystem datasync.FsxOpenZfsFileSystem",
         "sourceLocationArn", "InvalidRequestException", "Task", by="arn"),
    Link("dms.ReplicationInstance", "replicationInstanceArn", "ResourceNotFoundFault", "ReplicationTask",
         by="replicationInstanceArn", in_use="InvalidResourceStateFault"),
    Link("dms.Endpoint dms.S3Endpoint", "sourceEndpointArn", "ResourceNotFoundFault", "ReplicationTask",
         by="endpointArn", in_use="InvalidResourceStateFault"),
    Link("dms.Endpoint dms.S3Endpoint", "targetEndpointArn", "ResourceNotFoundFault", "ReplicationTask",
         by="endpointArn", in_use="InvalidResourceStateFault"),
    Link("emr.Cluster", "clusterId", "InvalidRequestException", "InstanceFleet InstanceGroup ManagedScalingPolicy"),
    Link("globalaccelerator.Accelerator", "acceleratorArn", "AcceleratorNotFoundException", "Listener", by="arn",
         in_use="AssociatedListenerFoundException"),
    Link("globalaccelerator.Listener", "listenerArn", "ListenerNotFoundException", "EndpointGroup", by="arn",
         in_use="AssociatedEndpointGroupFoundException"),
    Link("glue.CatalogDatabase", "databaseName", "EntityNotFoundException", "CatalogTable Crawler Partition", by="name",
         external=r"default|arn:.+"),
    Link("glue.CatalogTable", "tableName", "EntityNotFoundException", "Partition PartitionIndex", by="name",
         same=("databaseName",)),
    Link("iot.Policy", "policy", "ResourceNotFoundException", "PolicyAttachment", by="name",
         in_use="DeleteConflictException"),
    Link("iot.Thing", "thing", "ResourceNotFoundException", "ThingPrincipalAttachment", by="name"),
    Link("iot.Certificate", "principal", "ResourceNotFoundException", "ThingPrincipalAttachment", by="arn",
         in_use="DeleteConflictException", external=r"(?!arn:[^:]+:iot:).*"),
    Link("memorydb.User", "userNames[*]", "UserNotFoundFault", "Acl", by="userName", in_use="InvalidUserStateFault",
         external="default"),
    Link("s3.Bucket", "bucketName", "BucketNotFoundFault", "redshift.Logging", by="bucket"),
    Link("directoryservice.Directory", "domain", "InvalidParameterValue", "rds.Instance rds.Cluster",
         external=r"(?!d-).*"),
    Link("sns.Topic", "snsTopicName", "InvalidSnsTopicNameException", "cloudtrail.Trail", by="name",
         external=r"arn:.+"),
    Link("codeartifact.Repository", "upstreams[*].repositoryName", "ResourceNotFoundException", "Repository",
         by="repository"),
    Link("datasync.S3Location datasync.EfsLocation datasync.NfsLocation datasync.LocationSmb"
         " datasync.LocationObjectStorage datasync.LocationFsxLustre datasync.LocationFsxWindows datasync.LocationHdfs"
         " datasync.LocationAzureBlob datasync.LocationFsxOntapFileSystem datasync.FsxOpenZfsFileSystem",
         "destinationLocationArn", "InvalidRequestException", "Task", by="arn"),
    Link("rds.Instance rds.ClusterInstance", "staticMembers[*]", "DBInstanceNotFound", "ClusterEndpoint",
         by="identifier"),
    Link("rds.Instance rds.ClusterInstance", "excludedMembers[*]", "DBInstanceNotFound", "ClusterEndpoint",
         by="identifier"),
    Link("rds.Instance rds.ClusterInstance", "dbInstanceIdentifier", "DBInstanceNotFoundFault", "ProxyTarget",
         by="identifier"),
    Link("s3.Bucket", "s3Actions[*].bucketName", "InvalidS3Configuration", "ses.ReceiptRule", by="bucket"),
    Link("codeartifact.Domain", "domain", "ResourceNotFoundException", "DomainPermissions Repository", by="domain",
         in_use="ConflictException"),
    Link("codeartifact.Repository", "repository", "ResourceNotFoundException", "RepositoryPermissionsPolicy",
         by="repository", same=("domain",)),
    Link("elasticbeanstalk.Application", "application", "InvalidParameterValue",
         "ApplicationVersion ConfigurationTemplate Environment", by="name"),
    Link("s3.Bucket", "bucket", "InvalidRequestException", "athena.Database", by="bucket"),
    Link("s3.Bucket", "s3BucketArn", "InvalidRequestException", "datasync.S3Location", by="arn"),
    Link("s3.Bucket", "bucket", "InvalidParameterValue", "elasticbeanstalk.ApplicationVersion", by="id"),
    Link("s3.Bucket", "sourceBucketArn", "ValidationException", "mwaa.Environment", by="arn"),
    Link("s3.Bucket", "destinationArn", "BadRequestException", "guardduty.PublishingDestination", by="arn"),
    Link("cloudwatch.LogGroup", "loggingInfo.brokerLogs.cloudwatchLogs.logGroup", "BadRequestException", "msk.Cluster",
         by="name"),
    Link("glue.Registry", "registryArn", "EntityNotFoundException", "Schema", by="arn"),
    Link("glue.Workflow", "workflowName", "EntityNotFoundException", "Trigger", by="name"),
    Link("glue.Job", "actions[*].jobName", "EntityNotFoundException", "Trigger", by="name"),
    Link("grafana.Workspace", "workspaceId", "ResourceNotFoundException",
         "RoleAssociation WorkspaceApiKey WorkspaceSamlConfiguration WorkspaceServiceAccount"),
    Link("guardduty.Detector", "detectorId", "BadRequestException",
         "DetectorFeature Filter IPSet Member PublishingDestination ThreatIntelSet"),
    Link("msk.Cluster", "clusterArn", "NotFoundException", "ClusterPolicy ScramSecretAssociation", by="arn",
         also={"aws:msk/serverlessCluster:ServerlessCluster": "arn"}),
    Link("msk.Configuration", "configurationInfo.arn", "BadRequestException", "Cluster", by="arn",
         in_use="BadRequestException"),
    Link("networkfirewall.FirewallPolicy", "firewallPolicyArn", "ResourceNotFoundException", "Firewall", by="arn",
         in_use="InvalidOperationException"),
    Link("networkfirewall.Firewall", "firewallArn", "ResourceNotFoundException", "LoggingConfiguration", by="arn"),
    Link("networkfirewall.RuleGroup", "firewallPolicy.statefulRuleGroupReferences[*].resourceArn",
         "ResourceNotFoundException", "FirewallPolicy", by="arn", in_use="InvalidOperationException",
         external=rf"arn:[^:]*:network-firewall:[^:]*:aws-managed:.+|{_OTHER_ACCOUNT}"),
    Link("networkfirewall.RuleGroup", "firewallPolicy.statelessRuleGroupReferences[*].resourceArn",
         "ResourceNotFoundException", "FirewallPolicy", by="arn", in_use="InvalidOperationException"),
    Link("opensearch.Domain", "domainName", "ResourceNotFoundException",
         "DomainPolicy DomainSamlOptions PackageAssociation", by="domainName"),
    Link("ram.ResourceShare", "resourceShareArn", "UnknownResourceException",
         "PrincipalAssociation ResourceAssociation", by="arn"),
    Link("ses.ReceiptRuleSet", "ruleSetName", "RuleSetDoesNotExist", "ActiveReceiptRuleSet ReceiptRule",
         by="ruleSetName"),
    Link("ses.ConfigurationSet", "configurationSetName", "ConfigurationSetDoesNotExist", "EventDestination", by="name"),
    Link("sesv2.ConfigurationSet", "configurationSetName", "NotFoundException",
         "ConfigurationSetEventDestination EmailIdentity", by="configurationSetName"),
    Link("sesv2.EmailIdentity", "emailIdentity", "NotFoundException",
         "EmailIdentityFeedbackAttributes EmailIdentityMailFromAttributes EmailIdentityPolicy", by="emailIdentity"),
    Link("transfer.Server", "serverId", "ResourceNotFoundException", "Access Agreement HostKey SshKey User"),
    Link("transfer.User", "userName", "ResourceNotFoundException", "SshKey", by="userName", same=("serverId",)),
    Link("vpclattice.ServiceNetwork", "serviceNetworkIdentifier", "ResourceNotFoundException",
         "ServiceNetworkServiceAssociation ServiceNetworkVpcAssociation", external=r"arn:.+",
         in_use="ConflictException"),
    Link("vpclattice.Service", "serviceIdentifier", "ResourceNotFoundException",
         "Listener ListenerRule ServiceNetworkServiceAssociation", external=r"arn:.+", in_use="ConflictException"),
    Link("vpclattice.TargetGroup", "targetGroupIdentifier", "ResourceNotFoundException", "TargetGroupAttachment",
         external=r"arn:.+"),
    Link("ec2.Vpc", "vpcIdentifier", "ResourceNotFoundException", "vpclattice.ServiceNetworkVpcAssociation"),
    Link("wafv2.WebAcl", "webAclArn", "WAFNonexistentItemException", "WebAclRule WebAclRuleGroupAssociation", by="arn"),
)  # fmt: skip


def _behaviours() -> Iterator[Behaviour]:
    found: dict[str, list[Reference]] = {}
    for link in LINKS:
        for type, reference in link.references():
            found.setdefault(type, []).append(reference)
    for type, references in found.items():
        yield Behaviour(type=type, source=_SOURCE, references=tuple(references))


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = tuple(_behaviours())
