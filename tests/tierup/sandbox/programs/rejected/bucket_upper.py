# Rejected: bucket: the name has characters that are not allowed
import pulumi_aws as aws

aws.s3.Bucket("b", bucket="MyBucket")
