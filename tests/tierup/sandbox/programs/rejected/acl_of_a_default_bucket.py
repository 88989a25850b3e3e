# Rejected: acl-requires-object-ownership
import pulumi_aws as aws

b = aws.s3.Bucket("b")
aws.s3.BucketAcl("acl", bucket=b.id, acl="private")
