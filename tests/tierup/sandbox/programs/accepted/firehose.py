import json

import pulumi_aws as aws

role = aws.iam.Role(
    "r",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "firehose.amazonaws.com"}}
            ],
        }
    ),
)
b = aws.s3.Bucket("b", force_destroy=True)
aws.kinesis.FirehoseDeliveryStream(
    "f",
    destination="extended_s3",
    extended_s3_configuration={
        "role_arn": role.arn,
        "bucket_arn": b.arn,
        "buffering_size": 64,
        "compression_format": "GZIP",
    },
)
