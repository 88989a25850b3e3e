import pulumi_aws as aws

b = aws.s3.Bucket("b")
aws.s3.BucketPolicy(
    "p",
    bucket=b.id,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": b.arn.apply(lambda a: f"{a}/*"),
            }
        ],
    },
)
