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

b = aws.s3.Bucket("b")
fn = aws.lambda_.Function("fn", role=role.arn, runtime="python3.12", handler="a.b", code=pulumi.FileArchive("./app"))
perm = aws.lambda_.Permission(
    "p", action="lambda:InvokeFunction", function=fn.arn, principal="s3.amazonaws.com", source_arn=b.arn
)
aws.s3.BucketNotification(
    "n",
    bucket=b.id,
    lambda_functions=[{"lambda_function_arn": fn.arn, "events": ["s3:ObjectCreated:*"], "filter_prefix": "in/"}],
    opts=pulumi.ResourceOptions(depends_on=[perm]),
)
aws.s3.BucketLifecycleConfiguration(
    "l",
    bucket=b.id,
    rules=[
        {
            "id": "old",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "expiration": {"days": 90},
            "noncurrent_version_expiration": {"noncurrent_days": 30},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
        }
    ],
)
aws.s3.BucketCorsConfiguration(
    "c",
    bucket=b.id,
    cors_rules=[
        {
            "allowed_methods": ["GET", "PUT"],
            "allowed_origins": ["https://example.com"],
            "allowed_headers": ["*"],
            "max_age_seconds": 3000,
        }
    ],
)
