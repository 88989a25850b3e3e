"""Inputs that an AWS type requires or refuses when another input has a certain value.

The provider's schema cannot state such a condition: it is in a CustomizeDiff, or the API decides.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..behaviour import BehaviourRule, documented
from ..input_rules import Condition, conditional_inputs
from .sources import api, schema_of, unread

_TRACKED = documented(
    "terraform-provider-aws, internal/service/autoscaling/policy.go (2024-04-17), expandPutScalingPolicyInput",
    read="2026-11-28",
)
_VOLUME = documented(
    "terraform-provider-aws, internal/service/ec2/ebs_volume.go (2024-04-17), customizeDiffEBSVolume", read="2026-11-28"
)
_SUBSCRIPTION = schema_of("sns/topic_subscription.go")

CONDITIONS: Mapping[str, tuple[Condition, ...]] = {
    "aws:apigateway/authorizer:Authorizer": (
        Condition(
            path="type", values=("COGNITO_USER_POOLS",), requires=("providerArns",),
            source=schema_of("apigateway/authorizer.go"),
        ),
        Condition(
            path="type", values=("TOKEN", "REQUEST"), requires=("authorizerUri",),
            source=schema_of("apigateway/authorizer.go"),
        ),
        Condition(path="type", absent=True, requires=("authorizerUri",), source=schema_of("apigateway/authorizer.go")),
    ),
    "aws:apigateway/integration:Integration": (
        Condition(
            path="type", values=("AWS", "AWS_PROXY", "HTTP"), requires=("uri", "integrationHttpMethod"),
            source=api("apigateway", "PutIntegration: integrationHttpMethod"),
        ),
        Condition(path="type", values=("HTTP_PROXY",), requires=("uri",), source=api("apigateway", "PutIntegration")),
        Condition(
            path="connectionType", values=("VPC_LINK",), requires=("connectionId",),
            source=api("apigateway", "PutIntegration: connectionId"),
        ),
    ),
    "aws:apigateway/method:Method": (
        Condition(
            path="authorization", values=("CUSTOM", "COGNITO_USER_POOLS"), requires=("authorizerId",),
            source=api("apigateway", "PutMethod: authorizerId"),
        ),
    ),
    "aws:apigatewayv2/api:Api": (
        Condition(
            path="protocolType", values=("WEBSOCKET",), requires=("routeSelectionExpression",),
            forbids=("corsConfiguration", "target", "routeKey", "credentialsArn"),
            source=api("apigatewayv2", "CreateApi: RouteSelectionExpression, CorsConfiguration"),
        ),
    ),
    "aws:apigatewayv2/authorizer:Authorizer": (
        Condition(
            path="authorizerType", values=("JWT",), requires=("jwtConfiguration", "identitySources"),
            forbids=("authorizerUri",), source=api("apigatewayv2", "CreateAuthorizer: JwtConfiguration"),
        ),
        Condition(
            path="authorizerType", values=("REQUEST",), requires=("authorizerUri",),
            source=api("apigatewayv2", "CreateAuthorizer: AuthorizerUri"),
        ),
    ),
    "aws:apigatewayv2/integration:Integration": (
        Condition(
            path="integrationType", values=("AWS_PROXY",), any_of=("integrationUri", "integrationSubtype"),
            source=api("apigatewayv2", "CreateIntegration: IntegrationUri"),
        ),
        Condition(
            path="connectionType", values=("VPC_LINK",), requires=("connectionId",),
            source=api("apigatewayv2", "CreateIntegration: ConnectionId"),
        ),
        Condition(
            path="integrationType", values=("HTTP_PROXY", "HTTP"), requires=("integrationUri", "integrationMethod"),
            source=api("apigatewayv2", "CreateIntegration: IntegrationMethod"),
        ),
    ),
    "aws:apigatewayv2/route:Route": (
        Condition(
            path="authorizationType", values=("JWT", "CUSTOM"), requires=("authorizerId",),
            source=api("apigatewayv2", "CreateRoute: AuthorizerId"),
        ),
    ),
    "aws:autoscaling/policy:Policy": (
        Condition(
            path="policyType", values=("TargetTrackingScaling",), requires=("targetTrackingConfiguration",),
            forbids=("scalingAdjustment", "stepAdjustments", "adjustmentType", "cooldown"), source=_TRACKED,
        ),
        Condition(
            path="policyType", values=("StepScaling",), requires=("stepAdjustments", "adjustmentType"),
            forbids=("scalingAdjustment", "targetTrackingConfiguration", "cooldown"), source=_TRACKED,
        ),
        Condition(
            path="policyType", values=("SimpleScaling",), requires=("scalingAdjustment", "adjustmentType"),
            forbids=("stepAdjustments", "targetTrackingConfiguration"), source=_TRACKED,
        ),
        Condition(
            path="policyType", absent=True, requires=("scalingAdjustment", "adjustmentType"),
            forbids=("stepAdjustments", "targetTrackingConfiguration"), source=_TRACKED,
        ),
        Condition(
            path="policyType", values=("PredictiveScaling",), requires=("predictiveScalingConfiguration",),
            source=_TRACKED,
        ),
    ),
    "aws:autoscaling/lifecycleHook:LifecycleHook": (
        Condition(
            path="notificationTargetArn", requires=("roleArn",), source=api("autoscaling", "PutLifecycleHook: RoleARN"),
        ),
    ),
    "aws:autoscaling/schedule:Schedule": (
        Condition(
            path="scheduledActionName", any_of=("minSize", "maxSize", "desiredCapacity"),
            source=unread("autoscaling", "PutScheduledUpdateGroupAction"),
        ),
    ),
    "aws:cloudtrail/trail:Trail": (
        Condition(
            path="cloudWatchLogsGroupArn", requires=("cloudWatchLogsRoleArn",),
            source=unread("cloudtrail", "CreateTrail: InvalidCloudWatchLogsRoleArnException"),
        ),
    ),
    "aws:codebuild/project:Project": (
        Condition(
            within="cache", path="type", values=("S3",), requires=("location",),
            source=schema_of("codebuild/project.go"),
        ),
        Condition(
            within="cache", path="type", values=("LOCAL",), requires=("modes",),
            source=api("codebuild", "ProjectCache: modes"),
        ),
        Condition(
            path="source.type", values=("NO_SOURCE",), requires=("source.buildspec",),
            forbids=("source.location", "secondarySources"), source=schema_of("codebuild/project.go"),
        ),
        Condition(
            path="source.type",
            values=("BITBUCKET", "CODECOMMIT", "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED", "S3"),
            requires=("source.location",), source=schema_of("codebuild/project.go"),
        ),
        Condition(
            path="artifacts.type", values=("S3",), requires=("artifacts.location",),
            source=schema_of("codebuild/project.go"),
        ),
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": (
        Condition(
            path="upstreamRegistryUrl", values=("registry-1.docker.io", "ghcr.io", "registry.gitlab.com"),
            requires=("credentialArn",), source=unread("ecr", "CreatePullThroughCacheRule: credentialArn"),
        ),
    ),
    "aws:appsync/dataSource:DataSource": tuple(
        Condition(path="type", values=(kind,), requires=required, source=api("appsync", "CreateDataSource: type"))
        for kind, required in (
            ("AMAZON_DYNAMODB", ("dynamodbConfig", "serviceRoleArn")),
            ("AMAZON_ELASTICSEARCH", ("elasticsearchConfig", "serviceRoleArn")),
            ("AMAZON_EVENTBRIDGE", ("eventBridgeConfig", "serviceRoleArn")),
            ("AMAZON_OPENSEARCH_SERVICE", ("opensearchserviceConfig", "serviceRoleArn")),
            ("AWS_LAMBDA", ("lambdaConfig", "serviceRoleArn")),
            ("HTTP", ("httpConfig",)),
            ("RELATIONAL_DATABASE", ("relationalDatabaseConfig", "serviceRoleArn")),
        )
    ),
    "aws:appsync/graphQLApi:GraphQLApi": tuple(
        Condition(
            path="authenticationType", values=(kind,), requires=(required,),
            source=api("appsync", "CreateGraphqlApi: authenticationType"),
        )
        for kind, required in (
            ("AMAZON_COGNITO_USER_POOLS", "userPoolConfig"), ("AWS_LAMBDA", "lambdaAuthorizerConfig"),
            ("OPENID_CONNECT", "openidConnectConfig"),
        )
    ),
    "aws:appsync/resolver:Resolver": (
        Condition(
            path="kind", values=("UNIT",), requires=("dataSource",), source=api("appsync", "CreateResolver: kind"),
        ),
        Condition(path="kind", absent=True, requires=("dataSource",), source=api("appsync", "CreateResolver: kind")),
        Condition(
            path="kind", values=("PIPELINE",), requires=("pipelineConfig",), forbids=("dataSource",),
            source=api("appsync", "CreateResolver: kind"),
        ),
    ),
    "aws:batch/computeEnvironment:ComputeEnvironment": (
        Condition(
            path="type", values=("MANAGED",), requires=("computeResources",),
            source=schema_of("batch/compute_environment.go"),
        ),
        Condition(
            path="type", values=("UNMANAGED",), forbids=("computeResources",),
            source=schema_of("batch/compute_environment.go"),
        ),
        Condition(
            within="computeResources", path="type", values=("FARGATE", "FARGATE_SPOT"), requires=("securityGroupIds",),
            forbids=("allocationStrategy", "bidPercentage", "desiredVcpus", "ec2Configurations", "ec2KeyPair",
                     "imageId", "instanceRole", "instanceTypes", "launchTemplate", "minVcpus", "placementGroup",
                     "spotIamFleetRole"),
            source=api("batch", "ComputeResource: does not apply to jobs on Fargate"),
        ),
        Condition(
            within="computeResources", path="type", values=("EC2", "SPOT"), requires=("instanceRole", "instanceTypes"),
            source=api("batch", "ComputeResource: instanceRole, instanceTypes"),
        ),
    ),
    "aws:directoryservice/directory:Directory": (
        Condition(
            path="type", values=("ADConnector",), requires=("connectSettings",),
            source=schema_of("ds/directory.go"),
        ),
        Condition(
            path="type", values=("SimpleAD", "MicrosoftAD"), requires=("vpcSettings",),
            source=schema_of("ds/directory.go"),
        ),
        Condition(path="type", absent=True, requires=("vpcSettings",), source=schema_of("ds/directory.go")),
    ),
    "aws:dms/endpoint:Endpoint": (
        Condition(
            path="engineName",
            values=("aurora", "aurora-postgresql", "babelfish", "db2", "mariadb", "mysql", "oracle", "postgres",
                    "sqlserver", "sybase"),
            any_of=("serverName", "secretsManagerArn"), source=schema_of("dms/endpoint.go"),
        ),
        Condition(
            path="engineName", values=("mongodb",), requires=("mongodbSettings",), source=schema_of("dms/endpoint.go"),
        ),
        Condition(
            path="engineName", values=("kafka",), requires=("kafkaSettings",), source=schema_of("dms/endpoint.go"),
        ),
        Condition(
            path="engineName", values=("kinesis",), requires=("kinesisSettings",),
            source=schema_of("dms/endpoint.go"),
        ),
        Condition(
            path="engineName", values=("elasticsearch", "opensearch"), requires=("elasticsearchSettings",),
            source=schema_of("dms/endpoint.go"),
        ),
        Condition(path="secretsManagerArn", requires=("secretsManagerAccessRoleArn",),
                  forbids=("password", "serverName", "username"), source=schema_of("dms/endpoint.go")),
        Condition(
            path="sslMode", values=("verify-ca", "verify-full"), requires=("certificateArn",),
            source=unread("dms", "CreateEndpoint: SslMode, CertificateArn"),
        ),
    ),
    "aws:docdb/cluster:Cluster": (
        Condition(
            path="masterUsername", absent=True,
            any_of=("masterUsername", "snapshotIdentifier", "globalClusterIdentifier", "restoreToPointInTime"),
            source=schema_of("docdb/cluster.go"),
        ),
        Condition(
            path="masterUsername", any_of=("masterPassword", "masterPasswordWo", "manageMasterUserPassword"),
            source=schema_of("docdb/cluster.go"),
        ),
    ),
    "aws:fsx/lustreFileSystem:LustreFileSystem": (
        Condition(
            path="deploymentType", values=("PERSISTENT_1", "PERSISTENT_2"),
            any_of=("perUnitStorageThroughput", "throughputCapacity"),
            source=api("fsx", "CreateFileSystemLustreConfiguration: PerUnitStorageThroughput"),
        ),
        Condition(
            path="deploymentType", values=("SCRATCH_1", "SCRATCH_2"),
            forbids=("perUnitStorageThroughput", "kmsKeyId", "automaticBackupRetentionDays"),
            source=api("fsx", "CreateFileSystemLustreConfiguration: PerUnitStorageThroughput"),
        ),
        Condition(
            path="storageType", values=("HDD",), requires=("driveCacheType",),
            source=api("fsx", "CreateFileSystemLustreConfiguration: DriveCacheType"),
        ),
        Condition(path="exportPath", requires=("importPath",), source=schema_of("fsx/lustre_file_system.go")),
    ),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": (
        Condition(
            path="deploymentType", values=("MULTI_AZ_1",), requires=("preferredSubnetId",),
            source=api("fsx", "CreateFileSystemWindowsConfiguration: PreferredSubnetId"),
        ),
        Condition(
            path="activeDirectoryId", absent=True, any_of=("selfManagedActiveDirectory", "backupId"),
            source=schema_of("fsx/windows_file_system.go"),
        ),
    ),
    "aws:glue/trigger:Trigger": (
        Condition(
            path="type", values=("SCHEDULED",), requires=("schedule",), source=api("glue", "CreateTrigger: Schedule"),
        ),
        Condition(
            path="type", values=("CONDITIONAL",), requires=("predicate",), forbids=("schedule",),
            source=api("glue", "CreateTrigger: Predicate"),
        ),
        Condition(
            path="type", values=("ON_DEMAND",), forbids=("schedule", "predicate"),
            source=api("glue", "CreateTrigger: Schedule, Predicate"),
        ),
    ),
    "aws:opensearch/domain:Domain": (
        Condition(
            within="domainEndpointOptions", path="customEndpointEnabled", values=(True,),
            requires=("customEndpoint", "customEndpointCertificateArn"),
            source=unread("opensearch", "DomainEndpointOptions: CustomEndpoint"),
        ),
        Condition(
            within="clusterConfig", path="warmEnabled", values=(True,), requires=("warmCount", "warmType"),
            any_of=("dedicatedMasterEnabled",), source=unread("opensearch", "ClusterConfig: WarmEnabled"),
        ),
        Condition(
            within="clusterConfig", path="dedicatedMasterEnabled", values=(True,), requires=("dedicatedMasterType",),
            source=unread("opensearch", "ClusterConfig: DedicatedMasterType"),
        ),
        Condition(
            within="cognitoOptions", path="enabled", values=(True,),
            requires=("identityPoolId", "roleArn", "userPoolId"), source=schema_of("opensearch/domain.go"),
        ),
        Condition(
            within="advancedSecurityOptions", path="internalUserDatabaseEnabled", values=(True,),
            requires=("masterUserOptions",), source=unread("opensearch", "AdvancedSecurityOptions"),
        ),
        Condition(
            within="ebsOptions", path="ebsEnabled", values=(True,), requires=("volumeSize",),
            source=unread("opensearch", "EBSOptions: VolumeSize"),
        ),
        Condition(
            within="ebsOptions", path="volumeType", values=("io1",), requires=("iops",),
            source=unread("opensearch", "EBSOptions: Iops"),
        ),
    ),
    "aws:transfer/server:Server": (
        Condition(
            path="endpointType", values=("VPC",), requires=("endpointDetails.vpcId", "endpointDetails.subnetIds"),
            source=api("transfer", "EndpointDetails: VpcId, SubnetIds"),
        ),
        Condition(
            path="endpointType", values=("VPC_ENDPOINT",), requires=("endpointDetails.vpcEndpointId",),
            source=api("transfer", "EndpointDetails: VpcEndpointId"),
        ),
        Condition(
            path="endpointType", absent=True, forbids=("endpointDetails",),
            source=api("transfer", "CreateServer: EndpointType"),
        ),
        Condition(
            path="endpointType", values=("PUBLIC",), forbids=("endpointDetails",),
            source=api("transfer", "CreateServer: EndpointType"),
        ),
        Condition(
            path="identityProviderType", values=("API_GATEWAY",), requires=("invocationRole", "url"),
            source=api("transfer", "IdentityProviderDetails: Url, InvocationRole"),
        ),
        Condition(
            path="identityProviderType", values=("AWS_LAMBDA",), requires=("function",),
            source=api("transfer", "IdentityProviderDetails: Function"),
        ),
        Condition(
            path="identityProviderType", values=("AWS_DIRECTORY_SERVICE",), requires=("directoryId",),
            source=api("transfer", "IdentityProviderDetails: DirectoryId"),
        ),
    ),
    "aws:transfer/user:User": (
        Condition(
            path="homeDirectoryType", values=("LOGICAL",), requires=("homeDirectoryMappings",),
            forbids=("homeDirectory",), source=api("transfer", "CreateUser: HomeDirectoryMappings"),
        ),
        Condition(
            path="homeDirectoryType", absent=True, forbids=("homeDirectoryMappings",),
            source=api("transfer", "CreateUser: HomeDirectoryMappings"),
        ),
    ),
    "aws:elasticbeanstalk/environment:Environment": (
        Condition(
            path="application", any_of=("solutionStackName", "platformArn", "templateName"),
            source=api("elasticbeanstalk", "CreateEnvironment: SolutionStackName, PlatformArn, TemplateName"),
        ),
    ),
    "aws:ec2transitgateway/route:Route": (
        Condition(
            path="blackhole", absent=True, requires=("transitGatewayAttachmentId",),
            source=api("ec2", "CreateTransitGatewayRoute: TransitGatewayAttachmentId"),
        ),
        Condition(
            path="blackhole", values=(False,), requires=("transitGatewayAttachmentId",),
            source=api("ec2", "CreateTransitGatewayRoute: TransitGatewayAttachmentId"),
        ),
        Condition(
            path="blackhole", values=(True,), forbids=("transitGatewayAttachmentId",),
            source=unread("ec2", "CreateTransitGatewayRoute: Blackhole"),
        ),
    ),
    "aws:rds/eventSubscription:EventSubscription": (
        Condition(
            path="sourceIds", requires=("sourceType",), source=api("rds", "CreateEventSubscription: SourceIds"),
        ),
    ),
    "aws:sagemaker/model:Model": (
        Condition(
            path="executionRoleArn", any_of=("primaryContainer", "containers"),
            source=unread("sagemaker", "CreateModel: PrimaryContainer, Containers"),
        ),
    ),
    "aws:bedrock/guardrail:Guardrail": (
        Condition(
            path="blockedInputMessaging",
            any_of=("contentPolicyConfig", "contextualGroundingPolicyConfig", "sensitiveInformationPolicyConfig",
                    "topicPolicyConfig", "wordPolicyConfig"),
            source=unread("bedrock", "CreateGuardrail: at least one policy"),
        ),
    ),
    "aws:athena/workgroup:Workgroup": (
        Condition(
            within="configuration.resultConfiguration.encryptionConfiguration", path="encryptionOption",
            values=("SSE_KMS", "CSE_KMS"), requires=("kmsKeyArn",), source=api("athena", "EncryptionConfiguration"),
        ),
    ),
    "aws:cfg/configurationAggregator:ConfigurationAggregator": (
        Condition(
            path="accountAggregationSource", absent=True, requires=("organizationAggregationSource",),
            source=unread("config", "PutConfigurationAggregator"),
        ),
    ),
    "aws:cfg/recorder:Recorder": (
        Condition(
            within="recordingGroup", path="allSupported", values=(True,), forbids=("resourceTypes",),
            source=api("config", "RecordingGroup: resourceTypes"),
        ),
    ),
    "aws:codedeploy/deploymentConfig:DeploymentConfig": (
        Condition(
            path="computePlatform", values=("ECS", "Lambda"), requires=("trafficRoutingConfig",),
            forbids=("minimumHealthyHosts",), source=schema_of("deploy/deployment_config.go"),
        ),
        Condition(
            path="computePlatform", absent=True, requires=("minimumHealthyHosts",), forbids=("trafficRoutingConfig",),
            source=schema_of("deploy/deployment_config.go"),
        ),
        Condition(
            path="computePlatform", values=("Server",), requires=("minimumHealthyHosts",),
            forbids=("trafficRoutingConfig",), source=schema_of("deploy/deployment_config.go"),
        ),
    ),
    "aws:codepipeline/pipeline:Pipeline": (
        Condition(
            path="pipelineType", values=("V1",), forbids=("triggers", "variables"),
            source=api("codepipeline", "PipelineDeclaration: pipelineType"),
        ),
        Condition(
            path="pipelineType", absent=True, forbids=("triggers", "variables"),
            source=api("codepipeline", "PipelineDeclaration: pipelineType"),
        ),
    ),
    "aws:networkfirewall/ruleGroup:RuleGroup": (
        Condition(
            path="type", values=("STATELESS",), forbids=("rules", "ruleGroup.rulesSource.rulesString",
            "ruleGroup.rulesSource.rulesSourceList", "ruleGroup.rulesSource.statefulRules"),
            source=api("network-firewall", "RulesSource"),
        ),
        Condition(
            path="type", values=("STATEFUL",), forbids=("ruleGroup.rulesSource.statelessRulesAndCustomActions",),
            source=api("network-firewall", "RulesSource"),
        ),
    ),
    "aws:resourcegroups/group:Group": (
        Condition(
            path="name", any_of=("resourceQuery", "configurations"), source=unread("resource-groups", "CreateGroup"),
        ),
    ),
    "aws:rum/appMonitor:AppMonitor": (
        Condition(path="name", any_of=("domain", "domainLists"), source=unread("rum", "CreateAppMonitor: Domain")),
    ),
    "aws:redshift/cluster:Cluster": (
        Condition(
            path="clusterType", values=("multi-node",), requires=("numberOfNodes",),
            source=api("redshift", "CreateCluster: NumberOfNodes"),
        ),
    ),
    "aws:cloudformation/stack:Stack": (
        Condition(
            path="onFailure", forbids=("disableRollback",),
            source=api("cloudformation", "CreateStack: You can specify either OnFailure or DisableRollback"),
        ),
        Condition(
            path="templateUrl", absent=True, requires=("templateBody",), source=api("cloudformation", "CreateStack")
        ),
    ),
    "aws:cognito/userPool:UserPool": (
        Condition(
            path="mfaConfiguration", values=("ON",),
            any_of=("softwareTokenMfaConfiguration", "smsConfiguration", "emailMfaConfiguration",
                    "webAuthnConfiguration"),
            source=api("cognito-idp", "SetUserPoolMfaConfig"),
        ),
    ),
    "aws:dynamodb/table:Table": (
        Condition(
            within="ttl", path="enabled", values=(True,), requires=("attributeName",),
            source=schema_of("dynamodb/table.go"),
        ),
        Condition(
            within="globalSecondaryIndexes[*]", path="projectionType", values=("INCLUDE",),
            requires=("nonKeyAttributes",), source=api("dynamodb", "Projection: NonKeyAttributes"),
        ),
        Condition(
            within="globalSecondaryIndexes[*]", path="projectionType", values=("ALL", "KEYS_ONLY"),
            forbids=("nonKeyAttributes",), source=api("dynamodb", "Projection: NonKeyAttributes"),
        ),
        Condition(
            within="localSecondaryIndexes[*]", path="projectionType", values=("INCLUDE",),
            requires=("nonKeyAttributes",), source=api("dynamodb", "Projection: NonKeyAttributes"),
        ),
        Condition(path="localSecondaryIndexes", requires=("rangeKey",), source=api("dynamodb", "CreateTable")),
    ),
    "aws:ebs/volume:Volume": (
        Condition(path="size", absent=True, requires=("snapshotId",), source=_VOLUME),
        Condition(path="type", values=("io1", "io2"), requires=("iops",), source=_VOLUME),
        Condition(
            path="type", values=("gp2", "standard", "sc1", "st1"), forbids=("iops", "throughput"),
            source=_VOLUME,
        ),
        Condition(path="type", values=("io1", "io2"), forbids=("throughput",), source=_VOLUME),
        Condition(path="type", absent=True, forbids=("iops", "throughput"), source=_VOLUME),
    ),
    "aws:ec2/placementGroup:PlacementGroup": (
        Condition(
            path="strategy", values=("cluster", "spread"), forbids=("partitionCount",),
            source=schema_of("ec2/ec2_placement_group.go"),
        ),
        Condition(
            path="strategy", values=("cluster", "partition"), forbids=("spreadLevel",),
            source=schema_of("ec2/ec2_placement_group.go"),
        ),
    ),
    "aws:efs/fileSystem:FileSystem": (
        Condition(
            path="throughputMode", values=("provisioned",), requires=("provisionedThroughputInMibps",),
            source=api("efs", "CreateFileSystem: ProvisionedThroughputInMibps"),
        ),
        Condition(
            path="throughputMode", values=("bursting", "elastic"), forbids=("provisionedThroughputInMibps",),
            source=api("efs", "CreateFileSystem: ProvisionedThroughputInMibps"),
        ),
        Condition(
            path="encrypted", values=(False,), forbids=("kmsKeyId",), source=api("efs", "CreateFileSystem: KmsKeyId")
        ),
        Condition(
            path="encrypted", absent=True, forbids=("kmsKeyId",),
            source=api("efs", "CreateFileSystem: KmsKeyId"),
        ),
        Condition(
            within="lifecyclePolicies[*]", path="transitionToIa",
            forbids=("transitionToArchive", "transitionToPrimaryStorageClass"),
            source=api("efs", "PutLifecycleConfiguration: each LifecyclePolicy has one transition"),
        ),
        Condition(
            within="lifecyclePolicies[*]", path="transitionToArchive", forbids=("transitionToPrimaryStorageClass",),
            source=api("efs", "PutLifecycleConfiguration: each LifecyclePolicy has one transition"),
        ),
    ),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        Condition(
            within="serverSideEncryption", path="keyType", values=("CUSTOMER_MANAGED_CMK",), requires=("keyArn",),
            source=api("firehose", "DeliveryStreamEncryptionConfigurationInput: KeyARN"),
        ),
        Condition(
            within="serverSideEncryption", path="keyType", values=("AWS_OWNED_CMK",), forbids=("keyArn",),
            source=api("firehose", "DeliveryStreamEncryptionConfigurationInput: KeyARN"),
        ),
        *(
            Condition(
                path="destination", values=(destination,), requires=(block,),
                source=schema_of("firehose/delivery_stream.go"),
            )
            for destination, block in (
                ("extended_s3", "extendedS3Configuration"),
                ("elasticsearch", "elasticsearchConfiguration"),
                ("http_endpoint", "httpEndpointConfiguration"),
                ("iceberg", "icebergConfiguration"),
                ("opensearch", "opensearchConfiguration"),
                ("opensearchserverless", "opensearchserverlessConfiguration"),
                ("redshift", "redshiftConfiguration"),
                ("snowflake", "snowflakeConfiguration"),
                ("splunk", "splunkConfiguration"),
            )
        ),
    ),
    "aws:kinesis/stream:Stream": (
        Condition(
            path="streamModeDetails.streamMode", values=("ON_DEMAND",), forbids=("shardCount",),
            source=schema_of("kinesis/stream.go"),
        ),
        Condition(
            path="streamModeDetails.streamMode", values=("PROVISIONED",), requires=("shardCount",),
            source=schema_of("kinesis/stream.go"),
        ),
        Condition(
            path="streamModeDetails", absent=True, requires=("shardCount",), source=schema_of("kinesis/stream.go")
        ),
        Condition(
            path="encryptionType", values=("KMS",), requires=("kmsKeyId",), source=schema_of("kinesis/stream.go")
        ),
    ),
    "aws:lambda/function:Function": (
        Condition(
            within="loggingConfig", path="logFormat", values=("Text",), forbids=("applicationLogLevel",
            "systemLogLevel"),
            source=api("lambda", "LoggingConfig: ApplicationLogLevel"),
        ),
        Condition(
            path="packageType", absent=True, forbids=("imageConfig",), source=api("lambda",
            "CreateFunction: ImageConfig")
        ),
        Condition(
            path="packageType", values=("Zip",), forbids=("imageConfig",),
            source=api("lambda", "CreateFunction: ImageConfig"),
        ),
    ),
    "aws:lambda/layerVersion:LayerVersion": (
        Condition(
            path="code", absent=True, requires=("s3Bucket", "s3Key"),
            source=schema_of("lambda/layer_version.go"),
        ),
        Condition(
            path="code", forbids=("s3Bucket", "s3Key", "s3ObjectVersion"), source=schema_of("lambda/layer_version.go")
        ),
    ),
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": (
        Condition(
            path="redirectAllRequestsTo", absent=True, requires=("indexDocument",),
            source=api("s3", "WebsiteConfiguration: IndexDocument"),
        ),
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": (
        Condition(
            within="rule.defaultRetention", path="days", absent=True, requires=("years",),
            source=api("s3", "DefaultRetention: must specify either Days or Years"),
        ),
    ),
    "aws:sns/topicSubscription:TopicSubscription": (
        Condition(path="filterPolicyScope", requires=("filterPolicy",), source=_SUBSCRIPTION),
        Condition(path="protocol", values=("firehose",), requires=("subscriptionRoleArn",), source=_SUBSCRIPTION),
        Condition(
            path="protocol",
            values=("application", "email", "email-json", "http", "https", "lambda", "sms", "sqs"),
            forbids=("subscriptionRoleArn",),
            source=_SUBSCRIPTION,
        ),
    ),
    "aws:sns/topic:Topic": (
        Condition(
            path="fifoTopic", absent=True, forbids=("contentBasedDeduplication", "archivePolicy"),
            source=schema_of("sns/topic.go"),
        ),
        Condition(
            path="fifoTopic", values=(False,), forbids=("contentBasedDeduplication", "archivePolicy"),
            source=schema_of("sns/topic.go"),
        ),
    ),
    "aws:sqs/queue:Queue": (
        Condition(
            path="fifoQueue", absent=True, forbids=("deduplicationScope", "fifoThroughputLimit"),
            source=api("sqs", "CreateQueue: DeduplicationScope, FifoThroughputLimit"),
        ),
        Condition(
            path="fifoQueue", values=(False,), forbids=("deduplicationScope", "fifoThroughputLimit"),
            source=api("sqs", "CreateQueue: DeduplicationScope, FifoThroughputLimit"),
        ),
    ),
    "aws:ssm/parameter:Parameter": (
        Condition(
            path="type", values=("SecureString",), forbids=("insecureValue",), source=schema_of("ssm/parameter.go")
        ),
        Condition(
            path="type", values=("String", "StringList"), forbids=("keyId",), source=api("ssm", "PutParameter: KeyId")
        ),
    ),
}  # fmt: skip

COMMON_RULES: tuple[BehaviourRule, ...] = (conditional_inputs(CONDITIONS),)
