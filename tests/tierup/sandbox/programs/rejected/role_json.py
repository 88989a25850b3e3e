# Rejected: assumerolepolicy-is-a-policy-document
import pulumi_aws as aws

aws.iam.Role("r", assume_role_policy="{not json")
