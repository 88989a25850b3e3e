"""Price rules for AWS: fixed monthly cost, cost by usage, and free types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .rules import PricedResource, PriceRule, Quantity, each

_TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
_REPLICATION_GROUP: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_BOTS: Final = "AWSManagedRulesBotControlRuleSet"
_CPU_UNITS, _MIB = 1024, 1024


def _load_balancer(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    yield "alb", 1
    if not resource.inputs.get("internal"):
        yield "ipv4", len(resource.inputs["subnets"])


def _service(resource: PricedResource, program: Sequence[PricedResource]) -> Iterator[Quantity]:
    """Yield the minimum number of tasks, with the size in its component's task definition."""
    tasks = float(resource.inputs["desiredCount"])
    task = next(other for other in program if other.type == _TASK_DEFINITION and other.siblings == resource.siblings)
    yield "fargate-vcpu", tasks * float(task.inputs["cpu"]) / _CPU_UNITS
    yield "fargate-gb", tasks * float(task.inputs["memory"]) / _MIB
    if resource.inputs["networkConfiguration"].get("assignPublicIp"):
        yield "ipv4", tasks


def _endpoint(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    if resource.inputs.get("vpcEndpointType") == "Interface":
        yield "endpoint", len(resource.inputs["subnetIds"])


def _cache(resource: PricedResource, program: Sequence[PricedResource]) -> Iterator[Quantity]:
    # A secondary of a Global Datastore has engine, node type and shards of the primary.
    inputs = {**_primary_cache(program), **resource.inputs} if "nodeType" not in resource.inputs else resource.inputs
    nodes = inputs.get("numCacheClusters") or inputs["numNodeGroups"] * (1 + inputs["replicasPerNodeGroup"])
    yield f"{inputs.get('engine', 'redis')}-{inputs['nodeType']}", float(nodes)


def _primary_cache(program: Sequence[PricedResource]) -> Mapping[str, Any]:
    """Return the inputs of the first replication group of the program that has a node type."""
    groups = (other.inputs for other in program if other.type == _REPLICATION_GROUP)
    return next(inputs for inputs in groups if "nodeType" in inputs)


def _secret(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    """Yield the secret and its replicas: AWS charges each as a secret (from memory)."""
    yield "secret", 1 + len(resource.inputs.get("replicas") or ())


def _instance(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    yield f"nat-instance-{resource.inputs['instanceType']}", 1


def _acl(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    rules: Sequence[Mapping[str, Any]] = resource.inputs.get("rules", ())
    yield "acl", 1
    yield "acl-rule", len(rules)
    if any(_managed_group(rule) == _BOTS for rule in rules):
        yield "bots", 1


def _managed_group(rule: Mapping[str, Any]) -> str | None:
    return rule["statement"].get("managedRuleGroupStatement", {}).get("name")


def _alarm(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    queries: Sequence[Mapping[str, Any]] = resource.inputs.get("metricQueries", ())
    yield "alarm", sum("metric" in query for query in queries) or 1


def _health_check(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    inputs = resource.inputs
    kind = str(inputs["type"])
    options = ("HTTPS" in kind, "STR_MATCH" in kind, inputs.get("measureLatency"), inputs.get("requestInterval") == 10)
    yield "health-check", 1
    yield "health-check-option", sum(bool(option) for option in options)


def _scaling(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    """Application Auto Scaling makes two alarms for a target that it tracks (from memory)."""
    if resource.inputs.get("policyType") == "TargetTrackingScaling":
        yield "alarm", 2


RULES: Final[Mapping[str, PriceRule]] = {
    "aws:appautoscaling/policy:Policy": PriceRule(fixed="two alarms a target", count=_scaling),
    "aws:backup/plan:Plan": PriceRule(by_use=("region-gb",)),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": PriceRule(by_use=("backup-restored-gb",)),
    "aws:backup/vault:Vault": PriceRule(by_use=("backup-gb",)),
    "aws:cloudfront/distribution:Distribution": PriceRule(by_use=("cdn-gb", "cdn-requests-us", "cdn-requests-eu")),
    "aws:cloudfront/function:Function": PriceRule(by_use=("cdn-function",)),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": PriceRule(fixed="each", count=each("composite-alarm")),
    "aws:cloudwatch/dashboard:Dashboard": PriceRule(fixed="each", count=each("dashboard")),
    "aws:cloudwatch/logGroup:LogGroup": PriceRule(by_use=("log-gb", "log-kept-gb", "log-query-gb")),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": PriceRule(by_use=("metric",)),
    "aws:cloudwatch/metricAlarm:MetricAlarm": PriceRule(fixed="each metric in it", count=_alarm),
    "aws:ec2/eip:Eip": PriceRule(fixed="each address", count=each("ipv4")),
    "aws:ec2/instance:Instance": PriceRule(fixed="by its type", count=_instance, by_use=("internet-gb",)),
    "aws:ec2/natGateway:NatGateway": PriceRule(fixed="each", count=each("nat"), by_use=("nat-gb", "internet-gb")),
    "aws:ec2/vpcEndpoint:VpcEndpoint": PriceRule(
        fixed="an interface endpoint by its zones; gateway endpoints are free", count=_endpoint, by_use=("endpoint-gb",)
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": PriceRule(by_use=("region-gb", "image-gb")),
    "aws:ecr/repository:Repository": PriceRule(by_use=("image-gb",)),
    "aws:ecs/cluster:Cluster": PriceRule(by_use=("metric",)),
    "aws:ecs/service:Service": PriceRule(
        fixed="its tasks, by vCPU and GB of memory, and their public addresses", count=_service
    ),
    "aws:cloudwatch/metricStream:MetricStream": PriceRule(by_use=("stream-updates",)),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": PriceRule(by_use=("delivery-gb",)),
    "aws:efs/fileSystem:FileSystem": PriceRule(by_use=("files-gb", "files-read-gb", "files-written-gb")),
    "aws:eks/cluster:Cluster": PriceRule(fixed="the control plane", count=each("eks-cluster"), by_use=("metric",)),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": PriceRule(by_use=("region-gb",)),
    "aws:elasticache/replicationGroup:ReplicationGroup": PriceRule(
        fixed="its nodes, by type", count=_cache, by_use=("cache-snapshot-gb",)
    ),
    "aws:kms/key:Key": PriceRule(fixed="each", count=each("key"), by_use=("key-requests",)),
    "aws:lambda/function:Function": PriceRule(by_use=("function-requests", "function-gb-seconds")),
    "aws:lb/loadBalancer:LoadBalancer": PriceRule(
        fixed="itself, and a public address a zone", count=_load_balancer, by_use=("alb-lcu", "internet-gb")
    ),
    "aws:lb/trustStore:TrustStore": PriceRule(fixed="each", count=each("trust-store")),
    "aws:route53/healthCheck:HealthCheck": PriceRule(fixed="itself and its options", count=_health_check),
    "aws:route53/zone:Zone": PriceRule(fixed="each", count=each("hosted-zone")),
    "aws:s3/bucket:Bucket": PriceRule(by_use=("s3-gb", "s3-writes", "s3-reads")),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": PriceRule(by_use=("region-gb", "s3-writes")),
    "aws:scheduler/schedule:Schedule": PriceRule(by_use=("schedule-calls", "fargate-vcpu", "fargate-gb")),
    "aws:secretsmanager/secret:Secret": PriceRule(
        fixed="itself, and each replica", count=_secret, by_use=("secret-requests",)
    ),
    "aws:sns/topicSubscription:TopicSubscription": PriceRule(by_use=("email",)),
    "aws:wafv2/webAcl:WebAcl": PriceRule(
        fixed="itself, its rules, and Bot Control", count=_acl, by_use=("acl-requests", "bot-requests")
    ),
}

FREE: Final = frozenset(
    f"aws:{each}"
    for each in (
        *("acm/certificate:Certificate", "acm/certificateValidation:CertificateValidation"),
        *("appautoscaling/scheduledAction:ScheduledAction", "appautoscaling/target:Target"),
        *("backup/restoreTestingSelection:RestoreTestingSelection", "backup/selection:Selection"),
        "budgets/budget:Budget",  # a budget without actions
        *("cloudfront/cachePolicy:CachePolicy", "cloudfront/originAccessControl:OriginAccessControl"),
        *("cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "cloudfront/vpcOrigin:VpcOrigin"),
        # For CloudFront's access logs in a bucket AWS charges only the bucket:
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html#AccessLogsCharges (read
        # 2026-11-28).
        # Events of AWS services on the default bus are free, and so is Amazon Q Developer in chat (from memory).
        *("cloudwatch/eventRule:EventRule", "cloudwatch/eventTarget:EventTarget"),
        "chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        *("cloudwatch/logDelivery:LogDelivery", "cloudwatch/logDeliveryDestination:LogDeliveryDestination"),
        "cloudwatch/logDeliverySource:LogDeliverySource",
        *("ec2/defaultSecurityGroup:DefaultSecurityGroup", "ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"),
        *("ec2/eipAssociation:EipAssociation", "ec2/flowLog:FlowLog", "ec2/internetGateway:InternetGateway"),
        *("ec2/route:Route", "ec2/routeTable:RouteTable", "ec2/routeTableAssociation:RouteTableAssociation"),
        *("ec2/securityGroup:SecurityGroup", "ec2/subnet:Subnet", "ec2/vpc:Vpc"),
        "ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        "ecr/lifecyclePolicy:LifecyclePolicy",
        *("ecs/clusterCapacityProviders:ClusterCapacityProviders", "ecs/taskDefinition:TaskDefinition"),
        # Backups of EFS are in AWS Backup's prices by GB.
        *("efs/accessPoint:AccessPoint", "efs/backupPolicy:BackupPolicy", "efs/fileSystemPolicy:FileSystemPolicy"),
        "efs/mountTarget:MountTarget",
        *("eks/accessEntry:AccessEntry", "eks/accessPolicyAssociation:AccessPolicyAssociation"),
        *("eks/addon:Addon", "eks/podIdentityAssociation:PodIdentityAssociation"),
        *("elasticache/parameterGroup:ParameterGroup", "elasticache/subnetGroup:SubnetGroup"),
        *("elasticache/user:User", "elasticache/userGroup:UserGroup"),
        *("iam/role:Role", "iam/rolePolicy:RolePolicy", "iam/rolePolicyAttachment:RolePolicyAttachment"),
        *("kms/alias:Alias", "lambda/permission:Permission"),
        *("lb/listener:Listener", "lb/listenerCertificate:ListenerCertificate", "lb/listenerRule:ListenerRule"),
        *("lb/targetGroup:TargetGroup", "route53/record:Record"),
        *("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "s3/bucketObjectv2:BucketObjectv2"),
        *("s3/bucketOwnershipControls:BucketOwnershipControls", "s3/bucketPolicy:BucketPolicy"),
        "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        *("s3/bucketVersioning:BucketVersioning", "scheduler/scheduleGroup:ScheduleGroup"),
        *("secretsmanager/secretRotation:SecretRotation", "secretsmanager/secretVersion:SecretVersion"),
        "servicediscovery/httpNamespace:HttpNamespace",  # Cloud Map is free for Service Connect (from memory)
        *("sns/topic:Topic", "sns/topicPolicy:TopicPolicy"),
        *(
            "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        ),
        *("wafv2/regexPatternSet:RegexPatternSet", "wafv2/webAclAssociation:WebAclAssociation"),
        *("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "wafv2/ipSet:IpSet"),
    )
)
"""Types that AWS does not charge for."""
