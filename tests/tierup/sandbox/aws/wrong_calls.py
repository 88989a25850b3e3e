"""Calls that AWS refuses for what exists in the account, or for what only its API checks."""

# ruff: noqa: E501 - an input stays on one line

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WRONG_CALLS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "aws:acm/certificateValidation:CertificateValidation": (
        {"certificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/none"},
    ),
    "aws:budgets/budget:Budget": (
        {"budgetType": "COST", "timeUnit": "WEEKLY", "limitAmount": "1", "limitUnit": "USD"},
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": (
        {
            "minTtl": 10,
            "maxTtl": 5,
            "parametersInCacheKeyAndForwardedToOrigin": {
                "cookiesConfig": {"cookieBehavior": "none"},
                "headersConfig": {"headerBehavior": "none"},
                "queryStringsConfig": {"queryStringBehavior": "none"},
            },
        },
    ),
    "aws:cloudfront/function:Function": (
        {"name": "f", "runtime": "cloudfront-js-3.0", "code": "x"},
        {"name": "f", "runtime": "cloudfront-js-2.0", "code": "x" * 10241},
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": (
        {"originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv2"},
    ),
    "aws:cloudwatch/eventTarget:EventTarget": ({"rule": "none", "arn": "arn:aws:sqs:eu-west-1:123456789012:dead"},),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": (
        {"logGroupName": "none", "pattern": "", "metricTransformation": {"name": "a", "namespace": "b", "value": "1"}},
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (
        {"comparisonOperator": "GreaterThan", "evaluationPeriods": 1},
        {
            "comparisonOperator": "GreaterThanThreshold",
            "evaluationPeriods": 1,
            "metricName": "CPUUtilization",
            "namespace": "AWS/EC2",
            "period": 45,
            "statistic": "Average",
            "threshold": 1,
        },
    ),
    "aws:dynamodb/table:Table": (
        {
            "name": "t",
            "attributes": [{"name": "id", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
            "readCapacity": 5,
        },
        {
            "name": "t",
            "attributes": [{"name": "id", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
            "replicas": [{"regionName": "eu-west-1"}],
        },
        {
            "name": "t",
            "attributes": [{"name": "id", "type": "S"}],
            "hashKey": "id",
            "rangeKey": "id",
            "billingMode": "PAY_PER_REQUEST",
        },
        {
            "name": "t",
            "attributes": [{"name": "id", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
            "streamViewType": "NEW_IMAGE",
            "streamEnabled": False,
        },
        {
            "name": "t",
            "attributes": [{"name": "id", "type": "S"}],
            "hashKey": "id",
            "billingMode": "PAY_PER_REQUEST",
            "tableClass": "COLD",
        },
    ),
    "aws:ec2/eip:Eip": ({"domain": "standard"},),
    "aws:ec2/instance:Instance": ({"ami": "ami-1", "instanceType": "t9.huge"},),
    "aws:ec2/natGateway:NatGateway": ({"subnetId": "subnet-1"},),
    "aws:ec2/securityGroup:SecurityGroup": (
        {"description": "ä"},
        {"name": "sg-x"},
        {"ingress": [{"fromPort": 80, "toPort": 70, "protocol": "tcp", "cidrBlocks": ["0.0.0.0/0"]}]},
        {"ingress": [{"fromPort": 80, "toPort": 80, "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]},
    ),
    "aws:ec2/subnet:Subnet": ({"vpcId": "vpc-none", "cidrBlock": "10.0.0.0/24"},),
    "aws:ec2/vpc:Vpc": ({"cidrBlock": "10.0.0.0/8"},),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ({"vpcId": "vpc-1", "serviceName": "com.amazonaws.eu-west-1.s33"},),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": ({"repository": "none", "policy": '{"rules": []}'},),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ({"repository": "none", "policy": "{}"},),
    "aws:ecs/cluster:Cluster": (
        {"name": "a b"},
        {"settings": [{"name": "insights", "value": "enabled"}]},
    ),
    "aws:ecs/taskDefinition:TaskDefinition": (
        {"family": "f", "containerDefinitions": "[]"},
        {
            "family": "f",
            "containerDefinitions": '[{"name": "a", "image": "b"}]',
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "4096",
        },
        {
            "family": "f",
            "containerDefinitions": '[{"name": "a", "image": "b"}]',
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "bridge",
            "cpu": "256",
            "memory": "512",
        },
    ),
    "aws:eks/cluster:Cluster": (
        {"name": "c", "roleArn": "arn:aws:iam::123456789012:role/r", "vpcConfig": {"subnetIds": ["subnet-1"]}},
        {
            "name": "c",
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "vpcConfig": {"subnetIds": ["a", "b"], "endpointPrivateAccess": False, "endpointPublicAccess": False},
        },
    ),
    "aws:eks/nodeGroup:NodeGroup": (
        {
            "clusterName": "none",
            "nodeRoleArn": "arn:aws:iam::123456789012:role/r",
            "subnetIds": ["a"],
            "scalingConfig": {"desiredSize": 1, "maxSize": 1, "minSize": 1},
        },
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        {"description": "x", "replicationGroupId": "1a", "engine": "valkey", "nodeType": "cache.t4g.micro"},
    ),
    "aws:iam/instanceProfile:InstanceProfile": ({"role": "none"},),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ({"url": "http://x", "clientIdLists": ["a"]},),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (
        {"role": "none", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        {"role": "r", "policyArn": "arn:aws:iam::aws:policy/NoSuchPolicy"},
    ),
    "aws:kms/alias:Alias": ({"name": "alias/a", "targetKeyId": "none"},),
    "aws:lambda/function:Function": (
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.6",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "timeout": 0,
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "architectures": ["arm"],
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "layers": ["a", "a", "a", "a", "a", "a"],
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": []},
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "deadLetterConfig": {"targetArn": "arn:aws:s3:::b"},
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "tracingConfig": {"mode": "On"},
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "name": "a b",
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "reservedConcurrentExecutions": -2,
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "snapStart": {"applyOn": "All"},
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "loggingConfig": {"logFormat": "Text", "applicationLogLevel": "INFO"},
        },
        {"role": "arn:aws:iam::123456789012:role/r", "runtime": "python3.13", "s3Bucket": "code", "s3Key": "k"},
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "packageType": "Image",
            "imageUri": "x",
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "imageConfig": {"commands": ["a"]},
        },
        {
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "python3.13",
            "handler": "a.b",
            "s3Bucket": "code",
            "s3Key": "k",
            "fileSystemConfig": {
                "arn": "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-1",
                "localMountPath": "/data",
            },
        },
    ),
    "aws:rds/instance:Instance": (
        {
            "identifier": "d",
            "engine": "postgres",
            "instanceClass": "db.t4g.micro",
            "allocatedStorage": 20,
            "username": "admin",
            "password": "longenough",
        },
        {
            "identifier": "d",
            "engine": "postgres",
            "instanceClass": "t4g.micro",
            "allocatedStorage": 20,
            "username": "app",
            "password": "longenough",
        },
        {
            "identifier": "d",
            "engine": "postgres",
            "instanceClass": "db.t4g.micro",
            "allocatedStorage": 20,
            "username": "app",
            "password": "a/b@cdefgh",
        },
        {
            "identifier": "d",
            "engine": "postgres",
            "instanceClass": "db.t4g.micro",
            "allocatedStorage": 20,
            "username": "app",
            "password": "longenough",
            "storageType": "gp3",
            "iops": 1000,
        },
        {
            "identifier": "d",
            "engine": "postgres",
            "instanceClass": "db.t4g.micro",
            "allocatedStorage": 20,
            "username": "app",
            "password": "longenough",
            "port": 80,
        },
    ),
    "aws:route53/healthCheck:HealthCheck": (
        {"type": "TCP", "ipAddress": "10.0.0.1", "port": 80},
        {"type": "HTTP", "ipAddress": "1.2.3.4", "failureThreshold": 11},
        {"type": "TCP", "fqdn": "a.example.com"},
        {"type": "HTTPS_STR_MATCH", "fqdn": "a"},
        {"type": "HTTP", "fqdn": "a", "regions": ["eu-west-1"]},
        {"type": "CLOUDWATCH_METRIC"},
    ),
    "aws:route53/record:Record": (
        {"zoneId": "ZONE", "name": "example.com", "type": "CNAME", "records": ["a.b.c"], "ttl": 60},
        {"zoneId": "ZONE", "name": "a", "type": "A", "records": ["1.2.3"], "ttl": 60},
        {
            "zoneId": "ZONE",
            "name": "a",
            "type": "A",
            "records": ["1.2.3.4"],
            "ttl": 60,
            "failoverRoutingPolicies": [{"type": "PRIMARY"}],
            "setIdentifier": "p",
            "healthCheckId": "nope",
        },
        {
            "zoneId": "ZONE",
            "name": "f",
            "type": "A",
            "records": ["1.2.3.5"],
            "ttl": 60,
            "failoverRoutingPolicies": [{"type": "SECONDARY"}],
            "setIdentifier": "q",
        },
        {
            "zoneId": "ZONE",
            "name": "f",
            "type": "A",
            "records": ["1.2.3.5"],
            "ttl": 60,
            "weightedRoutingPolicies": [{"weight": 1}],
            "setIdentifier": "q",
        },
        {"zoneId": "ZONE", "name": "f", "type": "A", "records": ["1.2.3.5"], "ttl": 60},
        {
            "zoneId": "ZONE",
            "name": "w",
            "type": "A",
            "records": ["1.2.3.5"],
            "ttl": 60,
            "weightedRoutingPolicies": [{"weight": 300}],
            "setIdentifier": "q",
        },
        {
            "zoneId": "ZONE",
            "name": "l",
            "type": "A",
            "records": ["1.2.3.5"],
            "ttl": 60,
            "latencyRoutingPolicies": [{"region": "mars"}],
            "setIdentifier": "q",
        },
        {
            "zoneId": "ZONE",
            "name": "m",
            "type": "A",
            "aliases": [{"name": "x.elb.amazonaws.com", "zoneId": "Z1", "evaluateTargetHealth": True}],
            "ttl": 60,
        },
    ),
    "aws:s3/bucket:Bucket": (
        {"bucket": "My_Bucket"},
        {"bucket": "my-bucket-1"},
        {"bucket": "192.168.1.1"},
        {"bucket": "xn--a"},
        {"bucket": "a-s3alias"},
    ),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": (
        {"bucket": "my-bucket-1", "corsRules": [{"allowedMethods": ["PATCH"], "allowedOrigins": ["*"]}]},
        {
            "bucket": "my-bucket-1",
            "corsRules": [{"allowedMethods": ["GET"], "allowedOrigins": ["https://*.*.example.com"]}],
        },
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        {"bucket": "my-bucket-1", "rules": [{"id": "a", "status": "Enabled"}]},
        {"bucket": "my-bucket-1", "rules": [{"id": "a", "status": "Enabled", "expiration": {"days": 0}}]},
        {
            "bucket": "my-bucket-1",
            "rules": [{"id": "a", "status": "Enabled", "transitions": [{"days": 10, "storageClass": "STANDARD_IA"}]}],
        },
        {
            "bucket": "my-bucket-1",
            "rules": [
                {
                    "id": "a",
                    "status": "Enabled",
                    "expiration": {"days": 30},
                    "transitions": [{"days": 60, "storageClass": "GLACIER"}],
                }
            ],
        },
        {
            "bucket": "my-bucket-1",
            "rules": [
                {"id": "a", "status": "Enabled", "expiration": {"days": 30}},
                {"id": "a", "status": "Enabled", "expiration": {"days": 60}},
            ],
        },
        {
            "bucket": "my-bucket-1",
            "rules": [{"id": "a", "status": "Enabled", "expiration": {"days": 30, "date": "2030-01-01T00:00:00Z"}}],
        },
    ),
    "aws:s3/bucketNotification:BucketNotification": (
        {
            "bucket": "my-bucket-1",
            "lambdaFunctions": [
                {"events": ["s3:ObjectMade"], "lambdaFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f"}
            ],
        },
        {
            "bucket": "my-bucket-1",
            "queues": [{"events": ["s3:ObjectCreated:*"], "queueArn": "arn:aws:sqs:eu-west-1:123456789012:dead"}],
        },
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": (
        {"bucket": "my-bucket-1", "key": "k", "content": "a", "contentBase64": "YQ=="},
        {"bucket": "my-bucket-1", "key": "k", "content": "a", "storageClass": "COLD"},
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": (
        {"bucket": "my-bucket-1", "rule": {"objectOwnership": "Bucket"}},
    ),
    "aws:s3/bucketPolicy:BucketPolicy": (
        {
            "bucket": "my-bucket-1",
            "policy": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"}]}',
        },
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": (
        {
            "bucket": "my-bucket-1",
            "role": "arn:aws:iam::123456789012:role/r",
            "rules": [{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::none"}}],
        },
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        {
            "bucket": "my-bucket-1",
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyId": "x"}}],
        },
    ),
    "aws:s3/bucketVersioning:BucketVersioning": (
        {"bucket": "none", "versioningConfiguration": {"status": "Enabled"}},
        {"bucket": "my-bucket-1", "versioningConfiguration": {"status": "On"}},
    ),
    "aws:scheduler/schedule:Schedule": (
        {
            "flexibleTimeWindow": {"mode": "FLEXIBLE"},
            "scheduleExpression": "rate(1 hour)",
            "target": {"arn": "arn:aws:sqs:eu-west-1:123456789012:dead", "roleArn": "arn:aws:iam::123456789012:role/r"},
        },
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": (
        {"secretId": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:none-abcdef", "secretString": "x"},
    ),
    "aws:sns/topicSubscription:TopicSubscription": (
        {
            "topic": "arn:aws:sns:eu-west-1:123456789012:none",
            "protocol": "sqs",
            "endpoint": "arn:aws:sqs:eu-west-1:123456789012:dead",
        },
    ),
    "aws:sqs/queue:Queue": (
        {"redrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:none", "maxReceiveCount": 3}'},
        {"redrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead"}'},
        {"redrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead", "maxReceiveCount": 0}'},
        {
            "name": "x.fifo",
            "fifoQueue": True,
            "redrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead", "maxReceiveCount": 3}',
        },
    ),
    "aws:sqs/queuePolicy:QueuePolicy": ({"queueUrl": "https://none", "policy": "{}"},),
    "aws:wafv2/ipSet:IpSet": ({"scope": "REGIONAL", "ipAddressVersion": "IPV4", "addresses": ["1.2.3.4"]},),
}
