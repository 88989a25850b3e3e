"""The forms of inputs of AWS types that the provider or the API checks and no model states."""

# ruff: noqa: E501 - a pattern stays on one line

from __future__ import annotations

from ..behaviour import BehaviourRule, documented
from ..input_rules import Patterns, input_formats

_PATH = (r"/|/[!-~]+/", "'/' or a path that begins and ends with '/', such as '/team/'")

_GRAPHQL_NAME = (r"[_A-Za-z][_0-9A-Za-z]{0,65535}", "letters, digits and '_', and not first a digit")
_DB_PASSWORD = (r"[^/\"@]{8,100}", "8 to 100 characters without '/', '\"' and '@'")
_GLUE_CRON = (r"cron\(\S+( \S+){5}\)", "an expression of six fields such as cron(15 12 * * ? *)")
_STATELESS = (r"(?!aws:).+|aws:(pass|drop|forward_to_sfe)", "aws:pass, aws:drop, aws:forward_to_sfe and custom actions")

_RPUS = "|".join(map(str, (4, *range(8, 513, 8), *range(544, 1025, 32))))

_CODE = (r"(?s).*\{####\}.*", "a text with {####}, where the code is")
_SEMANTIC = (r"\d+\.\d+\.\d+", "a version such as 1.0.0")
_PRIVATE_ASN = (
    r"6451[2-9]|645[2-9]\d|64[6-9]\d\d|65[0-4]\d\d|655[0-2]\d|6553[0-4]|42[0-8]\d{7}|429[0-3]\d{6}|42949[0-5]\d{4}"
    r"|429496[0-6]\d{3}|4294967[01]\d\d|42949672[0-8]\d|429496729[0-4]",
    "64512 to 65534 and 4200000000 to 4294967294",
)
_TUNNEL = (r"169\.254\.\d{1,3}\.\d{1,3}/30", "a /30 block of 169.254.0.0/16")
_SHARED_KEY = (r"(?!0)[A-Za-z0-9._]{8,64}", "8 to 64 letters, digits, '.' and '_', and not first a 0")


