# Rejected: InvalidParameterValueException
import pulumi
import pulumi_aws as aws

aws.lambda_.Function(
    "fn",
    role="arn:aws:iam::123456789012:role/missing",
    runtime="python3.12",
    handler="a.b",
    code=pulumi.FileArchive("./app"),
)
