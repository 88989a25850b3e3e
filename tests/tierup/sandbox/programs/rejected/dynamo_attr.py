# Rejected: table-attributes-are-keys
import pulumi_aws as aws

aws.dynamodb.Table("t", attributes=[{"name": "pk", "type": "S"}], hash_key="id", billing_mode="PAY_PER_REQUEST")