def _numbers(low: int, high: int) -> str:
    """Return a pattern of the whole numbers of a range."""
    return "|".join(map(str, range(low, high + 1)))


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
    # Names of instance types and versions, which the API refuses
    "aws:appsync/dataSource:DataSource": {"name": _GRAPHQL_NAME},
    "aws:appsync/function:Function": {"name": _GRAPHQL_NAME},
    "aws:athena/workgroup:Workgroup": {
        "configuration.resultConfiguration.outputLocation": (r"s3://.+", "a path such as s3://bucket/folder/"),
    },
    "aws:apigateway/stage:Stage": {"stageName": (r"[A-Za-z0-9_-]{1,128}", "letters, digits, '_' and '-'")},
    "aws:codebuild/project:Project": {
        "buildTimeout": (_numbers(5, 2160), "5 to 2160 minutes"),
        "queuedTimeout": (_numbers(5, 480), "5 to 480 minutes"),
    },
    "aws:dynamodb/table:Table": {
        "pointInTimeRecovery.recoveryPeriodInDays": (_numbers(1, 35), "1 to 35 days"),
    },
    "aws:emr/cluster:Cluster": {"releaseLabel": (r"emr-\d+\.\d+\.\d+(-\w+)?", "a release such as emr-7.0.0")},
    "aws:emrserverless/application:Application": {
        "releaseLabel": (r"emr-\d+\.\d+\.\d+(-\w+)?", "a release such as emr-7.0.0"),
    },
    "aws:ec2/vpnConnection:VpnConnection": {
        "tunnel1InsideCidr": _TUNNEL, "tunnel2InsideCidr": _TUNNEL,
        "tunnel1PresharedKey": _SHARED_KEY, "tunnel2PresharedKey": _SHARED_KEY,
    },
    "aws:iot/topicRule:TopicRule": {"name": (r"[A-Za-z0-9_]{1,128}|.+-[0-9a-f]{7}", "letters, digits and '_'")},
    "aws:lightsail/disk:Disk": {"sizeInGb": (r"[89]|[1-9]\d+", "8 GB or more")},
    "aws:ssoadmin/permissionSet:PermissionSet": {
        "sessionDuration": (r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+[DW])?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
                            "a duration of ISO 8601 such as PT8H"),
    },
    "aws:synthetics/canary:Canary": {
        "runtimeVersion": (r"syn-(nodejs|python)[a-z-]*-\d+\.\d+", "a runtime such as syn-nodejs-puppeteer-9.1"),
    },
    "aws:apigatewayv2/authorizer:Authorizer": {"jwtConfiguration.issuer": (r"https://.+", "a URL such as https://idp.example.com")},
    "aws:apprunner/service:Service": {
        "sourceConfiguration.imageRepository.imageIdentifier": (
            r"\d{12}\.dkr\.ecr\..+/.+|public\.ecr\.aws/.+/.+", "an image of ECR or ECR Public",
        ),
    },
    "aws:appsync/apiCache:ApiCache": {"ttl": (_numbers(1, 3600), "1 to 3600 seconds")},
    "aws:cloudtrail/trail:Trail": {
        "name": (r"(?=.{3,128}$)[A-Za-z0-9]([A-Za-z0-9]|[._-](?![._-]))*[A-Za-z0-9]", "3 to 128 letters, digits, '.', '_', '-'"),
        "cloudWatchLogsGroupArn": (r"arn:.+:\*", "the ARN of a log group that ends with ':*'"),
    },
    "aws:directconnect/gateway:Gateway": {"amazonSideAsn": _PRIVATE_ASN},
    "aws:directoryservice/directory:Directory": {
        "password": (
            r"(?=.{8,64}$)((?=.*\d)(?=.*[A-Z])(?=.*[a-z])|(?=.*\d)(?=.*[^A-Za-z0-9\s])(?=.*[a-z])"
            r"|(?=.*[^A-Za-z0-9\s])(?=.*[A-Z])(?=.*[a-z])|(?=.*\d)(?=.*[A-Z])(?=.*[^A-Za-z0-9\s])).*",
            "8 to 64 characters with three of lower case, upper case, digits and symbols",
        ),
    },
    "aws:fsx/windowsFileSystem:WindowsFileSystem": {
        "throughputCapacity": ("8|16|32|64|128|256|512|1024|2048|4608|6144|9216|12288", "8, 16, 32, ..., 2048, 4608, 6144, 9216 and 12288 MB/s"),
    },
    "aws:glue/job:Job": {"glueVersion": (r"0\.9|1\.0|2\.0|3\.0|4\.0|5\.[01]", "0.9, 1.0, 2.0, 3.0, 4.0, 5.0 and 5.1")},
    "aws:imagebuilder/component:Component": {"version": _SEMANTIC},
    "aws:imagebuilder/containerRecipe:ContainerRecipe": {"version": _SEMANTIC},
    "aws:imagebuilder/imageRecipe:ImageRecipe": {"version": _SEMANTIC},
    "aws:transfer/sshKey:SshKey": {
        "body": (r"\s*(ssh-(rsa|ed25519)|ecdsa-sha2-nistp\d{3}) \S+.*", "a public key such as 'ssh-rsa AAAA...'"),
    },
    "aws:apigateway/model:Model": {"name": (r"[A-Za-z0-9]+|.+-[0-9a-f]{7}", "letters and digits")},
    "aws:apigateway/usagePlanKey:UsagePlanKey": {"keyType": ("API_KEY", "API_KEY")},
    "aws:apigateway/integration:Integration": {"timeoutMilliseconds": (r"[5-9]\d|[1-9]\d{2,5}", "50 ms or more")},
    "aws:cognito/resourceServer:ResourceServer": {
        "scopes[*].scopeName": (r"[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+", "characters without spaces, quotes, '/' and '\\'"),
    },
    "aws:cognito/userPool:UserPool": {
        "emailVerificationMessage": _CODE, "smsAuthenticationMessage": _CODE, "smsVerificationMessage": _CODE,
        "verificationMessageTemplate.emailMessage": _CODE, "verificationMessageTemplate.smsMessage": _CODE,
    },
    "aws:docdb/clusterInstance:ClusterInstance": {
        "instanceClass": (r"db\.(r4|r5|r6g|r6gd|r8g)\.\w+|db\.(t3|t4g)\.medium|db\.serverless",
                          "the classes of DocumentDB, such as db.r6g.large and db.t4g.medium"),
        "promotionTier": (_numbers(0, 15), "0 to 15"),
    },
    "aws:efs/fileSystem:FileSystem": {
        "provisionedThroughputInMibps": (r"[1-9]\d{0,2}(\.\d+)?|[12]\d{3}(\.\d+)?|3([0-3]\d\d|40\d|41[0-4])(\.\d+)?", "1 to 3414 MiB/s"),
    },
    "aws:rds/instance:Instance": {
        "caCertIdentifier": (r"rds-ca-(2019|rsa2048-g1|rsa4096-g1|ecc384-g1)(-\w+)?",
                             "rds-ca-rsa2048-g1, rds-ca-rsa4096-g1 and rds-ca-ecc384-g1"),
    },
    "aws:rds/proxy:Proxy": {"idleClientTimeout": (r"[1-9]\d{0,3}|1\d{4}|2[0-7]\d{3}|28[0-7]\d\d|28800", "1 to 28800 seconds")},
    "aws:dax/cluster:Cluster": {"replicationFactor": (_numbers(1, 11), "1 to 11"), "nodeType": (r"dax\..+", "a node type such as dax.t3.small")},
    "aws:docdb/cluster:Cluster": {
        "engineVersion": (r"(3\.6|4\.0|5\.0|8\.0)(\.\d+)?", "3.6.0, 4.0.0, 5.0.0 and 8.0.0"),
        "masterPassword": _DB_PASSWORD,
        "masterUsername": (r"[A-Za-z][A-Za-z0-9_]{0,62}", "up to 63 letters and digits, first a letter"),
    },
    "aws:glue/crawler:Crawler": {"schedule": _GLUE_CRON},
    "aws:glue/trigger:Trigger": {"schedule": _GLUE_CRON},
    "aws:lightsail/instance:Instance": {
        "bundleId": (r"(nano|micro|small|medium|(\dx|\d+x)?large)(_win)?(_ipv6)?_\d_\d", "a bundle such as nano_3_0"),
    },
    "aws:memorydb/cluster:Cluster": {
        "nodeType": (r"db\.(t4g|r6g|r6gd|r7g)\.\w+", "the node types of MemoryDB, such as db.t4g.small"),
        "engineVersion": (r"6\.2(\.\d+)?|7\.[0-3](\.\d+)?", "6.2, 7.0, 7.1, 7.2 and 7.3"),
    },
    "aws:mq/broker:Broker": {
        "hostInstanceType": (r"mq\.(t2|t3|m4|m5|m7g)\..+", "an instance type such as mq.m5.large"),
        "users[*].password": (r"[^,:=]{12,250}", "12 to 250 characters without ',', ':' and '='"),
    },
    "aws:msk/cluster:Cluster": {
        "brokerNodeGroupInfo.instanceType": (r"kafka\.(t3\.small|m5\.\w+|m7g\.\w+)|express\.m7g\.\w+",
                                             "a broker type such as kafka.m5.large"),
        "kafkaVersion": (
            r"1\.1\.1|2\.2\.1|2\.3\.1|2\.4\.1(\.1)?|2\.5\.1|2\.6\.[0-3]|2\.7\.[0-2]|2\.8\.[01]|2\.8\.2\.tiered|3\.1\.1"
            r"|3\.2\.0|3\.3\.[12]|3\.4\.0|3\.5\.1|3\.6\.0(\.1)?|3\.[7-9]\.x(\.kraft)?|4\.\d\.x(\.kraft)?",
            "the versions of Amazon MSK, such as 3.6.0, 3.8.x and 3.9.x.kraft",
        ),
    },
    "aws:neptune/clusterInstance:ClusterInstance": {
        "instanceClass": (r"db\.(r4|r5|r5d|r6g|r6gd|r6i|r7g|r7gd|r7i|r8g|x2g|x2gd|x2iedn|x2iezn)\.\w+"
                          r"|db\.(t3|t4g)\.medium|db\.serverless",
                          "the classes of Neptune, such as db.r6g.large and db.t4g.medium"),
    },
    "aws:neptune/cluster:Cluster": {"engineVersion": (r"1\.\d+\.\d+\.\d+", "a version such as 1.3.1.0")},
    "aws:networkfirewall/firewallPolicy:FirewallPolicy": {
        "firewallPolicy.statelessDefaultActions[*]": _STATELESS,
        "firewallPolicy.statelessFragmentDefaultActions[*]": _STATELESS,
    },
    "aws:opensearch/domain:Domain": {
        "engineVersion": (
            r"OpenSearch_(1\.[0-3]|2\.(3|5|7|9|11|13|15|17|19)|3\.\d)"
            r"|Elasticsearch_(1\.5|2\.3|5\.[1356]|6\.[02-8]|7\.(1|4|7|8|9|10))",
            "the versions of OpenSearch Service, such as OpenSearch_2.19 and Elasticsearch_7.10",
        ),
        "clusterConfig.dedicatedMasterCount": ("3|5", "3 and 5"),
        "ebsOptions.volumeSize": (r"[1-9]\d+", "10 GiB or more"),
    },
    "aws:dms/replicationInstance:ReplicationInstance": {
        "replicationInstanceClass": (r"dms\..+", "a class such as dms.t3.medium"),
        "replicationInstanceId": (r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,62}(?<!-)", "letters, digits and hyphens, first a letter"),
    },
    "aws:ram/principalAssociation:PrincipalAssociation": {
        "principal": (r"\d{12}|arn:[^:]+:(iam|organizations):.+|[a-z0-9.-]+\.amazonaws\.com",
                      "an account id, or the ARN of an organization, organizational unit, role or user"),
    },
    "aws:redshiftserverless/workgroup:Workgroup": {
        "baseCapacity": (_RPUS, "4, multiples of 8 up to 512, and multiples of 32 up to 1024 RPUs"),
    },
    "aws:redshift/cluster:Cluster": {
        "databaseName": (r"[a-z_][a-z0-9_$]{0,63}", "lower-case letters, digits, '_' and '$', and not first a digit"),
        "nodeType": (r"(?i:ra3\.(large|xlplus|4xlarge|16xlarge)|dc[12]\.(large|8xlarge)|rg\.\w+)",
                     "ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge, dc2.large and dc2.8xlarge"),
    },
    # CloudFront: DefaultRootObject and PublicKeyConfig of the API model
    "aws:cloudfront/distribution:Distribution": {
        "defaultRootObject": (r"(?!/).{1,255}", "a file name without a leading '/', such as index.html"),
    },
    "aws:cloudfront/publicKey:PublicKey": {
        "encodedKey": (r"\s*-----BEGIN PUBLIC KEY-----.+-----END PUBLIC KEY-----\s*", "a public key in PEM format"),
    },
    "aws:cloudwatch/eventBus:EventBus": {
        "name": (r"(?!aws\.(?!partner/))(?!default$)[/.\-_A-Za-z0-9]{1,256}", "letters, digits, '/', '.', '-' and '_', and another name than default"),
    },
    "aws:cognito/userPoolDomain:UserPoolDomain": {
        "domain": (r"(?=.*\.)[a-z0-9.-]+|(?!.*(aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
                   "lower-case letters, digits and hyphens, without the words aws, amazon and cognito"),
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
    "aws:ec2transitgateway/transitGateway:TransitGateway": {"amazonSideAsn": _PRIVATE_ASN},
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
