"""Unusual inputs that the providers and their clouds accept, most of them of types without a behaviour row."""

# ruff: noqa: E501 - an input stays on one line

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RIGHT: Mapping[str, tuple[dict[str, Any], ...]] = {
    "aws:acm/certificate:Certificate": (
        {
            "domainName": "*.example.com",
            "subjectAlternativeNames": ["example.com"],
            "validationMethod": "DNS",
            "keyAlgorithm": "EC_prime256v1",
        },
    ),
    "aws:apigateway/integration:Integration": (
        {"restApi": "r", "resourceId": "x", "httpMethod": "GET", "type": "MOCK"},
        {
            "restApi": "r",
            "resourceId": "x",
            "httpMethod": "GET",
            "type": "AWS_PROXY",
            "uri": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:210987654321:function:f/invocations",
            "integrationHttpMethod": "POST",
            "timeoutMilliseconds": 60000,
        },
    ),
    "aws:apigateway/restApi:RestApi": (
        {"endpointConfiguration": {"types": "REGIONAL"}, "minimumCompressionSize": "-1"},
    ),
    "aws:apigateway/usagePlan:UsagePlan": ({"quotaSettings": {"limit": 10, "period": "MONTH", "offset": 27}},),
    "aws:apigatewayv2/api:Api": (
        {
            "protocolType": "HTTP",
            "corsConfiguration": {"allowCredentials": True, "allowOrigins": ["https://a.example.com"]},
        },
        {"protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"},
        {"protocolType": "HTTP", "target": "arn:aws:lambda:eu-west-1:123456789012:function:f", "routeKey": "$default"},
    ),
    "aws:apigatewayv2/integration:Integration": (
        {
            "apiId": "a",
            "integrationType": "AWS_PROXY",
            "integrationSubtype": "SQS-SendMessage",
            "payloadFormatVersion": "1.0",
            "requestParameters": {"QueueUrl": "u"},
        },
        {
            "apiId": "a",
            "integrationType": "AWS_PROXY",
            "integrationUri": "arn:aws:lambda:eu-west-1:123456789012:function:f",
            "payloadFormatVersion": "2.0",
            "timeoutMilliseconds": 30000,
        },
    ),
    "aws:apigatewayv2/route:Route": ({"apiId": "a", "routeKey": "ANY /{proxy+}", "authorizationType": "AWS_IAM"},),
    "aws:apigatewayv2/stage:Stage": ({"apiId": "a", "name": "$default", "autoDeploy": True},),
    "aws:autoscaling/group:Group": (
        {
            "maxSize": 0,
            "minSize": 0,
            "desiredCapacity": 0,
            "launchTemplate": {"id": "lt-0", "version": "$Latest"},
            "vpcZoneIdentifiers": ["subnet-1"],
            "healthCheckType": "ELB",
        },
        {
            "maxSize": 2,
            "minSize": 1,
            "vpcZoneIdentifiers": ["subnet-1"],
            "mixedInstancesPolicy": {
                "launchTemplate": {
                    "launchTemplateSpecification": {"launchTemplateId": "lt-0"},
                    "overrides": [
                        {"instanceType": "m6i.large"},
                        {"instanceType": "m7i.large", "weightedCapacity": "2"},
                    ],
                },
                "instancesDistribution": {
                    "spotAllocationStrategy": "price-capacity-optimized",
                    "onDemandPercentageAboveBaseCapacity": 0,
                },
            },
        },
    ),
    "aws:autoscaling/policy:Policy": (
        {
            "autoscalingGroupName": "g",
            "policyType": "TargetTrackingScaling",
            "targetTrackingConfiguration": {
                "targetValue": 50,
                "predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"},
            },
        },
        {"autoscalingGroupName": "g", "adjustmentType": "ChangeInCapacity", "scalingAdjustment": -1, "cooldown": 300},
        {
            "autoscalingGroupName": "g",
            "policyType": "StepScaling",
            "adjustmentType": "PercentChangeInCapacity",
            "minAdjustmentMagnitude": 1,
            "stepAdjustments": [{"scalingAdjustment": 1, "metricIntervalLowerBound": "0"}],
        },
    ),
    "aws:batch/jobDefinition:JobDefinition": ({"type": "container", "platformCapabilities": ["FARGATE"]},),
    "aws:cloudformation/stack:Stack": (
        {
            "templateBody": '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}',
            "capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            "onFailure": "DO_NOTHING",
        },
    ),
    "aws:cloudtrail/trail:Trail": ({"s3BucketName": "b", "name": "org.trail_1-x", "isMultiRegionTrail": True},),
    "aws:cloudwatch/eventBus:EventBus": ({"name": "orders.v1"},),
    "aws:cloudwatch/eventRule:EventRule": (
        {"scheduleExpression": "rate(1 minute)", "state": "DISABLED"},
        {"scheduleExpression": "cron(0 12 ? * MON-FRI *)"},
    ),
    "aws:cloudwatch/eventTarget:EventTarget": (
        {
            "rule": "r",
            "arn": "arn:aws:lambda:eu-west-1:123456789012:function:f",
            "inputTransformer": {"inputPaths": {"a": "$.b"}, "inputTemplate": '"<a>"'},
        },
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        {"name": "/aws/lambda/f", "retentionInDays": 0, "logGroupClass": "INFREQUENT_ACCESS"},
    ),
    "aws:codebuild/project:Project": (
        {
            "artifacts": {"type": "NO_ARTIFACTS"},
            "serviceRole": "arn:aws:iam::123456789012:role/r",
            "environment": {
                "computeType": "BUILD_GENERAL1_SMALL",
                "image": "aws/codebuild/standard:7.0",
                "type": "LINUX_CONTAINER",
            },
            "source": {"type": "GITHUB", "location": "https://github.com/a/b.git"},
            "buildTimeout": 2160,
        },
    ),
    "aws:cognito/userPool:UserPool": (
        {
            "usernameAttributes": ["email"],
            "autoVerifiedAttributes": ["email"],
            "mfaConfiguration": "OPTIONAL",
            "softwareTokenMfaConfiguration": {"enabled": True},
        },
        {"aliasAttributes": ["email", "preferred_username"], "passwordPolicy": {"minimumLength": 99}},
    ),
    "aws:cognito/userPoolClient:UserPoolClient": (
        {
            "userPoolId": "p",
            "explicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "refreshTokenValidity": 10,
            "tokenValidityUnits": {"refreshToken": "hours"},
            "accessTokenValidity": 5,
        },
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": (
        {
            "userPoolId": "p",
            "domain": "auth.example.com",
            "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000",
        },
    ),
    "aws:dynamodb/table:Table": (
        {
            "attributes": [{"name": "id", "type": "S"}, {"name": "g", "type": "N"}],
            "hashKey": "id",
            "rangeKey": "g",
            "billingMode": "PAY_PER_REQUEST",
            "ttl": {"enabled": False},
            "localSecondaryIndexes": [{"name": "l", "rangeKey": "g", "projectionType": "KEYS_ONLY"}],
        },
        {
            "attributes": [{"name": "id", "type": "S"}, {"name": "g", "type": "S"}],
            "hashKey": "id",
            "readCapacity": 1,
            "writeCapacity": 1,
            "globalSecondaryIndexes": [
                {
                    "name": "gi",
                    "hashKey": "g",
                    "projectionType": "INCLUDE",
                    "nonKeyAttributes": ["x"],
                    "readCapacity": 1,
                    "writeCapacity": 1,
                }
            ],
        },
    ),
    "aws:ebs/volume:Volume": (
        {"availabilityZone": "eu-west-1a", "size": 10, "type": "gp3", "iops": 3000, "throughput": 1500},
        {"availabilityZone": "eu-west-1a", "snapshotId": "snap-1"},
    ),
    "aws:ec2/instance:Instance": (
        {
            "ami": "ami-0123456789abcdef0",
            "instanceType": "t3.micro",
            "metadataOptions": {"httpTokens": "required"},
            "rootBlockDevice": {"volumeType": "gp3", "throughput": 125, "iops": 3000},
            "cpuOptions": {"coreCount": 1, "threadsPerCore": 1},
        },
    ),
    "aws:ec2/keyPair:KeyPair": (
        {"publicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFmw0000000000000000000000000000000000000000 me@host"},
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        {
            "namePrefix": "app-",
            "instanceRequirements": {"memoryMib": {"min": 2048}, "vcpuCount": {"min": 1}},
            "userData": "IyEvYmluL2Jhc2g=",
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2},
        },
        {
            "blockDeviceMappings": [
                {
                    "deviceName": "/dev/xvda",
                    "ebs": {
                        "volumeType": "gp3",
                        "throughput": 2000,
                        "encrypted": "true",
                        "deleteOnTermination": "true",
                    },
                }
            ]
        },
    ),
    "aws:ec2/networkAclRule:NetworkAclRule": (
        {
            "networkAclId": "n",
            "ruleNumber": 32766,
            "protocol": "-1",
            "ruleAction": "deny",
            "ipv6CidrBlock": "::/0",
            "egress": True,
        },
    ),
    "aws:ec2/placementGroup:PlacementGroup": ({"strategy": "partition", "partitionCount": 7},),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": ({"vpcId": "v", "cidrBlock": "100.64.0.0/16"},),
    "aws:ec2transitgateway/transitGateway:TransitGateway": ({"amazonSideAsn": 4200000000, "dnsSupport": "enable"},),
    "aws:ecr/repository:Repository": (
        {
            "name": "team/app_1.web-x",
            "imageTagMutability": "IMMUTABLE",
            "encryptionConfigurations": [{"encryptionType": "KMS"}],
        },
    ),
    "aws:efs/accessPoint:AccessPoint": (
        {
            "fileSystemId": "fs",
            "posixUser": {"gid": 0, "uid": 0},
            "rootDirectory": {
                "path": "/a/b",
                "creationInfo": {"ownerGid": 1000, "ownerUid": 1000, "permissions": "0755"},
            },
        },
    ),
    "aws:efs/fileSystem:FileSystem": (
        {
            "throughputMode": "elastic",
            "encrypted": True,
            "lifecyclePolicies": [
                {"transitionToIa": "AFTER_1_DAY"},
                {"transitionToArchive": "AFTER_90_DAYS"},
                {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
            ],
        },
        {"throughputMode": "provisioned", "provisionedThroughputInMibps": 1.5, "availabilityZoneName": "eu-west-1a"},
    ),
    "aws:elb/loadBalancer:LoadBalancer": (
        {
            "listeners": [{"instancePort": 80, "instanceProtocol": "http", "lbPort": 80, "lbProtocol": "http"}],
            "subnets": ["subnet-1"],
            "name": "a-1",
        },
    ),
    "aws:glue/job:Job": (
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "command": {"scriptLocation": "s3://x"},
            "numberOfWorkers": 2,
            "workerType": "G.1X",
            "glueVersion": "4.0",
        },
    ),
    "aws:iam/role:Role": (
        {
            "assumeRolePolicy": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.amazonaws.com"}}]}',
            "maxSessionDuration": 43200,
            "path": "/",
        },
    ),
    "aws:iam/user:User": ({"name": "first.last+x=1,@a-b_c", "path": "/team/ops/", "forceDestroy": True},),
    "aws:kinesis/stream:Stream": (
        {"streamModeDetails": {"streamMode": "ON_DEMAND"}, "retentionPeriod": 8760},
        {"shardCount": 1, "shardLevelMetrics": ["IncomingBytes", "OutgoingBytes"], "encryptionType": "NONE"},
    ),
    "aws:kms/key:Key": (
        {"customerMasterKeySpec": "ECC_NIST_P256", "keyUsage": "SIGN_VERIFY", "deletionWindowInDays": 30},
        {"rotationPeriodInDays": 2560, "enableKeyRotation": True, "multiRegion": True},
    ),
    "aws:lambda/alias:Alias": (
        {"functionName": "f", "functionVersion": "$LATEST", "name": "live-1"},
        {
            "functionName": "f",
            "functionVersion": "7",
            "name": "v7",
            "routingConfig": {"additionalVersionWeights": {"8": 0.1}},
        },
    ),
    "aws:lambda/eventSourceMapping:EventSourceMapping": (
        {
            "functionName": "f",
            "selfManagedEventSource": {"endpoints": {"KAFKA_BOOTSTRAP_SERVERS": "a:9092"}},
            "topics": ["t"],
            "startingPosition": "TRIM_HORIZON",
        },
        {
            "functionName": "f",
            "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q",
            "batchSize": 10000,
            "maximumBatchingWindowInSeconds": 300,
        },
        {
            "functionName": "f",
            "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q.fifo",
            "batchSize": 10,
            "functionResponseTypes": ["ReportBatchItemFailures"],
        },
        {
            "functionName": "f",
            "eventSourceArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/s",
            "startingPosition": "AT_TIMESTAMP",
            "startingPositionTimestamp": "2026-01-01T00:00:00Z",
            "parallelizationFactor": 10,
        },
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (
        {"functionName": "f", "maximumRetryAttempts": 0, "maximumEventAgeInSeconds": 60},
    ),
    "aws:lambda/functionUrl:FunctionUrl": (
        {
            "functionName": "f",
            "authorizationType": "NONE",
            "cors": {"maxAge": 86400, "allowOrigins": ["*"], "allowCredentials": True},
        },
    ),
    "aws:lambda/layerVersion:LayerVersion": (
        {"layerName": "l", "s3Bucket": "layers", "s3Key": "k", "compatibleRuntimes": ["python3.13"]},
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        {
            "subnets": ["subnet-1", "subnet-2"],
            "ipAddressType": "dualstack",
            "xffHeaderProcessingMode": "preserve",
            "desyncMitigationMode": "strictest",
        },
    ),
    "aws:lb/targetGroup:TargetGroup": (
        {"targetType": "lambda", "healthCheck": {"enabled": True, "interval": 35, "timeout": 30}},
    ),
    "aws:opensearch/domain:Domain": (
        {
            "domainName": "search-1",
            "clusterConfig": {
                "instanceType": "t3.small.search",
                "zoneAwarenessEnabled": True,
                "zoneAwarenessConfig": {"availabilityZoneCount": 3},
                "instanceCount": 3,
            },
            "ebsOptions": {"ebsEnabled": True, "volumeType": "gp3", "volumeSize": 10},
        },
    ),
    "aws:rds/instance:Instance": (
        {
            "identifier": "db",
            "engine": "postgres",
            "instanceClass": "db.t4g.micro",
            "allocatedStorage": 20,
            "username": "app",
            "password": "longenough",
            "backupWindow": "23:30-00:00",
            "maintenanceWindow": "Mon:00:00-Mon:03:00",
        },
    ),
    "aws:redshift/cluster:Cluster": (
        {
            "clusterIdentifier": "dwh",
            "nodeType": "ra3.large",
            "masterUsername": "admin",
            "masterPassword": "Passw0rdX",
            "skipFinalSnapshot": True,
        },
    ),
    "aws:route53/healthCheck:HealthCheck": (
        {"type": "CALCULATED", "childHealthThreshold": 1, "childHealthchecks": ["a", "b"]},
    ),
    "aws:route53/record:Record": (
        {
            "zoneId": "Z",
            "name": "a",
            "type": "A",
            "records": ["1.2.3.4"],
            "ttl": 60,
            "failoverRoutingPolicies": [{"type": "PRIMARY"}],
            "setIdentifier": "x",
            "healthCheckId": "h",
        },
        {"zoneId": "Z", "name": "*.a", "type": "CNAME", "records": ["b.example.com"], "ttl": 0},
    ),
    "aws:route53/resolverEndpoint:ResolverEndpoint": (
        {
            "direction": "OUTBOUND",
            "ipAddresses": [{"subnetId": "a"}, {"subnetId": "b", "ip": "10.0.0.4"}],
            "securityGroupIds": ["sg-1"],
        },
    ),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": (
        {
            "bucket": "b",
            "name": "n",
            "tierings": [
                {"accessTier": "ARCHIVE_ACCESS", "days": 90},
                {"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 180},
            ],
        },
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": (
        {"bucket": "b", "rule": {"defaultRetention": {"mode": "GOVERNANCE", "years": 1}}},
    ),
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": (
        {"bucket": "b", "redirectAllRequestsTo": {"hostName": "h", "protocol": "https"}},
        {
            "bucket": "b",
            "indexDocument": {"suffix": "index.html"},
            "errorDocument": {"key": "errors/404.html"},
            "routingRules": [
                {"condition": {"keyPrefixEquals": "docs/"}, "redirect": {"replaceKeyPrefixWith": "documents/"}}
            ],
        },
    ),
    "aws:secretsmanager/secret:Secret": ({"recoveryWindowInDays": 0, "forceOverwriteReplicaSecret": True},),
    "aws:secretsmanager/secretVersion:SecretVersion": ({"secretId": "s", "secretBinary": "YQ=="},),
    "aws:sesv2/emailIdentity:EmailIdentity": ({"emailIdentity": "example.com"},),
    "aws:sfn/stateMachine:StateMachine": (
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "type": "EXPRESS",
            "definition": '{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "B"}], "Default": "C"}, "B": {"Type": "Map", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Pass", "End": true}}}, "End": true}, "C": {"Type": "Fail"}}}',
        },
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "definition": '{"QueryLanguage": "JSONata", "StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}], "Next": "E"}, "E": {"Type": "Succeed"}}}',
        },
    ),
    "aws:sns/topic:Topic": ({"name": "t.fifo", "fifoTopic": True, "contentBasedDeduplication": True},),
    "aws:sns/topicSubscription:TopicSubscription": (
        {
            "topic": "arn:aws:sns:eu-west-1:123456789012:t",
            "protocol": "sqs",
            "endpoint": "arn:aws:sqs:eu-west-1:123456789012:q",
            "filterPolicy": '{"a":["b"]}',
            "filterPolicyScope": "MessageBody",
            "rawMessageDelivery": True,
        },
    ),
    "aws:sqs/queue:Queue": (
        {
            "name": "q.fifo",
            "fifoQueue": True,
            "deduplicationScope": "messageGroup",
            "fifoThroughputLimit": "perMessageGroupId",
            "contentBasedDeduplication": True,
        },
        {
            "visibilityTimeoutSeconds": 0,
            "messageRetentionSeconds": 1209600,
            "maxMessageSize": 1048576,
            "receiveWaitTimeSeconds": 20,
        },
    ),
    "aws:ssm/parameter:Parameter": (
        {"type": "StringList", "value": "a,b", "name": "/app/prod/list"},
        {"type": "SecureString", "value": "x" * 8192, "tier": "Advanced", "name": "awesome"},
        {"type": "String", "insecureValue": "x", "dataType": "text", "allowedPattern": "^x$"},
    ),
    "cloudflare:index/accessRule:AccessRule": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "mode": "block",
            "configuration": {"target": "country", "value": "T1"},
        },
    ),
    "cloudflare:index/customHostname:CustomHostname": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "hostname": "a.example.org",
            "ssl": {"method": "http", "type": "dv"},
        },
    ),
    "cloudflare:index/dnsRecord:DnsRecord": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "@",
            "type": "A",
            "ttl": 1,
            "content": "192.0.2.1",
            "proxied": True,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "*.dev",
            "type": "CNAME",
            "ttl": 86400,
            "content": "a.example.net",
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "_sip._tcp",
            "type": "SRV",
            "ttl": 1,
            "data": {"port": 5060, "priority": 0, "weight": 0, "target": "sip.example.com"},
            "priority": 0,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "CAA",
            "ttl": 1,
            "data": {"flags": 0, "tag": "issuewild", "value": "letsencrypt.org"},
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "TXT",
            "ttl": 60,
            "content": '"v=spf1 -all"',
            "comment": "c" * 100,
            "tags": ["a:b"],
        },
        {"zoneId": "0123456789abcdef0123456789abcdef", "name": "a", "type": "AAAA", "ttl": 1, "content": "2001:db8::1"},
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "HTTPS",
            "ttl": 1,
            "data": {"priority": 1, "target": ".", "value": 'alpn="h2"'},
        },
    ),
    "cloudflare:index/list:List": (
        {"accountId": "0123456789abcdef0123456789abcdef", "kind": "ip", "name": "office_1"},
    ),
    "cloudflare:index/loadBalancer:LoadBalancer": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "lb.example.com",
            "defaultPools": ["p"],
            "fallbackPool": "p",
            "steeringPolicy": "least_outstanding_requests",
            "sessionAffinity": "ip_cookie",
            "sessionAffinityTtl": 1800,
        },
    ),
    "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor": (
        {"accountId": "0123456789abcdef0123456789abcdef", "type": "tcp", "port": 5432},
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "type": "https",
            "expectedCodes": "2xx",
            "path": "/health",
            "interval": 60,
        },
    ),
    "cloudflare:index/loadBalancerPool:LoadBalancerPool": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "p-1_a",
            "origins": [{"address": "2001:db8::1", "name": "x", "weight": 0.5, "header": {"hosts": ["a.example.com"]}}],
            "minimumOrigins": 0,
            "checkRegions": ["WEU"],
        },
    ),
    "cloudflare:index/pageRule:PageRule": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "target": "example.com/*",
            "actions": {"forwardingUrl": {"url": "https://x.example/$1", "statusCode": 301}},
            "priority": 1,
            "status": "active",
        },
    ),
    "cloudflare:index/r2Bucket:R2Bucket": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "my-bucket-1",
            "location": "weur",
            "storageClass": "InfrequentAccess",
        },
    ),
    "cloudflare:index/ruleset:Ruleset": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "kind": "custom",
            "name": "x",
            "phase": "http_request_firewall_custom",
            "rules": [{"action": "managed_challenge", "expression": 'ip.src.country in {"T1" "XX"}'}],
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "kind": "zone",
            "name": "x",
            "phase": "http_request_cache_settings",
            "rules": [
                {
                    "action": "set_cache_settings",
                    "expression": "true",
                    "actionParameters": {
                        "cache": True,
                        "edgeTtl": {"mode": "override_origin", "default": 60},
                        "browserTtl": {"mode": "respect_origin"},
                    },
                }
            ],
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "kind": "zone",
            "name": "x",
            "phase": "http_request_dynamic_redirect",
            "rules": [
                {
                    "action": "redirect",
                    "expression": "true",
                    "actionParameters": {
                        "fromValue": {
                            "statusCode": 308,
                            "preserveQueryString": True,
                            "targetUrl": {"expression": 'concat("https://", http.host)'},
                        }
                    },
                }
            ],
        },
    ),
    "cloudflare:index/turnstileWidget:TurnstileWidget": (
        {"accountId": "0123456789abcdef0123456789abcdef", "domains": ["a.example.com"], "mode": "managed", "name": "x"},
    ),
    "cloudflare:index/workersKvNamespace:WorkersKvNamespace": (
        {"accountId": "0123456789abcdef0123456789abcdef", "title": "sessions"},
    ),
    "cloudflare:index/workersScript:WorkersScript": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "scriptName": "api_v2-x",
            "content": "export default {}",
            "mainModule": "worker.js",
            "compatibilityDate": "2026-01-01",
        },
    ),
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "type": "self_hosted",
            "name": "x",
            "domain": "a.example.com",
            "sessionDuration": "24h",
        },
    ),
    "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "t",
            "configSrc": "cloudflare",
            "tunnelSecret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        },
    ),
    "cloudflare:index/zone:Zone": (
        {"account": {"id": "0123456789abcdef0123456789abcdef"}, "name": "xn--bcher-kva.example", "type": "partial"},
    ),
    "cloudflare:index/zoneSetting:ZoneSetting": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "settingId": "browser_cache_ttl", "value": 14400},
        {"zoneId": "0123456789abcdef0123456789abcdef", "settingId": "min_tls_version", "value": "1.2"},
    ),
    "mongodbatlas:index/advancedCluster:AdvancedCluster": (
        {
            "projectId": "5f0000000000000000000001",
            "name": "c",
            "clusterType": "REPLICASET",
            "replicationSpecs": [
                {
                    "regionConfigs": [
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M30", "nodeCount": 5, "diskSizeGb": 60},
                        },
                        {
                            "priority": 6,
                            "providerName": "AWS",
                            "regionName": "EU_CENTRAL_1",
                            "electableSpecs": {"instanceSize": "M30", "nodeCount": 2, "diskSizeGb": 60},
                        },
                    ]
                }
            ],
        },
        {
            "projectId": "5f0000000000000000000001",
            "name": "c",
            "clusterType": "REPLICASET",
            "replicationSpecs": [
                {
                    "regionConfigs": [
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                            "analyticsSpecs": {"instanceSize": "M20", "nodeCount": 1},
                        }
                    ]
                }
            ],
        },
    ),
    "mongodbatlas:index/apiKey:ApiKey": (
        {"orgId": "5f0000000000000000000001", "description": "x", "roleNames": ["ORG_READ_ONLY"]},
    ),
    "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": (
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "referenceHourOfDay": 0,
            "referenceMinuteOfHour": 0,
            "restoreWindowDays": 1,
            "policyItemWeeklies": [{"frequencyInterval": 7, "retentionUnit": "weeks", "retentionValue": 4}],
            "policyItemMonthlies": [{"frequencyInterval": 40, "retentionUnit": "months", "retentionValue": 12}],
        },
    ),
    "mongodbatlas:index/customDbRole:CustomDbRole": (
        {
            "projectId": "5f0000000000000000000001",
            "roleName": "ops-1",
            "actions": [{"action": "FIND", "resources": [{"databaseName": "d", "collectionName": ""}]}],
        },
    ),
    "mongodbatlas:index/databaseUser:DatabaseUser": (
        {
            "projectId": "5f0000000000000000000001",
            "username": "arn:aws:iam::123456789012:role/app",
            "authDatabaseName": "$external",
            "awsIamType": "ROLE",
            "roles": [{"roleName": "readWrite", "databaseName": "a"}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "username": "u",
            "passwordWo": "pppppppp",
            "passwordWoVersion": 1,
            "authDatabaseName": "admin",
            "roles": [{"roleName": "read", "databaseName": "a"}],
        },
    ),
    "mongodbatlas:index/flexCluster:FlexCluster": (
        {
            "projectId": "5f0000000000000000000001",
            "name": "f",
            "providerSettings": {"backingProviderName": "AWS", "regionName": "EU_WEST_1"},
        },
    ),
    "mongodbatlas:index/maintenanceWindow:MaintenanceWindow": (
        {"projectId": "5f0000000000000000000001", "dayOfWeek": 7, "hourOfDay": 0},
    ),
    "mongodbatlas:index/onlineArchive:OnlineArchive": (
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "dbName": "d",
            "collName": "x",
            "criteria": {"type": "DATE", "dateField": "a", "expireAfterDays": 7},
        },
    ),
    "mongodbatlas:index/project:Project": (
        {
            "name": "p" * 64,
            "orgId": "5f0000000000000000000001",
            "teams": [
                {"teamId": "5f0000000000000000000001", "roleNames": ["GROUP_READ_ONLY", "GROUP_DATA_ACCESS_READ_WRITE"]}
            ],
        },
    ),
    "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList": (
        {"projectId": "5f0000000000000000000001", "cidrBlock": "192.0.2.1/32", "comment": "x"},
    ),
    "mongodbatlas:index/searchDeployment:SearchDeployment": (
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "specs": [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 2}],
        },
    ),
    "mongodbatlas:index/teamProjectAssignment:TeamProjectAssignment": (
        {"projectId": "5f0000000000000000000001", "teamId": "5f0000000000000000000001", "roleNames": ["GROUP_OWNER"]},
    ),
    "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration": (
        {
            "projectId": "5f0000000000000000000001",
            "type": "DATADOG",
            "apiKey": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "region": "EU",
        },
    ),
}
