"""What Terraform's AWS provider treats as no change: kept values, default values and equal JSON texts, by type.

The registry merges these facts into the behaviour rows. Most types are written with the Terraform plugin SDK, which
compares the state with the program's inputs: a removed input that is optional and computed keeps its value, one that
has a default returns to it, and every other one becomes empty. So the removal of an empty value, or the addition of
the default, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..behaviour import Behaviour, Source, documented
from .sources import RECORDED, schema_of

_READ = "2026-11-28"

PLUGIN_SDK = documented(
    "https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/schema/schema.go (diffString, diffList,"
    " diffMap, diffSet)",
    read=_READ,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderSchema:
    """The optional inputs of one type: which keep their value, and which have a default."""

    source: Source
    keeps: frozenset[str] = frozenset()
    """Optional and computed inputs, by property path without indexes."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Default values of optional inputs, by property path without indexes."""


def _schema(source: Source, *keeps: str, defaults: Mapping[str, Any] | None = None) -> ProviderSchema:
    return ProviderSchema(source=source, keeps=frozenset(keeps), defaults=defaults or {})


PROVIDER_SCHEMAS: Mapping[str, ProviderSchema] = {
    "aws:acm/certificate:Certificate": _schema(
        schema_of("acm/certificate.go"),
        "domainName",
        "keyAlgorithm",
        "options",
        "subjectAlternativeNames",
        "validationMethod",
        defaults={"options.certificateTransparencyLoggingPreference": "ENABLED"},
    ),
    "aws:appautoscaling/scheduledAction:ScheduledAction": _schema(
        schema_of("appautoscaling/scheduled_action.go"), defaults={"timezone": "UTC"}
    ),
    "aws:appautoscaling/target:Target": _schema(RECORDED, "roleArn"),
    "aws:backup/selection:Selection": _schema(schema_of("backup/selection.go"), "conditions", "notResources"),
    "aws:backup/vault:Vault": _schema(RECORDED, "kmsKeyArn"),
    "aws:budgets/budget:Budget": _schema(RECORDED, "accountId", "costTypes"),
    "aws:cloudfront/originAccessControl:OriginAccessControl": _schema(schema_of("cloudfront/origin_access_control.go")),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _schema(
        schema_of("cloudwatch/composite_alarm.go"), defaults={"actionsEnabled": True}
    ),
    "aws:cloudwatch/eventTarget:EventTarget": _schema(RECORDED, "targetId"),
    "aws:cloudwatch/logDelivery:LogDelivery": _schema(
        schema_of("logs/delivery.go"), "fieldDelimiter", "recordFields", "s3DeliveryConfigurations"
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _schema(RECORDED, "evaluateLowSampleCountPercentiles"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _schema(RECORDED, "vpcId"),
    "aws:ec2/eip:Eip": _schema(
        schema_of("ec2/ec2_eip.go"),
        "domain",
        "instance",
        "ipamPoolId",
        "networkBorderGroup",
        "networkInterface",
        "publicIpv4Pool",
    ),
    "aws:ec2/eipAssociation:EipAssociation": _schema(
        schema_of("ec2/ec2_eip_association.go"),
        "allocationId",
        "instanceId",
        "networkInterfaceId",
        "privateIpAddress",
        "publicIp",
    ),
    "aws:ec2/flowLog:FlowLog": _schema(RECORDED, "logDestination", "logFormat"),
    "aws:ec2/instance:Instance": _schema(
        RECORDED,
        "associatePublicIpAddress",
        "availabilityZone",
        "hostId",
        "ipv6AddressCount",
        "ipv6Addresses",
        "keyName",
        "metadataOptions",
        "placementGroup",
        "privateIp",
        "rootBlockDevice",
        "secondaryPrivateIps",
        "securityGroups",
        "subnetId",
        "tenancy",
        "vpcSecurityGroupIds",
    ),
    "aws:ec2/natGateway:NatGateway": _schema(
        schema_of("ec2/vpc_nat_gateway.go"),
        "privateIp",
        "secondaryPrivateIpAddressCount",
        "secondaryPrivateIpAddresses",
        defaults={"connectivityType": "public"},
    ),
    "aws:ec2/networkAcl:NetworkAcl": _schema(RECORDED, "egress", "ingress", "subnetIds"),
    "aws:ec2/routeTable:RouteTable": _schema(RECORDED, "propagatingVgws", "routes"),
    "aws:ec2/securityGroup:SecurityGroup": _schema(RECORDED, "egress", "ingress", "vpcId"),
    "aws:ec2/securityGroupRule:SecurityGroupRule": _schema(RECORDED, "sourceSecurityGroupId"),
    "aws:ec2/subnet:Subnet": _schema(RECORDED, "availabilityZone", "availabilityZoneId"),
    "aws:ec2/vpc:Vpc": _schema(RECORDED, "enableDnsHostnames"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _schema(RECORDED, "policy", "routeTableIds", "securityGroupIds", "subnetIds"),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": _schema(
        RECORDED, "accepter", "peerOwnerId", "peerRegion", "requester"
    ),
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": _schema(RECORDED, "accepter", "requester"),
    "aws:ecs/cluster:Cluster": _schema(RECORDED, "settings"),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": _schema(
        schema_of("ecs/cluster_capacity_providers.go")
    ),
    "aws:ecs/service:Service": _schema(
        schema_of("ecs/service.go"),
        "cluster",
        "iamRole",
        "launchType",
        "platformVersion",
        "triggers",
        defaults={
            "deploymentController.type": "ECS",
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "networkConfiguration.assignPublicIp": False,
            "propagateTags": "NONE",
            "schedulingStrategy": "REPLICA",
        },
    ),
    "aws:ecs/taskDefinition:TaskDefinition": _schema(RECORDED, "networkMode"),
    "aws:elasticache/cluster:Cluster": _schema(
        RECORDED,
        "applyImmediately",
        "availabilityZone",
        "azMode",
        "engine",
        "engineVersion",
        "maintenanceWindow",
        "nodeType",
        "numCacheNodes",
        "parameterGroupName",
        "port",
        "replicationGroupId",
        "securityGroupIds",
        "snapshotWindow",
        "subnetGroupName",
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": _schema(
        schema_of("elasticache/replication_group.go"),
        "applyImmediately",
        "atRestEncryptionEnabled",
        "autoMinorVersionUpgrade",
        "clusterMode",
        "dataTieringEnabled",
        "engine",
        "engineVersion",
        "globalReplicationGroupId",
        "ipDiscovery",
        "maintenanceWindow",
        "networkType",
        "nodeType",
        "numCacheClusters",
        "numNodeGroups",
        "parameterGroupName",
        "replicasPerNodeGroup",
        "securityGroupIds",
        "securityGroupNames",
        "snapshotWindow",
        "subnetGroupName",
        "transitEncryptionEnabled",
        "transitEncryptionMode",
        defaults={"automaticFailoverEnabled": False, "multiAzEnabled": False, "port": 6379},
    ),
    "aws:elasticache/user:User": _schema(schema_of("elasticache/user.go"), "authenticationMode"),
    "aws:kms/key:Key": _schema(
        schema_of("kms/key.go"),
        "description",
        "multiRegion",
        "policy",
        "rotationPeriodInDays",
        defaults={"customerMasterKeySpec": "SYMMETRIC_DEFAULT", "isEnabled": True, "keyUsage": "ENCRYPT_DECRYPT"},
    ),
    "aws:lambda/function:Function": _schema(RECORDED, "sourceCodeHash", "tracingConfig"),
    "aws:lambda/permission:Permission": _schema(RECORDED, "statementId"),
    "aws:lb/listener:Listener": _schema(RECORDED, "sslPolicy"),
    "aws:lb/listenerRule:ListenerRule": _schema(schema_of("elbv2/listener_rule.go"), "priority"),
    "aws:lb/loadBalancer:LoadBalancer": _schema(
        RECORDED, "internal", "ipAddressType", "securityGroups", "subnetMappings", "subnets"
    ),
    "aws:lb/targetGroup:TargetGroup": _schema(
        schema_of("elbv2/target_group.go"),
        "connectionTermination",
        "healthCheck",
        "ipAddressType",
        "loadBalancingAlgorithmType",
        "loadBalancingAnomalyMitigation",
        "loadBalancingCrossZoneEnabled",
        "preserveClientIp",
        "protocolVersion",
        "stickiness",
        "targetFailovers",
        "targetGroupHealth",
        "targetHealthStates",
        "healthCheck.matcher",
        "healthCheck.path",
        "healthCheck.timeout",
        defaults={
            "deregistrationDelay": 300,
            "healthCheck.enabled": True,
            "healthCheck.healthyThreshold": 3,
            "healthCheck.interval": 30,
            "healthCheck.port": "traffic-port",
            "healthCheck.protocol": "HTTP",
            "healthCheck.unhealthyThreshold": 3,
            "stickiness.cookieDuration": 86400,
            "stickiness.enabled": True,
            "targetType": "instance",
        },
    ),
    "aws:route53/healthCheck:HealthCheck": _schema(
        schema_of("route53/health_check.go"), "enableSni", "failureThreshold", "triggers"
    ),
    "aws:s3/bucketObject:BucketObject": _schema(
        RECORDED, "contentType", "etag", "serverSideEncryption", "storageClass"
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": _schema(
        RECORDED, "contentType", "etag", "serverSideEncryption", "storageClass"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _schema(
        schema_of("s3/bucket_versioning.go"), "versioningConfiguration.mfaDelete"
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": _schema(
        schema_of("secretsmanager/secret_rotation.go"), defaults={"rotateImmediately": True}
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": _schema(RECORDED, "versionStages"),
    "aws:sns/topic:Topic": _schema(RECORDED, "policy"),
    "aws:sqs/queue:Queue": _schema(
        schema_of("sqs/queue.go"),
        "deduplicationScope",
        "fifoThroughputLimit",
        "kmsDataKeyReusePeriodSeconds",
        "policy",
        "redriveAllowPolicy",
        "redrivePolicy",
        "sqsManagedSseEnabled",
    ),
}
"""The optional inputs of the types that have any; the sources of replacing inputs are in the behaviour rows."""

FRAMEWORK_TYPES = frozenset(
    {
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "aws:backup/restoreTestingSelection:RestoreTestingSelection",
        "aws:cloudfront/vpcOrigin:VpcOrigin",
        "aws:cloudwatch/logDelivery:LogDelivery",
        "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        "aws:cloudwatch/logDeliverySource:LogDeliverySource",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }
)
"""The types that are written with the Terraform plugin framework, where an absent value differs from an empty one."""
FRAMEWORK_SOURCE = documented("@FrameworkResource in each type's file of terraform-provider-aws", read="2026-11-28")

POLICY_INPUTS = frozenset({"assumeRolePolicy", "policy"})
"""Inputs that the provider compares as IAM policies: the order of lists, and lists of one value, do not matter."""
JSON_INPUTS = POLICY_INPUTS | {"containerDefinitions", "dashboardBody", "eventPattern", "filterPolicy", "ruleJson"}
"""Inputs whose JSON text the provider compares by value, so that white space and the order of keys do not matter."""
JSON_SOURCE = documented("DiffSuppressFunc or StateFunc of each input in terraform-provider-aws", read="2026-11-28")


def _complete(row: Behaviour) -> Behaviour:
    """Return a row with what its provider treats as no change."""
    known = PROVIDER_SCHEMAS.get(row.type)
    return replace(
        row,
        keeps=row.keeps | (known.keeps if known else frozenset[str]()),
        defaults={**(known.defaults if known else {}), **row.defaults},
        empty_is_absent=row.type not in FRAMEWORK_TYPES,
        json_inputs=row.json_inputs | JSON_INPUTS,
        policy_inputs=row.policy_inputs | POLICY_INPUTS,
    )


COMPLETE_ROW = _complete
