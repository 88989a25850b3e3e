# Rejected: cache-parameters-exist
import pulumi_aws as aws

aws.elasticache.ParameterGroup("c", family="valkey8", parameters=[{"name": "no-such", "value": "1"}])
