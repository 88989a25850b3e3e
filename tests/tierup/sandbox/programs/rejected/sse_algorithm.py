# Rejected: rules[0].applyServerSideEncryptionByDefault.sseAlgorithm
import pulumi_aws as aws

b = aws.s3.Bucket("b")
aws.s3.BucketServerSideEncryptionConfiguration(
    "e", bucket=b.id, rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES-256"}}]
)
