# Rejected: runtime: the value is not allowed
import json

import pulumi
import pulumi_aws as aws

role = aws.iam.Role(
    "role",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
            ],
        }
    ),
)
aws.lambda_.Function("fn", role=role.arn, runtime="python3.99", handler="a.b", code=pulumi.FileArchive("./app"))
