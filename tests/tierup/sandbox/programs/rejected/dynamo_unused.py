# Rejected: table-attributes-are-keys
import pulumi_aws as aws

aws.dynamodb.Table(
    "t",
    attributes=[{"name": "pk", "type": "S"}, {"name": "x", "type": "S"}],
    hash_key="pk",
    billing_mode="PAY_PER_REQUEST",
)
