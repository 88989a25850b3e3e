# Rejected: assumerolepolicy-is-a-policy-document
import json

import pulumi_aws as aws

aws.iam.Role(
    "r",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazon.com"}}
            ],
        }
    ),
)
