# Rejected: kmskeyid-exists
import pulumi_aws as aws

aws.secretsmanager.Secret("s", kms_key_id="arn:aws:kms:us-west-2:123456789012:key/00000000-0000-0000-0000-000000000000")
