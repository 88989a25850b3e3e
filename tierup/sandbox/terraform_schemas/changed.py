"""What the providers have changed since the state that the tables were read from: paths of inputs, by type."""

from __future__ import annotations

from collections.abc import Mapping

CHANGED: Mapping[str, frozenset[str]] = {
    # Raised quotas: AWS's documents of API Gateway, CodeBuild, EBS, OpenSearch, Aurora Serverless v2 and SQS.
    "aws:apigateway/integration:Integration": frozenset({"timeoutMilliseconds"}),
    "aws:codebuild/project:Project": frozenset({"buildTimeout", "buildBatchConfig.timeoutInMins"}),
    "aws:ebs/volume:Volume": frozenset({"throughput"}),
    "aws:ec2/launchTemplate:LaunchTemplate": frozenset(
        {"blockDeviceMappings[*].ebs.throughput", "networkInterfaces[*].interfaceType"}
    ),
    "aws:opensearch/domain:Domain": frozenset({"clusterConfig.warmCount"}),
    "aws:rds/cluster:Cluster": frozenset(
        {
            "enabledCloudwatchLogsExports[*]",
            "serverlessv2ScalingConfiguration.maxCapacity",
            "serverlessv2ScalingConfiguration.minCapacity",
        }
    ),
    "aws:sqs/queue:Queue": frozenset({"maxMessageSize"}),
    # CHANGELOG.md of terraform-provider-aws, from memory: the runtime of an application is updated in place since 5.73.
    "aws:kinesisanalyticsv2/application:Application": frozenset({"runtimeEnvironment"}),
    # Values that were added: the docstrings of pulumi-aws 7.51.1.
    "aws:ec2/vpc:Vpc": frozenset({"ipv6NetmaskLength"}),
    "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation": frozenset({"ipv6NetmaskLength"}),
    "aws:eks/accessEntry:AccessEntry": frozenset({"type"}),
    "aws:rds/instance:Instance": frozenset({"enabledCloudwatchLogsExports[*]"}),
    "aws:vpclattice/listener:Listener": frozenset({"protocol"}),
    # Names that the docstrings of pulumi-aws 7.51.1 use.
    "aws:glue/connection:Connection": frozenset({"connectionType"}),
    "aws:keyspaces/table:Table": frozenset({"schemaDefinition.partitionKeys[*].name"}),
    # Redis OSS to Valkey is an upgrade in place: elasticache/replication_group.go, user.go and user_group.go.
    "aws:elasticache/replicationGroup:ReplicationGroup": frozenset({"engine", "transitEncryptionEnabled"}),
    # elasticache/serverless_cache.go: a change of the limits is a ModifyServerlessCache.
    "aws:elasticache/serverlessCache:ServerlessCache": frozenset(
        {
            "cacheUsageLimits.dataStorage.maximum",
            "cacheUsageLimits.dataStorage.minimum",
            "cacheUsageLimits.ecpuPerSeconds.maximum",
            "cacheUsageLimits.ecpuPerSeconds.minimum",
        }
    ),
    "aws:elasticache/user:User": frozenset({"engine"}),
    "aws:elasticache/userGroup:UserGroup": frozenset({"engine"}),
    # A route that leaves an instance for a gateway has no interface any more: ec2/vpc_route.go.
    "aws:ec2/route:Route": frozenset({"networkInterfaceId"}),
    # launchType replaces unless forceNewDeployment is set: ecs/service.go, capacityProviderStrategyCustomizeDiff.
    "aws:ecs/service:Service": frozenset({"launchType"}),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": frozenset({"clientIdLists"}),
    # The least rate is 10 since 2024: RateBasedStatement of AWS's API model.
    "aws:wafv2/ruleGroup:RuleGroup": frozenset({"rateBasedStatement.limit"}),
    "aws:wafv2/webAcl:WebAcl": frozenset({"rateBasedStatement.limit"}),
}
"""Inputs whose facts of the table no longer hold, as read on 2026-11-28 for the rows of these types."""
