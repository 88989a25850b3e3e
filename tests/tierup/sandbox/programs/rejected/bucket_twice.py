# Rejected: BucketAlreadyExists
import pulumi
import pulumi_aws as aws

a = aws.s3.Bucket("a", bucket="same-name-1")
aws.s3.Bucket("b", bucket="same-name-1", opts=pulumi.ResourceOptions(depends_on=[a]))
