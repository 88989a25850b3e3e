"""The forms of inputs of AWS types that the provider or the API checks and no model states."""

# ruff: noqa: E501 - a pattern stays on one line

from __future__ import annotations

from ..behaviour import BehaviourRule, documented
from ..input_rules import Patterns, input_formats

_PATH = (r"/|/[!-~]+/", "'/' or a path that begins and ends with '/', such as '/team/'")

PATTERNS: Patterns = {
    # API Gateway: CreateStage, CreateDomainName and PutMethod of the API models
    "aws:apigatewayv2/stage:Stage": {"name": (r"\$default|[A-Za-z0-9_-]{1,128}", "$default, or letters, digits, '_', '-'")},
    "aws:apigatewayv2/domainName:DomainName": {
        "domainNameConfiguration.endpointType": ("(?i:regional)", "REGIONAL"),
        "domainNameConfiguration.securityPolicy": ("(?i:tls_1_2)", "TLS_1_2"),
    },
    "aws:apigateway/method:Method": {
        "authorization": ("NONE|AWS_IAM|CUSTOM|COGNITO_USER_POOLS", "NONE, AWS_IAM, CUSTOM and COGNITO_USER_POOLS"),
    },
    "aws:apigateway/restApi:RestApi": {
        "minimumCompressionSize": (r"-1|\d{1,7}|10[0-3]\d{6}|104[0-7]\d{5}|1048[0-4]\d{4}|10485[0-6]\d{3}|104857[0-5]\d\d|10485760",
                                   "-1 to 10485760 bytes"),
    },
    # Auto Scaling: CreateAutoScalingGroup of the API model
    "aws:autoscaling/lifecycleHook:LifecycleHook": {
        "lifecycleTransition": (
            r"autoscaling:EC2_INSTANCE_(LAUNCHING|TERMINATING)",
            "autoscaling:EC2_INSTANCE_LAUNCHING and autoscaling:EC2_INSTANCE_TERMINATING",
        ),
        "defaultResult": ("ABANDON|CONTINUE", "ABANDON and CONTINUE"),
    },
    "aws:autoscaling/group:Group": {
        "maxInstanceLifetime": (r"0|8640\d|864[1-9]\d|86[5-9]\d\d|8[7-9]\d{3}|9\d{4}|\d{6,8}", "0 and 86400 to 31536000"),
        "minSize": (r"\d+", "numbers from 0"),
        "maxSize": (r"\d+", "numbers from 0"),
        "suspendedProcesses[*]": (
            "Launch|Terminate|HealthCheck|ReplaceUnhealthy|AZRebalance|AlarmNotification|ScheduledActions"
            "|AddToLoadBalancer|InstanceRefresh",
            "the processes of Auto Scaling, such as AZRebalance",
        ),
        "mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy": (
            "capacity-optimized|capacity-optimized-prioritized|lowest-price|price-capacity-optimized",
            "capacity-optimized, capacity-optimized-prioritized, lowest-price and price-capacity-optimized",
        ),
        "healthCheckType": ("(EC2|ELB|EBS|VPC_LATTICE)(,(EC2|ELB|EBS|VPC_LATTICE))*", "EC2, ELB, EBS and VPC_LATTICE"),
        "terminationPolicies[*]": (
            "Default|AllocationStrategy|OldestLaunchTemplate|OldestLaunchConfiguration|ClosestToNextInstanceHour"
            "|NewestInstance|OldestInstance|arn:aws[^:]*:lambda:.+",
            "Default, AllocationStrategy, OldestLaunchTemplate, OldestLaunchConfiguration, ClosestToNextInstanceHour,"
            " NewestInstance, OldestInstance, and the ARN of a function",
        ),
    },
    "aws:apigateway/resource:Resource": {
        "pathPart": (r"[A-Za-z0-9._:$~!'()*,;=@-]+|\{[A-Za-z0-9._-]+\+?\}",
                     "letters, digits and . _ - : without '/', or a variable such as {id} or {proxy+}"),
    },
    "aws:autoscaling/schedule:Schedule": {"recurrence": (r"\S+( \S+){4}", "a cron expression of five fields")},
    "aws:autoscaling/policy:Policy": {
        "policyType": (
            "SimpleScaling|StepScaling|TargetTrackingScaling|PredictiveScaling",
            "SimpleScaling, StepScaling, TargetTrackingScaling and PredictiveScaling",
        ),
        "adjustmentType": (
            "ChangeInCapacity|ExactCapacity|PercentChangeInCapacity",
            "ChangeInCapacity, ExactCapacity and PercentChangeInCapacity",
        ),
    },
    # CloudFront: DefaultRootObject and PublicKeyConfig of the API model
    "aws:cloudfront/distribution:Distribution": {
        "defaultRootObject": (r"(?!/).{1,255}", "a file name without a leading '/', such as index.html"),
    },
    "aws:cloudfront/publicKey:PublicKey": {
        "encodedKey": (r"\s*-----BEGIN PUBLIC KEY-----.+-----END PUBLIC KEY-----\s*", "a public key in PEM format"),
    },
    "aws:cloudtrail/trail:Trail": {
        "name": (r"(?=.{3,128}$)[A-Za-z0-9]([A-Za-z0-9]|[._-](?![._-]))*[A-Za-z0-9]", "3 to 128 letters, digits, '.', '_', '-'"),
    },
    "aws:cloudwatch/eventBus:EventBus": {
        "name": (r"(?!aws\.(?!partner/))(?!default$)[/.\-_A-Za-z0-9]{1,256}", "letters, digits, '/', '.', '-' and '_', and another name than default"),
    },
    "aws:cognito/userPoolDomain:UserPoolDomain": {
        "domain": (r"(?=.*\.)[a-z0-9.-]+|(?!.*(aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
                   "lower-case letters, digits and hyphens, without the words aws, amazon and cognito"),
    },
    "aws:dms/replicationInstance:ReplicationInstance": {
        "replicationInstanceId": (r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,62}(?<!-)", "letters, digits and hyphens, first a letter"),
    },
    "aws:ecs/capacityProvider:CapacityProvider": {
        "name": (r"(?i:(?!aws|ecs|fargate))[A-Za-z0-9_-]{1,255}",
                 "letters, digits, '_' and '-', and no name that begins with aws, ecs or fargate"),
    },
    "aws:ec2/keyPair:KeyPair": {
        "publicKey": (
            r"\s*(ssh-(rsa|ed25519) [A-Za-z0-9+/=]{20,}.*|-----BEGIN .+|[A-Za-z0-9+/=\s]{200,})",
            "a public key of type RSA or ED25519, such as 'ssh-ed25519 AAAA...'",
        ),
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {
        "name": (r"[A-Za-z0-9().\-/_]{3,128}", "3 to 128 letters, digits and the characters ( ) . - / _"),
    },
    "aws:ec2/networkAclRule:NetworkAclRule": {
        "ruleNumber": (r"[1-9]\d{0,3}|[12]\d{4}|3[01]\d{3}|32[0-6]\d\d|327[0-5]\d|3276[0-6]", "1 to 32766"),
    },
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": {
        "cidrBlock": (r"[\d.]+/(1[6-9]|2[0-8])", "an IPv4 CIDR block from /16 to /28"),
    },
    "aws:ec2transitgateway/transitGateway:TransitGateway": {
        "amazonSideAsn": (
            r"6451[2-9]|645[2-9]\d|64[6-9]\d\d|65[0-4]\d\d|655[0-2]\d|6553[0-4]|42[0-8]\d{7}|429[0-3]\d{6}|42949[0-5]\d{4}"
            r"|429496[0-6]\d{3}|4294967[01]\d\d|42949672[0-8]\d|429496729[0-4]",
            "64512 to 65534 and 4200000000 to 4294967294",
        ),
    },
    "aws:cloudwatch/eventApiDestination:EventApiDestination": {
        "invocationEndpoint": (r"https://.+", "a URL that begins with https://"),
    },
    "aws:cloudwatch/eventPermission:EventPermission": {"principal": (r"\d{12}|\*", "an account id, or *")},
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
        "metricTransformation.name": (r"[^:*$]{0,255}", "up to 255 characters without : * $"),
        "metricTransformation.namespace": (r"[^:*$]{0,255}", "up to 255 characters without : * $"),
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"namespace": (r"[^:].{0,254}", "up to 255 characters, not starting with ':'")},
    "aws:sns/topic:Topic": {"displayName": (r"(?s).{0,100}", "up to 100 characters")},
    # ECR: CreatePullThroughCacheRule of the API model
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": {
        "upstreamRegistryUrl": (
            r"public\.ecr\.aws|registry\.k8s\.io|quay\.io|registry-1\.docker\.io|ghcr\.io|registry\.gitlab\.com|cgr\.dev"
            r"|[^.]+\.azurecr\.io|\d{12}\.dkr\.ecr\..+\.amazonaws\.com(\.cn)?",
            "public.ecr.aws, registry.k8s.io, quay.io, registry-1.docker.io, ghcr.io, registry.gitlab.com, cgr.dev,"
            " NAME.azurecr.io and private registries of ECR",
        ),
        "credentialArn": (
            r"arn:aws[^:]*:secretsmanager:[^:]+:\d{12}:secret:ecr-pullthroughcache/.+",
            "the ARN of a secret whose name begins with ecr-pullthroughcache/",
        ),
    },
    "aws:elasticache/serverlessCache:ServerlessCache": {
        "engine": ("(?i:valkey|redis|memcached)", "valkey, redis and memcached"),
        "dailySnapshotTime": (r"([01]\d|2[0-3]):[0-5]\d", "a time such as 05:00"),
        "name": (r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,39}(?<!-)", "up to 40 letters, digits and hyphens, first a letter"),
    },
    # EFS: PosixUser and CreationInfo of the API model
    "aws:efs/accessPoint:AccessPoint": {
        "rootDirectory.creationInfo.permissions": (r"[0-7]{3,4}", "an octal number such as 0755"),
        "rootDirectory.path": (r"/|(/[^/]+){1,4}/?", "a path of up to four folders that starts with '/'"),
    },
    "aws:elb/loadBalancer:LoadBalancer": {
        "name": (r"(?=.{1,32}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", "up to 32 letters, digits and hyphens"),
    },
    "aws:iam/accessKey:AccessKey": {"status": ("Active|Inactive", "Active and Inactive")},
    **{
        kind: {"path": _PATH}
        for kind in (
            "aws:iam/group:Group",
            "aws:iam/instanceProfile:InstanceProfile",
            "aws:iam/policy:Policy",
            "aws:iam/user:User",
        )
    },
    "aws:iam/role:Role": {"namePrefix": (r"[A-Za-z0-9+=,.@_-]{1,38}", "up to 38 letters, digits and the characters +=,.@_-")},
    "aws:iam/serverCertificate:ServerCertificate": {
        "certificateBody": (r"(?s)\s*-----BEGIN CERTIFICATE-----.+-----END CERTIFICATE-----\s*", "a certificate in PEM form"),
    },
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
        "awsServiceName": (r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?", "a service such as ecs.amazonaws.com"),
    },
    "aws:kinesis/stream:Stream": {
        "shardLevelMetrics[*]": (
            "IncomingBytes|IncomingRecords|OutgoingBytes|OutgoingRecords|WriteProvisionedThroughputExceeded"
            "|ReadProvisionedThroughputExceeded|IteratorAgeMilliseconds|ALL",
            "the metrics of ShardLevelMetrics, such as IncomingBytes",
        ),
    },
    "aws:lambda/alias:Alias": {
        "name": (r"(?!\d+$)[A-Za-z0-9_-]{1,128}", "letters, digits, '_' and '-', and not digits alone"),
        "functionVersion": (r"\$LATEST|\d+", "$LATEST or the number of a version"),
    },
    "aws:lambda/function:Function": {
        "deadLetterConfig.targetArn": (r"arn:aws[^:]*:(sqs|sns):.+", "the ARN of a queue or a topic"),
    },
    "aws:lambda/functionUrl:FunctionUrl": {"qualifier": (r"(?!\d+$)[0-9a-zA-Z_-]+", "the name of an alias")},
    "aws:lambda/layerVersion:LayerVersion": {"layerName": (r"[A-Za-z0-9_-]{1,140}|arn:.+", "letters, digits, '-' and '_'")},
    "aws:lambda/permission:Permission": {"statementId": (r"[A-Za-z0-9_-]{1,100}", "up to 100 letters, digits, '-' and '_'")},
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": {
        "qualifier": (r"(?!\$LATEST$).+", "a version or an alias; $LATEST has no provisioned concurrency"),
    },
    "aws:route53/record:Record": {
        "weightedRoutingPolicies[*].weight": (r"\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]", "0 to 255"),
        "latencyRoutingPolicies[*].region": (r"[a-z]{2,3}(-[a-z]+)+-\d", "a region such as eu-west-1"),
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        "description": (r"[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]{0,255}", "up to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"),
    },
    **{
        kind: {
            "description": (r"[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]{0,255}", "up to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"),
        }
        for kind in (
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        )
    },
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": {
        "corsRules[*].allowedOrigins[*]": (r"[^*]*\*?[^*]*", "origins with one wildcard at most"),
    },
    "aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration": {
        "bucket": (r"[^.]+", "the name of a bucket without dots"),
    },
    "aws:s3/accessPoint:AccessPoint": {
        "name": (r"(?!xn--)(?!.*-s3alias$)[a-z0-9][a-z0-9-]{1,48}[a-z0-9]", "3 to 50 lower-case letters, digits and hyphens"),
    },
    "aws:s3/bucketMetric:BucketMetric": {"name": (r"[A-Za-z0-9._-]{1,64}", "letters, digits, '.', '_' and '-'")},
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": {
        "indexDocument.suffix": (r"[^/]+", "a file name without '/'"),
    },
    "aws:ssm/document:Document": {
        "name": (r"(?i:(?!(aws-|amazon|amzn)))[A-Za-z0-9_.-]{3,128}", "3 to 128 letters, digits, '_', '-' and '.', not starting with aws-, amazon or amzn"),
    },
    "aws:ssm/maintenanceWindow:MaintenanceWindow": {
        "schedule": (r"(cron|rate|at)\(.+\)", "cron(…), rate(…) and at(…)"),
    },
    "aws:ssm/association:Association": {
        "scheduleExpression": (r"(cron|rate|at)\(.+\)", "cron(…), rate(…) and at(…)"),
    },
    "aws:ssm/parameter:Parameter": {
        "name": (r"(?i:(?!/?(aws|ssm)))[A-Za-z0-9_.\-/]+|/(?!(?i:aws|ssm))[A-Za-z0-9_.\-/]*|arn:.+",
                 "letters, digits, '_', '.', '-' and '/', and no name that begins with aws or ssm"),
    },
}  # fmt: skip

COMMON_RULES: tuple[BehaviourRule, ...] = (
    input_formats(
        PATTERNS,
        documented(
            "AWS API models of botocore 1.43 (documentation of each member) and the validators of"
            " terraform-provider-aws (2024-04-17)",
            read="2026-11-28",
        ),
    ),
)
