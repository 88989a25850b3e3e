"""Inputs that the providers refuse at plan, or their clouds at the call."""

# ruff: noqa: E501 - an input stays on one line

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WRONG: Mapping[str, tuple[dict[str, Any], ...]] = {
    "aws:acm/certificate:Certificate": (
        {"domainName": "example.com", "validationMethod": "HTTPS"},
        {"domainName": "example.com.", "validationMethod": "DNS"},
        {"domainName": "example.com", "privateKey": "x", "validationMethod": "DNS"},
    ),
    "aws:apigateway/apiKey:ApiKey": ({"value": "short"},),
    "aws:apigateway/authorizer:Authorizer": (
        {"restApi": "r", "type": "COGNITO_USER_POOLS"},
        {"restApi": "r", "type": "TOKEN", "authorizerResultTtlInSeconds": 4000, "authorizerUri": "x"},
    ),
    "aws:apigateway/integration:Integration": (
        {"restApi": "r", "resourceId": "x", "httpMethod": "GET", "type": "LAMBDA"},
        {"restApi": "r", "resourceId": "x", "httpMethod": "GET", "type": "AWS_PROXY", "uri": "u"},
    ),
    "aws:apigateway/method:Method": (
        {"restApi": "r", "resourceId": "x", "httpMethod": "FETCH", "authorization": "NONE"},
        {"restApi": "r", "resourceId": "x", "httpMethod": "GET", "authorization": "COGNITO"},
    ),
    "aws:apigateway/restApi:RestApi": (
        {"endpointConfiguration": {"types": "EDGE,REGIONAL"}},
        {"minimumCompressionSize": "20000000"},
    ),
    "aws:apigateway/stage:Stage": (
        {"restApi": "r", "deployment": "d", "stageName": "v1", "cacheClusterEnabled": True, "cacheClusterSize": "2"},
    ),
    "aws:apigateway/usagePlan:UsagePlan": (
        {"quotaSettings": {"limit": 10, "period": "YEAR"}},
        {"quotaSettings": {"limit": 10, "period": "DAY", "offset": 1}},
    ),
    "aws:apigatewayv2/api:Api": (
        {"protocolType": "WEBSOCKET"},
        {
            "protocolType": "WEBSOCKET",
            "routeSelectionExpression": "$request.body.action",
            "corsConfiguration": {"allowOrigins": ["*"]},
        },
        {"protocolType": "HTTP", "corsConfiguration": {"allowCredentials": True, "allowOrigins": ["*"]}},
        {"protocolType": "HTTP", "name": "n" * 129},
    ),
    "aws:apigatewayv2/authorizer:Authorizer": (
        {"apiId": "a", "authorizerType": "JWT", "name": "n"},
        {"apiId": "a", "authorizerType": "COGNITO", "name": "n"},
        {"apiId": "a", "authorizerType": "REQUEST", "name": "n", "authorizerResultTtlInSeconds": 4000},
    ),
    "aws:apigatewayv2/domainName:DomainName": (
        {
            "domainName": "a.example.com",
            "domainNameConfiguration": {
                "certificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/x",
                "endpointType": "EDGE",
                "securityPolicy": "TLS_1_2",
            },
        },
        {
            "domainName": "a.example.com",
            "domainNameConfiguration": {
                "certificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/x",
                "endpointType": "REGIONAL",
                "securityPolicy": "TLS_1_0",
            },
        },
    ),
    "aws:apigatewayv2/integration:Integration": (
        {"apiId": "a", "integrationType": "LAMBDA"},
        {"apiId": "a", "integrationType": "AWS_PROXY", "payloadFormatVersion": "3.0"},
        {"apiId": "a", "integrationType": "HTTP_PROXY", "connectionType": "VPC_LINK"},
    ),
    "aws:apigatewayv2/route:Route": (
        {"apiId": "a", "routeKey": "GET /", "authorizationType": "COGNITO"},
        {"apiId": "a", "routeKey": "GET /", "authorizationType": "JWT"},
    ),
    "aws:apigatewayv2/stage:Stage": ({"apiId": "a", "name": "a b"},),
    "aws:appsync/graphQLApi:GraphQLApi": ({"authenticationType": "NONE"},),
    "aws:athena/workgroup:Workgroup": ({"state": "ON"},),
    "aws:autoscaling/group:Group": (
        {"maxSize": 1, "minSize": 2, "launchConfiguration": "l"},
        {"maxSize": 2, "minSize": 1},
        {"maxSize": 2, "minSize": 1, "launchConfiguration": "l", "launchTemplate": {"id": "lt-0"}},
        {"maxSize": 2, "minSize": 1, "launchTemplate": {"id": "lt-0", "name": "n"}},
        {
            "maxSize": 2,
            "minSize": 1,
            "launchTemplate": {"id": "lt-0"},
            "availabilityZones": ["eu-west-1a"],
            "vpcZoneIdentifiers": ["subnet-1"],
        },
        {"maxSize": 2, "minSize": 1, "desiredCapacity": 3, "launchTemplate": {"id": "lt-0"}},
        {"maxSize": 2, "minSize": 1, "launchTemplate": {"id": "lt-0"}, "healthCheckType": "HTTP"},
        {"maxSize": 2, "minSize": 1, "launchTemplate": {"id": "lt-0"}, "terminationPolicies": ["Oldest"]},
    ),
    "aws:autoscaling/policy:Policy": (
        {"autoscalingGroupName": "g", "policyType": "TargetTracking"},
        {"autoscalingGroupName": "g", "policyType": "TargetTrackingScaling"},
        {
            "autoscalingGroupName": "g",
            "scalingAdjustment": 1,
            "policyType": "TargetTrackingScaling",
            "targetTrackingConfiguration": {
                "targetValue": 50,
                "predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"},
            },
        },
    ),
    "aws:batch/computeEnvironment:ComputeEnvironment": ({"type": "AUTO"},),
    "aws:batch/jobDefinition:JobDefinition": ({"type": "job"},),
    "aws:cloudformation/stack:Stack": (
        {"onFailure": "KEEP", "templateBody": "{}"},
        {"onFailure": "DELETE", "disableRollback": True, "templateBody": "{}"},
        {"capabilities": ["IAM"], "templateBody": "{}"},
    ),
    "aws:cloudfront/publicKey:PublicKey": ({"encodedKey": "x", "name": "n", "namePrefix": "p"},),
    "aws:cloudtrail/trail:Trail": (
        {"s3BucketName": "b", "name": "a b"},
        {"s3BucketName": "b", "cloudWatchLogsRoleArn": "x"},
    ),
    "aws:cloudwatch/eventArchive:EventArchive": ({"eventSourceArn": "x", "retentionDays": -1},),
    "aws:cloudwatch/eventBus:EventBus": ({"name": "default"},),
    "aws:cloudwatch/eventConnection:EventConnection": ({"authorizationType": "TOKEN", "authParameters": {}},),
    "aws:cloudwatch/eventRule:EventRule": (
        {},
        {"scheduleExpression": "rate(1 minutes)"},
        {"scheduleExpression": "cron(0 12 * * *)"},
        {"eventPattern": "{"},
    ),
    "aws:cloudwatch/eventTarget:EventTarget": (
        {"rule": "r", "arn": "arn:aws:lambda:eu-west-1:123456789012:function:f", "input": "{}", "inputPath": "$.a"},
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        {"retentionInDays": 45},
        {"name": "a b"},
    ),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": (
        {"logGroup": "g", "filterPattern": "", "destinationArn": "nope"},
    ),
    "aws:codebuild/project:Project": (
        {
            "artifacts": {"type": "NONE"},
            "serviceRole": "arn:aws:iam::123456789012:role/r",
            "environment": {"computeType": "SMALL", "image": "x", "type": "LINUX_CONTAINER"},
            "source": {"type": "NO_SOURCE"},
        },
        {
            "artifacts": {"type": "NONE"},
            "serviceRole": "arn:aws:iam::123456789012:role/r",
            "environment": {"computeType": "BUILD_GENERAL1_SMALL", "image": "x", "type": "LINUX_CONTAINER"},
            "source": {"type": "GITHUB"},
        },
    ),
    "aws:codepipeline/pipeline:Pipeline": (
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "artifactStores": [{"location": "b", "type": "S3"}],
            "stages": [{"name": "Source", "actions": []}],
        },
    ),
    "aws:cognito/userPool:UserPool": (
        {"usernameAttributes": ["email"], "aliasAttributes": ["email"]},
        {"mfaConfiguration": "ON"},
        {"mfaConfiguration": "YES"},
        {"autoVerifiedAttributes": ["name"]},
    ),
    "aws:cognito/userPoolClient:UserPoolClient": (
        {"userPoolId": "p", "explicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]},
        {"userPoolId": "p", "allowedOauthFlows": ["token2"]},
        {"userPoolId": "p", "refreshTokenValidity": 400000},
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": ({"userPoolId": "p", "domain": "Aws_Login"},),
    "aws:dms/replicationInstance:ReplicationInstance": (
        {"replicationInstanceClass": "x", "replicationInstanceId": "1a"},
    ),
    "aws:docdb/cluster:Cluster": ({"engine": "mongo"},),
    "aws:dynamodb/table:Table": (
        {"attributes": [{"name": "id", "type": "S"}], "hashKey": "key", "billingMode": "PAY_PER_REQUEST"},
        {"attributes": [{"name": "id", "type": "STRING"}], "hashKey": "id", "billingMode": "PAY_PER_REQUEST"},
        {
            "attributes": [{"name": "id", "type": "S"}, {"name": "x", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
        },
        {"attributes": [{"name": "id", "type": "S"}], "hashKey": "id", "billingMode": "PROVISIONED"},
        {
            "attributes": [{"name": "id", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
            "streamEnabled": True,
        },
        {
            "attributes": [{"name": "id", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
            "ttl": {"enabled": True},
        },
        {
            "attributes": [{"name": "id", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
            "localSecondaryIndexes": [{"name": "l", "rangeKey": "id", "projectionType": "ALL"}],
        },
        {
            "attributes": [{"name": "id", "type": "S"}, {"name": "g", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
            "globalSecondaryIndexes": [{"name": "gi", "hashKey": "g", "projectionType": "INCLUDE"}],
        },
        {"name": "ab", "attributes": [{"name": "id", "type": "S"}], "hashKey": "id", "billingMode": "PAY_PER_REQUEST"},
    ),
    "aws:dynamodb/tableItem:TableItem": ({"tableName": "t", "hashKey": "id", "item": "{"},),
    "aws:ebs/volume:Volume": (
        {"availabilityZone": "eu-west-1a"},
        {"availabilityZone": "eu-west-1a", "size": 10, "type": "io2"},
        {"availabilityZone": "eu-west-1a", "size": 10, "type": "gp2", "iops": 3000},
        {"availabilityZone": "eu-west-1a", "size": 10, "type": "gp2", "throughput": 200},
    ),
    "aws:ec2/ami:Ami": ({"virtualizationType": "kvm"},),
    "aws:ec2/customerGateway:CustomerGateway": ({"type": "ipsec.2", "ipAddress": "1.2.3.4", "bgpAsn": "65000"},),
    "aws:ec2/defaultRouteTable:DefaultRouteTable": (
        {"defaultRouteTableId": "r", "routes": [{"cidrBlock": "10.0.0.0/33"}]},
    ),
    "aws:ec2/keyPair:KeyPair": (
        {"publicKey": "abc"},
        {"keyName": "n", "keyNamePrefix": "p", "publicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF a@b"},
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        {"name": "n", "namePrefix": "p"},
        {"name": "a b!"},
        {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeType": "gp4"}}]},
        {"metadataOptions": {"httpTokens": "yes"}},
    ),
    "aws:ec2/managedPrefixList:ManagedPrefixList": ({"addressFamily": "IP4", "maxEntries": 5},),
    "aws:ec2/networkAclRule:NetworkAclRule": (
        {"networkAclId": "n", "ruleNumber": 40000, "protocol": "tcp", "ruleAction": "allow", "cidrBlock": "0.0.0.0/0"},
        {"networkAclId": "n", "ruleNumber": 100, "protocol": "tcp", "ruleAction": "permit", "cidrBlock": "0.0.0.0/0"},
        {"networkAclId": "n", "ruleNumber": 100, "protocol": "tcp", "ruleAction": "allow"},
    ),
    "aws:ec2/placementGroup:PlacementGroup": (
        {"strategy": "near"},
        {"strategy": "cluster", "partitionCount": 2},
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": ({"vpcId": "v", "cidrBlock": "10.0.0.0/8"},),
    "aws:ec2/vpnConnection:VpnConnection": (
        {"customerGatewayId": "c", "type": "ipsec.1", "tunnel1PresharedKey": "0abc"},
    ),
    "aws:ec2transitgateway/transitGateway:TransitGateway": (
        {"amazonSideAsn": 1},
        {"dnsSupport": "on"},
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": (
        {"ecrRepositoryPrefix": "X", "upstreamRegistryUrl": "public.ecr.aws"},
    ),
    "aws:ecr/repository:Repository": (
        {"name": "App"},
        {"imageTagMutability": "FIXED"},
        {"encryptionConfigurations": [{"encryptionType": "AES"}]},
    ),
    "aws:ecrpublic/repository:Repository": ({"repositoryName": "A"},),
    "aws:efs/accessPoint:AccessPoint": (
        {
            "fileSystemId": "fs",
            "rootDirectory": {"creationInfo": {"ownerGid": 1000, "ownerUid": 1000, "permissions": "999"}, "path": "/a"},
        },
        {"fileSystemId": "fs", "rootDirectory": {"path": "a"}},
    ),
    "aws:efs/fileSystem:FileSystem": (
        {"throughputMode": "provisioned"},
        {"kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/x", "encrypted": False},
        {"performanceMode": "maxIO", "throughputMode": "elastic"},
        {"lifecyclePolicies": [{"transitionToIa": "AFTER_30_DAYS", "transitionToArchive": "AFTER_60_DAYS"}]},
        {"lifecyclePolicies": [{"transitionToIa": "AFTER_31_DAYS"}]},
        {"creationToken": "x" * 65},
    ),
    "aws:efs/mountTarget:MountTarget": ({"fileSystemId": "fs", "subnetId": "s", "ipAddress": "10.0.0.300"},),
    "aws:eks/fargateProfile:FargateProfile": (
        {"clusterName": "c", "podExecutionRoleArn": "arn:aws:iam::123456789012:role/r", "selectors": []},
    ),
    "aws:eks/identityProviderConfig:IdentityProviderConfig": (
        {"clusterName": "c", "oidc": {"clientId": "x", "identityProviderConfigName": "n", "issuerUrl": "http://x"}},
    ),
    "aws:elasticbeanstalk/environment:Environment": ({"application": "a", "tier": "Web"},),
    "aws:elb/loadBalancer:LoadBalancer": (
        {"listeners": [{"instancePort": 80, "instanceProtocol": "http", "lbPort": 70000, "lbProtocol": "http"}]},
        {
            "listeners": [{"instancePort": 80, "instanceProtocol": "http", "lbPort": 80, "lbProtocol": "http"}],
            "name": "n" * 33,
        },
    ),
    "aws:fsx/lustreFileSystem:LustreFileSystem": ({"subnetIds": "a", "deploymentType": "NEW"},),
    "aws:glue/job:Job": (
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "command": {"scriptLocation": "s3://x"},
            "maxCapacity": 2,
            "numberOfWorkers": 2,
            "workerType": "G.1X",
        },
    ),
    "aws:guardduty/detector:Detector": ({"findingPublishingFrequency": "DAILY"},),
    "aws:iam/accessKey:AccessKey": ({"user": "u", "status": "On"},),
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": ({"minimumPasswordLength": 4},),
    "aws:iam/group:Group": ({"name": "g" * 129},),
    "aws:iam/policy:Policy": ({"policy": "{}"},),
    "aws:iam/role:Role": (
        {
            "assumeRolePolicy": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.amazonaws.com"}}]}',
            "maxSessionDuration": 100,
        },
        {"assumeRolePolicy": "x"},
    ),
    "aws:iam/user:User": (
        {"name": "a b"},
        {"name": "u", "path": "team"},
    ),
    "aws:iam/userPolicy:UserPolicy": ({"user": "u", "policy": "{"},),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        {"destination": "s3"},
        {"destination": "extended_s3"},
    ),
    "aws:kinesis/stream:Stream": (
        {"shardCount": 1, "streamModeDetails": {"streamMode": "ON_DEMAND"}},
        {"streamModeDetails": {"streamMode": "PROVISIONED"}},
        {},
        {"shardCount": 1, "retentionPeriod": 12},
        {"shardCount": 1, "encryptionType": "AES"},
        {"shardCount": 1, "encryptionType": "KMS"},
        {"shardCount": 1, "shardLevelMetrics": ["Bytes"]},
    ),
    "aws:kms/alias:Alias": (
        {"name": "alias/aws/x", "targetKeyId": "k"},
        {"name": "x", "targetKeyId": "k"},
    ),
    "aws:kms/grant:Grant": (
        {"keyId": "k", "granteePrincipal": "arn:aws:iam::123456789012:role/r", "operations": ["Use"]},
    ),
    "aws:kms/key:Key": (
        {"deletionWindowInDays": 5},
        {"customerMasterKeySpec": "RSA_2048", "enableKeyRotation": True},
        {"rotationPeriodInDays": 30, "enableKeyRotation": True},
    ),
    "aws:lambda/alias:Alias": ({"functionName": "f", "functionVersion": "latest!", "name": "a b"},),
    "aws:lambda/eventSourceMapping:EventSourceMapping": (
        {"functionName": "f"},
        {
            "functionName": "f",
            "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q",
            "selfManagedEventSource": {"endpoints": {"KAFKA_BOOTSTRAP_SERVERS": "a:9092"}},
        },
        {"functionName": "f", "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q", "batchSize": 20000},
        {
            "functionName": "f",
            "eventSourceArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/s",
            "startingPosition": "FIRST",
        },
        {"functionName": "f", "eventSourceArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/s"},
        {"functionName": "f", "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q", "batchSize": 100},
        {"functionName": "f", "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q", "startingPosition": "LATEST"},
        {
            "functionName": "f",
            "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q",
            "scalingConfig": {"maximumConcurrency": 1},
        },
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (
        {"functionName": "f", "maximumRetryAttempts": 3},
        {"functionName": "f", "maximumEventAgeInSeconds": 30},
    ),
    "aws:lambda/functionUrl:FunctionUrl": (
        {"functionName": "f", "authorizationType": "IAM"},
        {"functionName": "f", "authorizationType": "NONE", "cors": {"maxAge": 86401}},
    ),
    "aws:lambda/layerVersion:LayerVersion": (
        {"layerName": "l"},
        {"layerName": "l", "s3Bucket": "b"},
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": (
        {"functionName": "f", "provisionedConcurrentExecutions": 0, "qualifier": "1"},
        {"functionName": "f", "provisionedConcurrentExecutions": 1, "qualifier": "$LATEST"},
    ),
    "aws:msk/cluster:Cluster": (
        {
            "kafkaVersion": "3.5.1",
            "numberOfBrokerNodes": 3,
            "brokerNodeGroupInfo": {"clientSubnets": ["a"], "instanceType": "kafka.t3.small", "securityGroups": ["s"]},
            "encryptionInfo": {"encryptionInTransit": {"clientBroker": "SSL"}},
        },
    ),
    "aws:opensearch/domain:Domain": (
        {"domainName": "Search"},
        {
            "clusterConfig": {
                "instanceType": "t3.small.search",
                "zoneAwarenessEnabled": True,
                "zoneAwarenessConfig": {"availabilityZoneCount": 4},
            }
        },
        {"ebsOptions": {"ebsEnabled": True, "volumeType": "gp5", "volumeSize": 10}},
    ),
    "aws:redshift/cluster:Cluster": (
        {
            "clusterIdentifier": "Cluster",
            "nodeType": "ra3.large",
            "masterUsername": "admin",
            "masterPassword": "Passw0rdX",
        },
        {"clusterIdentifier": "c", "nodeType": "ra3.large", "masterUsername": "admin", "masterPassword": "short"},
    ),
    "aws:route53/healthCheck:HealthCheck": (
        {"type": "HTTP", "requestInterval": 20, "fqdn": "a"},
        {"type": "CALCULATED"},
    ),
    "aws:route53/queryLog:QueryLog": ({"cloudwatchLogGroupArn": "nope", "zoneId": "Z"},),
    "aws:route53/record:Record": (
        {
            "zoneId": "Z",
            "name": "a",
            "type": "A",
            "records": ["1.2.3.4"],
            "ttl": 60,
            "failoverRoutingPolicies": [{"type": "PRIMARY"}],
        },
        {
            "zoneId": "Z",
            "name": "a",
            "type": "A",
            "records": ["1.2.3.4"],
            "ttl": 60,
            "failoverRoutingPolicies": [{"type": "FIRST"}],
            "setIdentifier": "x",
        },
        {"zoneId": "Z", "name": "a", "type": "A", "records": ["1.2.3.4"]},
        {"zoneId": "Z", "name": "a", "type": "A"},
    ),
    "aws:route53/resolverEndpoint:ResolverEndpoint": (
        {"direction": "IN", "ipAddresses": [{"subnetId": "a"}, {"subnetId": "b"}], "securityGroupIds": ["sg-1"]},
        {"direction": "INBOUND", "ipAddresses": [{"subnetId": "a"}], "securityGroupIds": ["sg-1"]},
    ),
    "aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration": (
        {"bucket": "a.b", "status": "Enabled"},
        {"bucket": "b", "status": "On"},
    ),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": (
        {"bucket": "b", "name": "n", "tierings": [{"accessTier": "ARCHIVE_ACCESS", "days": 30}]},
    ),
    "aws:s3/bucketMetric:BucketMetric": ({"bucket": "b", "name": "a b"},),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": (
        {"bucket": "b", "rule": {"defaultRetention": {"mode": "COMPLIANCE"}}},
        {"bucket": "b", "rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 1, "years": 1}}},
    ),
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": (
        {"bucket": "b"},
        {"bucket": "b", "redirectAllRequestsTo": {"hostName": "h"}, "indexDocument": {"suffix": "i"}},
        {"bucket": "b", "redirectAllRequestsTo": {"hostName": "h", "protocol": "ftp"}},
        {"bucket": "b", "indexDocument": {"suffix": "a/index.html"}},
    ),
    "aws:s3/inventory:Inventory": (
        {
            "bucket": "b",
            "includedObjectVersions": "Every",
            "schedule": {"frequency": "Daily"},
            "destination": {"bucket": {"bucketArn": "arn:aws:s3:::b", "format": "CSV"}},
        },
    ),
    "aws:secretsmanager/secret:Secret": ({"recoveryWindowInDays": 3},),
    "aws:secretsmanager/secretRotation:SecretRotation": (
        {"secretId": "s", "rotationLambdaArn": "arn:aws:lambda:eu-west-1:123456789012:function:f", "rotationRules": {}},
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": (
        {"secretId": "s"},
        {"secretId": "s", "secretString": "a", "secretBinary": "YQ=="},
    ),
    "aws:sfn/stateMachine:StateMachine": (
        {"roleArn": "arn:aws:iam::123456789012:role/r", "definition": "{"},
        {"roleArn": "arn:aws:iam::123456789012:role/r", "definition": "{}"},
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "definition": '{"StartAt": "B", "States": {"A": {"Type": "Pass", "End": true}}}',
        },
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "name": "a b",
            "definition": '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}',
        },
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "definition": '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"}}}',
        },
        {
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "definition": '{"StartAt": "A", "States": {"A": {"Type": "Lambda", "End": true}}}',
        },
    ),
    "aws:sns/topic:Topic": (
        {"name": "t.fifo"},
        {"contentBasedDeduplication": True},
    ),
    "aws:sns/topicSubscription:TopicSubscription": (
        {"topic": "arn:aws:sns:eu-west-1:123456789012:t", "protocol": "mail", "endpoint": "a@b.c"},
        {
            "topic": "arn:aws:sns:eu-west-1:123456789012:t",
            "protocol": "sqs",
            "endpoint": "arn:aws:sqs:eu-west-1:123456789012:q",
            "filterPolicyScope": "MessageBody",
        },
        {
            "topic": "arn:aws:sns:eu-west-1:123456789012:t",
            "protocol": "firehose",
            "endpoint": "arn:aws:firehose:eu-west-1:123456789012:deliverystream/s",
        },
    ),
    "aws:sqs/queue:Queue": (
        {"name": "q", "fifoQueue": True},
        {"contentBasedDeduplication": True},
        {"visibilityTimeoutSeconds": 43201},
        {"redrivePolicy": "{"},
        {"sqsManagedSseEnabled": True, "kmsMasterKeyId": "alias/aws/sqs"},
        {"deduplicationScope": "messageGroup"},
        {"receiveWaitTimeSeconds": 30},
    ),
    "aws:sqs/redrivePolicy:RedrivePolicy": ({"queueUrl": "u", "redrivePolicy": "no json"},),
    "aws:ssm/parameter:Parameter": (
        {"type": "Secret", "value": "x"},
        {"type": "String"},
        {"type": "String", "value": "x", "insecureValue": "y"},
        {"type": "SecureString", "insecureValue": "y"},
        {"type": "String", "value": "x", "name": "aws/x"},
        {"type": "String", "value": "x", "tier": "Pro"},
        {"type": "String", "value": "x" * 4097},
        {"type": "String", "value": "x", "allowedPattern": "^[0-9]+$"},
    ),
    "cloudflare:index/accessRule:AccessRule": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "mode": "deny",
            "configuration": {"target": "ip", "value": "1.2.3.4"},
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "mode": "block",
            "configuration": {"target": "ipv4", "value": "1.2.3.4"},
        },
    ),
    "cloudflare:index/apiToken:ApiToken": (
        {"name": "t", "policies": [{"effect": "permit", "permissionGroups": [{"id": "x"}], "resources": "{}"}]},
    ),
    "cloudflare:index/argoSmartRouting:ArgoSmartRouting": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "value": "yes"},
    ),
    "cloudflare:index/certificatePack:CertificatePack": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "certificateAuthority": "digicert",
            "type": "advanced",
            "validationMethod": "txt",
            "validityDays": 90,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "certificateAuthority": "google",
            "type": "universal",
            "validationMethod": "txt",
            "validityDays": 90,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "certificateAuthority": "google",
            "type": "advanced",
            "validationMethod": "dns",
            "validityDays": 90,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "certificateAuthority": "google",
            "type": "advanced",
            "validationMethod": "txt",
            "validityDays": 60,
        },
    ),
    "cloudflare:index/customHostname:CustomHostname": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "hostname": "a.example.org",
            "ssl": {"method": "dns", "type": "dv"},
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "hostname": "a.example.org",
            "ssl": {"method": "http", "type": "ev"},
        },
    ),
    "cloudflare:index/customSsl:CustomSsl": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "certificate": "x", "privateKey": "y", "bundleMethod": "all"},
    ),
    "cloudflare:index/d1Database:D1Database": (
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "d", "primaryLocationHint": "xx"},
    ),
    "cloudflare:index/dnsRecord:DnsRecord": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "name": "a", "type": "A", "ttl": 1},
        {"zoneId": "0123456789abcdef0123456789abcdef", "name": "a", "type": "A", "ttl": 10, "content": "1.2.3.4"},
        {"zoneId": "0123456789abcdef0123456789abcdef", "name": "a", "type": "A", "ttl": 100000, "content": "1.2.3.4"},
        {"zoneId": "0123456789abcdef0123456789abcdef", "name": "a", "type": "A", "ttl": 1, "content": "1.2.3.999"},
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "MX",
            "ttl": 1,
            "content": "mx.example.com",
        },
        {"zoneId": "0123456789abcdef0123456789abcdef", "name": "a", "type": "ALIAS", "ttl": 1, "content": "x"},
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "TXT",
            "ttl": 300,
            "content": "x",
            "proxied": True,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "A",
            "ttl": 300,
            "content": "1.2.3.4",
            "proxied": True,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "CAA",
            "ttl": 1,
            "content": "0 issue letsencrypt.org",
            "data": {"flags": "0", "tag": "issue", "value": "x"},
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "SRV",
            "ttl": 1,
            "data": {"port": 70000, "priority": 1, "weight": 1, "target": "x"},
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "MX",
            "ttl": 1,
            "content": "mx.example.com",
            "priority": 70000,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "a",
            "type": "CNAME",
            "ttl": 1,
            "content": "b.example.com",
            "comment": "c" * 501,
        },
    ),
    "cloudflare:index/emailRoutingRule:EmailRoutingRule": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "actions": [{"type": "send"}], "matchers": [{"type": "all"}]},
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "actions": [{"type": "forward", "values": ["a@b.c"]}],
            "matchers": [{"type": "regex"}],
        },
    ),
    "cloudflare:index/filter:Filter": ({"zoneId": "0123456789abcdef0123456789abcdef", "expression": ""},),
    "cloudflare:index/healthcheck:Healthcheck": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "name": "a", "address": "x", "type": "ICMP"},
        {"zoneId": "0123456789abcdef0123456789abcdef", "name": "a", "address": "x", "interval": 1},
    ),
    "cloudflare:index/list:List": (
        {"accountId": "0123456789abcdef0123456789abcdef", "kind": "ips", "name": "x"},
        {"accountId": "0123456789abcdef0123456789abcdef", "kind": "ip", "name": "My List"},
    ),
    "cloudflare:index/listItem:ListItem": (
        {"accountId": "0123456789abcdef0123456789abcdef", "listId": "l", "asn": -5},
    ),
    "cloudflare:index/loadBalancer:LoadBalancer": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "lb.example.com",
            "defaultPools": [],
            "fallbackPool": "p",
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "lb.example.com",
            "defaultPools": ["p"],
            "fallbackPool": "p",
            "steeringPolicy": "nearest",
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "lb.example.com",
            "defaultPools": ["p"],
            "fallbackPool": "p",
            "sessionAffinity": "sticky",
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "name": "lb.example.com",
            "defaultPools": ["p"],
            "fallbackPool": "p",
            "sessionAffinity": "cookie",
            "sessionAffinityTtl": 100,
        },
    ),
    "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor": (
        {"accountId": "0123456789abcdef0123456789abcdef", "type": "ftp"},
        {"accountId": "0123456789abcdef0123456789abcdef", "type": "tcp"},
    ),
    "cloudflare:index/loadBalancerPool:LoadBalancerPool": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "a b",
            "origins": [{"address": "1.2.3.4", "name": "x"}],
        },
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "p",
            "origins": [{"address": "1.2.3.4", "name": "x", "weight": 2}],
        },
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "p", "origins": []},
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "p",
            "origins": [{"address": "1.2.3.4", "name": "x"}],
            "originSteering": {"policy": "fast"},
        },
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "p",
            "origins": [{"address": "1.2.3.4", "name": "x"}],
            "checkRegions": ["MARS"],
        },
    ),
    "cloudflare:index/logpushJob:LogpushJob": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "dataset": "http_request", "destinationConf": "s3://b"},
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "dataset": "http_requests",
            "destinationConf": "s3://b",
            "kind": "edge2",
        },
    ),
    "cloudflare:index/notificationPolicy:NotificationPolicy": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "alertType": "ssl_gone",
            "name": "x",
            "enabled": True,
            "mechanisms": {},
        },
    ),
    "cloudflare:index/originCaCertificate:OriginCaCertificate": (
        {"csr": "x", "requestType": "origin-x", "hostnames": ["a"]},
        {"csr": "x", "requestType": "origin-rsa", "hostnames": ["a"], "requestedValidity": 100},
    ),
    "cloudflare:index/accountMember:AccountMember": (
        {"accountId": "0123456789abcdef0123456789abcdef", "email": "anna@example.com"},
    ),
    "cloudflare:index/hostnameTlsSetting:HostnameTlsSetting": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "settingId": "min_tls_version",
            "hostname": "a.example.com",
            "value": "1.4",
        },
    ),
    "cloudflare:index/workersKv:WorkersKv": (
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "namespaceId": "0123456789abcdef0123456789abcdef",
            "keyName": "k" * 600,
            "value": "v",
        },
    ),
    "cloudflare:index/pageRule:PageRule": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "target": "example.com/*", "actions": {"cacheLevel": "max"}},
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "target": "example.com/*",
            "actions": {"alwaysUseHttps": True},
            "status": "on",
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "target": "example.com/*",
            "actions": {"forwardingUrl": {"url": "https://x", "statusCode": 308}},
        },
    ),
    "cloudflare:index/pagesProject:PagesProject": (
        {"accountId": "0123456789abcdef0123456789abcdef"},
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "p",
            "productionBranch": "main",
            "source": {"type": "bitbucket", "config": {}},
        },
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "My Site", "productionBranch": "main"},
    ),
    "cloudflare:index/queue:Queue": (
        {"accountId": "0123456789abcdef0123456789abcdef"},
        {"accountId": "0123456789abcdef0123456789abcdef", "queueName": "My Queue"},
    ),
    "cloudflare:index/r2Bucket:R2Bucket": (
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "AB"},
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "my-bucket", "location": "mars"},
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "my-bucket", "storageClass": "Cold"},
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "my-bucket", "jurisdiction": "us"},
    ),
    "cloudflare:index/ruleset:Ruleset": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "accountId": "0123456789abcdef0123456789abcdef",
            "kind": "zone",
            "name": "x",
            "phase": "http_request_transform",
        },
        {"kind": "zone", "name": "x", "phase": "http_request_transform"},
        {"zoneId": "0123456789abcdef0123456789abcdef", "kind": "zones", "name": "x", "phase": "http_request_transform"},
        {"zoneId": "0123456789abcdef0123456789abcdef", "kind": "zone", "name": "x", "phase": "http_request"},
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "kind": "zone",
            "name": "x",
            "phase": "http_request_firewall_custom",
            "rules": [{"action": "deny", "expression": "true"}],
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "kind": "zone",
            "name": "x",
            "phase": "http_request_firewall_custom",
            "rules": [{"action": "block", "expression": ""}],
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
                    "actionParameters": {"fromValue": {"statusCode": 300, "targetUrl": {"value": "https://x"}}},
                }
            ],
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
                    "actionParameters": {"cache": True, "edgeTtl": {"mode": "override_origin"}},
                }
            ],
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "kind": "zone",
            "name": "x",
            "phase": "http_ratelimit",
            "rules": [{"action": "block", "expression": "true"}],
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "kind": "zone",
            "name": "x",
            "phase": "http_ratelimit",
            "rules": [
                {
                    "action": "block",
                    "expression": "true",
                    "ratelimit": {
                        "characteristics": ["ip.src"],
                        "period": 60,
                        "requestsPerPeriod": 10,
                        "mitigationTimeout": 60,
                    },
                }
            ],
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "kind": "zone",
            "name": "x",
            "phase": "http_ratelimit",
            "rules": [
                {
                    "action": "block",
                    "expression": "true",
                    "ratelimit": {
                        "characteristics": ["ip.src", "cf.colo.id"],
                        "period": 7,
                        "requestsPerPeriod": 10,
                        "mitigationTimeout": 60,
                    },
                }
            ],
        },
    ),
    "cloudflare:index/spectrumApplication:SpectrumApplication": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "dns": {"type": "CNAME", "name": "a"},
            "protocol": "tcp/22",
            "tls": "on",
        },
    ),
    "cloudflare:index/tieredCache:TieredCache": ({"zoneId": "0123456789abcdef0123456789abcdef", "value": "yes"},),
    "cloudflare:index/totalTls:TotalTls": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "enabled": True, "certificateAuthority": "digicert"},
    ),
    "cloudflare:index/turnstileWidget:TurnstileWidget": (
        {"accountId": "0123456789abcdef0123456789abcdef", "domains": ["a"], "mode": "visible", "name": "x"},
    ),
    "cloudflare:index/waitingRoom:WaitingRoom": (
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "host": "a",
            "name": "x",
            "newUsersPerMinute": 100,
            "totalActiveUsers": 200,
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "host": "a",
            "name": "x",
            "newUsersPerMinute": 200,
            "totalActiveUsers": 200,
            "sessionDuration": 40,
        },
    ),
    "cloudflare:index/workersKvNamespace:WorkersKvNamespace": ({"accountId": "0123456789abcdef0123456789abcdef"},),
    "cloudflare:index/workersScript:WorkersScript": (
        {"accountId": "0123456789abcdef0123456789abcdef", "scriptName": "a b", "content": "x"},
    ),
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "domain": "a.example.com", "type": "web", "name": "x"},
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "accountId": "0123456789abcdef0123456789abcdef",
            "domain": "a.example.com",
            "type": "self_hosted",
            "name": "x",
        },
        {
            "zoneId": "0123456789abcdef0123456789abcdef",
            "domain": "a.example.com",
            "type": "self_hosted",
            "name": "x",
            "sameSiteCookieAttribute": "loose",
        },
    ),
    "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider": (
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "x", "type": "ldap", "config": {}},
    ),
    "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": (
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "x", "decision": "permit"},
        {
            "accountId": "0123456789abcdef0123456789abcdef",
            "name": "x",
            "decision": "bypass",
            "includes": [{"email": {"email": "anna@example.com"}}],
        },
    ),
    "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared": (
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "t", "configSrc": "remote"},
        {"accountId": "0123456789abcdef0123456789abcdef", "name": "t", "tunnelSecret": "short"},
    ),
    "cloudflare:index/zone:Zone": (
        {"account": {"id": "0123456789abcdef0123456789abcdef"}, "name": "example"},
        {"account": {"id": "0123456789abcdef0123456789abcdef"}, "name": "example.com", "type": "secondary2"},
    ),
    "cloudflare:index/zoneDnssec:ZoneDnssec": ({"zoneId": "0123456789abcdef0123456789abcdef", "status": "on"},),
    "cloudflare:index/zoneSetting:ZoneSetting": (
        {"zoneId": "0123456789abcdef0123456789abcdef", "settingId": "ssl", "value": "strictest"},
        {"zoneId": "0123456789abcdef0123456789abcdef", "settingId": "min_tls_version", "value": "1.4"},
        {"zoneId": "0123456789abcdef0123456789abcdef", "settingId": "browser_cache_ttl", "value": 7},
    ),
    "mongodbatlas:index/advancedCluster:AdvancedCluster": (
        {
            "projectId": "5f0000000000000000000001",
            "name": "my cluster",
            "clusterType": "REPLICASET",
            "replicationSpecs": [
                {
                    "regionConfigs": [
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
                    ]
                }
            ],
        },
        {
            "projectId": "5f0000000000000000000001",
            "name": "c" * 65,
            "clusterType": "REPLICASET",
            "replicationSpecs": [
                {
                    "regionConfigs": [
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
                    ]
                }
            ],
        },
        {
            "projectId": "5f0000000000000000000001",
            "name": "c",
            "clusterType": "REPLICA",
            "replicationSpecs": [
                {
                    "regionConfigs": [
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
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
                        }
                    ]
                }
            ],
            "mongoDbMajorVersion": "5.1",
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
                        }
                    ]
                }
            ],
            "versionReleaseSystem": "EDGE",
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
                        }
                    ]
                }
            ],
            "versionReleaseSystem": "CONTINUOUS",
            "mongoDbMajorVersion": "8.0",
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
                        }
                    ]
                }
            ],
            "encryptionAtRestProvider": "VAULT",
        },
        {"projectId": "5f0000000000000000000001", "name": "c", "clusterType": "REPLICASET", "replicationSpecs": []},
        {
            "projectId": "5f0000000000000000000001",
            "name": "c",
            "clusterType": "REPLICASET",
            "replicationSpecs": [
                {
                    "regionConfigs": [
                        {
                            "priority": 8,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
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
                            "providerName": "IBM",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
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
                            "regionName": "eu-west-1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
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
                            "electableSpecs": {"instanceSize": "M15", "nodeCount": 3},
                        }
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
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 2},
                        }
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
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3, "diskSizeGb": 5},
                        }
                    ]
                }
            ],
        },
        {
            "projectId": "5f0000000000000000000001",
            "name": "c",
            "clusterType": "REPLICASET",
            "advancedConfiguration": {"transactionLifetimeLimitSeconds": 0},
            "replicationSpecs": [
                {
                    "regionConfigs": [
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
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
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3, "ebsVolumeType": "PROVISIONED"},
                        }
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
                            "electableSpecs": {"instanceSize": "M30", "nodeCount": 3, "ebsVolumeType": "FAST"},
                        }
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
                            "electableSpecs": {"instanceSize": "M30", "nodeCount": 3},
                            "autoScaling": {"computeEnabled": True},
                        }
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
                            "electableSpecs": {"instanceSize": "M30", "nodeCount": 3},
                            "autoScaling": {"computeEnabled": True, "computeMaxInstanceSize": "M20"},
                        }
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
                            "electableSpecs": {"instanceSize": "M30", "nodeCount": 3},
                            "autoScaling": {"computeScaleDownEnabled": True, "computeMinInstanceSize": "M10"},
                        }
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
                        },
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_CENTRAL_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
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
                            "priority": 6,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        },
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_CENTRAL_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
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
                        }
                    ]
                }
            ],
            "pitEnabled": True,
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
                        }
                    ]
                }
            ],
            "advancedConfiguration": {"minimumEnabledTlsProtocol": "TLS1_4"},
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
                        }
                    ]
                },
                {
                    "regionConfigs": [
                        {
                            "priority": 7,
                            "providerName": "AWS",
                            "regionName": "EU_WEST_1",
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                        }
                    ]
                },
            ],
        },
    ),
    "mongodbatlas:index/alertConfiguration:AlertConfiguration": (
        {
            "projectId": "5f0000000000000000000001",
            "eventType": "OUTSIDE_METRIC",
            "notifications": [{"typeName": "GROUP"}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "eventType": "OUTSIDE_METRIC_THRESHOLD",
            "notifications": [{"typeName": "GROUP"}],
        },
        {"projectId": "5f0000000000000000000001", "eventType": "NO_PRIMARY", "notifications": []},
        {"projectId": "5f0000000000000000000001", "eventType": "NO_PRIMARY", "notifications": [{"typeName": "MAIL"}]},
        {
            "projectId": "5f0000000000000000000001",
            "eventType": "NO_PRIMARY",
            "notifications": [{"typeName": "GROUP", "intervalMin": 1}],
        },
    ),
    "mongodbatlas:index/apiKey:ApiKey": (
        {"orgId": "5f0000000000000000000001", "description": "x", "roleNames": ["ORG_KING"]},
    ),
    "mongodbatlas:index/auditing:Auditing": (
        {"projectId": "5f0000000000000000000001", "auditFilter": "{", "enabled": True},
    ),
    "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": (
        {"projectId": "5f0000000000000000000001", "clusterName": "c", "referenceHourOfDay": 24},
        {"projectId": "5f0000000000000000000001", "clusterName": "c", "referenceMinuteOfHour": 60},
        {"projectId": "5f0000000000000000000001", "clusterName": "c", "restoreWindowDays": 0},
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "policyItemHourly": {"frequencyInterval": 5, "retentionUnit": "days", "retentionValue": 1},
        },
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "policyItemDaily": {"frequencyInterval": 2, "retentionUnit": "days", "retentionValue": 1},
        },
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "policyItemDaily": {"frequencyInterval": 1, "retentionUnit": "hours", "retentionValue": 1},
        },
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "policyItemWeeklies": [{"frequencyInterval": 8, "retentionUnit": "weeks", "retentionValue": 1}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "policyItemMonthlies": [{"frequencyInterval": 29, "retentionUnit": "months", "retentionValue": 1}],
        },
    ),
    "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup": (
        {"projectId": "5f0000000000000000000001", "providerName": "IBM"},
    ),
    "mongodbatlas:index/customDbRole:CustomDbRole": (
        {
            "projectId": "5f0000000000000000000001",
            "roleName": "xgen-r",
            "actions": [{"action": "FIND", "resources": [{"databaseName": "d", "collectionName": "c"}]}],
        },
    ),
    "mongodbatlas:index/databaseUser:DatabaseUser": (
        {
            "projectId": "5f0000000000000000000001",
            "username": "u",
            "password": "p",
            "authDatabaseName": "$external",
            "roles": [{"roleName": "readWrite", "databaseName": "a"}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "username": "u",
            "authDatabaseName": "admin",
            "roles": [{"roleName": "readWrite", "databaseName": "a"}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "username": "u",
            "password": "p",
            "authDatabaseName": "admin",
            "awsIamType": "SERVICE",
            "roles": [{"roleName": "readWrite", "databaseName": "a"}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "username": "u",
            "password": "pppppppp",
            "authDatabaseName": "admin",
            "roles": [],
        },
        {
            "projectId": "5f0000000000000000000001",
            "username": "u",
            "password": "pppppppp",
            "authDatabaseName": "admin",
            "roles": [{"roleName": "atlasAdmin", "databaseName": "app"}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "username": "u",
            "password": "pppppppp",
            "authDatabaseName": "admin",
            "roles": [{"roleName": "read", "databaseName": "a"}],
            "scopes": [{"name": "c", "type": "SERVER"}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "username": "u",
            "passwordWo": "pppppppp",
            "authDatabaseName": "admin",
            "roles": [{"roleName": "read", "databaseName": "a"}],
        },
    ),
    "mongodbatlas:index/encryptionAtRest:EncryptionAtRest": (
        {"projectId": "5f0000000000000000000001"},
        {"projectId": "5f0000000000000000000001", "awsKmsConfig": {"enabled": True, "region": "eu-west-1"}},
    ),
    "mongodbatlas:index/eventTrigger:EventTrigger": (
        {"projectId": "5f0000000000000000000001", "appId": "a", "name": "t", "type": "DB", "functionId": "f"},
    ),
    "mongodbatlas:index/flexCluster:FlexCluster": (
        {
            "projectId": "5f0000000000000000000001",
            "name": "f",
            "providerSettings": {"backingProviderName": "IBM", "regionName": "EU_WEST_1"},
        },
    ),
    "mongodbatlas:index/ldapConfiguration:LdapConfiguration": (
        {
            "projectId": "5f0000000000000000000001",
            "bindPassword": "x",
            "bindUsername": "y",
            "hostname": "h",
            "port": 700000,
        },
    ),
    "mongodbatlas:index/maintenanceWindow:MaintenanceWindow": (
        {"projectId": "5f0000000000000000000001", "dayOfWeek": 8, "hourOfDay": 1},
        {"projectId": "5f0000000000000000000001", "dayOfWeek": 1, "hourOfDay": 24},
    ),
    "mongodbatlas:index/networkContainer:NetworkContainer": (
        {
            "projectId": "5f0000000000000000000001",
            "atlasCidrBlock": "10.0.0.0/8",
            "providerName": "AWS",
            "regionName": "EU_WEST_1",
        },
        {"projectId": "5f0000000000000000000001", "atlasCidrBlock": "10.0.0.0/21", "providerName": "AWS"},
    ),
    "mongodbatlas:index/onlineArchive:OnlineArchive": (
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "dbName": "d",
            "collName": "x",
            "criteria": {"type": "AGE"},
        },
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "dbName": "d",
            "collName": "x",
            "criteria": {"type": "DATE", "dateField": "a"},
        },
    ),
    "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint": (
        {"projectId": "5f0000000000000000000001", "providerName": "IBM", "region": "eu-west-1"},
    ),
    "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService": (
        {
            "projectId": "5f0000000000000000000001",
            "privateLinkId": "x",
            "endpointServiceId": "vpce-1",
            "providerName": "AWS2",
        },
    ),
    "mongodbatlas:index/project:Project": (
        {"name": "p", "orgId": "x"},
        {"name": "p" * 65, "orgId": "5f0000000000000000000001"},
        {
            "name": "p",
            "orgId": "5f0000000000000000000001",
            "teams": [{"teamId": "5f0000000000000000000001", "roleNames": ["GOD"]}],
        },
    ),
    "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList": (
        {"projectId": "5f0000000000000000000001"},
        {"projectId": "5f0000000000000000000001", "cidrBlock": "10.0.0.0/8", "ipAddress": "1.2.3.4"},
        {"projectId": "5f0000000000000000000001", "cidrBlock": "10.0.0.0/40"},
        {"projectId": "5f0000000000000000000001", "ipAddress": "1.2.3"},
    ),
    "mongodbatlas:index/searchDeployment:SearchDeployment": (
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "specs": [{"instanceSize": "S10", "nodeCount": 2}],
        },
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "specs": [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 1}],
        },
    ),
    "mongodbatlas:index/searchIndex:SearchIndex": (
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "collectionName": "x",
            "database": "d",
            "name": "i",
            "type": "text",
        },
        {
            "projectId": "5f0000000000000000000001",
            "clusterName": "c",
            "collectionName": "x",
            "database": "d",
            "name": "i",
            "mappingsFields": "{",
        },
    ),
    "mongodbatlas:index/streamInstance:StreamInstance": (
        {
            "projectId": "5f0000000000000000000001",
            "instanceName": "s",
            "dataProcessRegion": {"cloudProvider": "IBM", "region": "X"},
        },
    ),
    "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration": (
        {"projectId": "5f0000000000000000000001", "type": "SPLUNK"},
        {"projectId": "5f0000000000000000000001", "type": "DATADOG"},
    ),
}
