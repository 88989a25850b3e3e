import json

import pulumi_aws as aws

role = aws.iam.Role(
    "r",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
            ],
        }
    ),
)
aws.sfn.StateMachine(
    "m", role_arn=role.arn, definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
)
