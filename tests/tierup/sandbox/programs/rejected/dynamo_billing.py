# Rejected: billingMode: the value is not allowed
import pulumi_aws as aws

aws.dynamodb.Table("t", attributes=[{"name": "pk", "type": "S"}], hash_key="pk", billing_mode="ON_DEMAND")
