import pulumi_aws as aws

b = aws.s3.BucketV2("b")
aws.s3.BucketVersioningV2("v", bucket=b.id, versioning_configuration={"status": "Enabled"})
aws.s3.BucketServerSideEncryptionConfigurationV2(
    "e", bucket=b.id, rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}]
)
aws.s3.BucketWebsiteConfigurationV2("w", bucket=b.id, index_document={"suffix": "index.html"})
aws.s3.BucketPublicAccessBlock("p", bucket=b.id, block_public_acls=True)
