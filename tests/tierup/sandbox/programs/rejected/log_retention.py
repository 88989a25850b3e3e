# Rejected: retentionInDays: the value is not allowed
import pulumi_aws as aws

aws.cloudwatch.LogGroup("lg", retention_in_days=31)
