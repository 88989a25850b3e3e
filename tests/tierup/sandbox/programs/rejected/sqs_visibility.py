# Rejected: visibilityTimeoutSeconds: the value is out of range
import pulumi_aws as aws

aws.sqs.Queue("q", visibility_timeout_seconds=50000)
