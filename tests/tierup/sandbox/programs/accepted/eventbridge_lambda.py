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

fn = aws.lambda_.Function(
    "fn",
    role=role.arn,
    runtime="python3.13",
    handler="a.b",
    code=pulumi.AssetArchive({"a.py": pulumi.StringAsset("")}),
    architectures=["arm64"],
    tracing_config={"mode": "Active"},
)
rule = aws.cloudwatch.EventRule(
    "r", event_pattern=json.dumps({"source": ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"]})
)
aws.cloudwatch.EventTarget("t", rule=rule.name, arn=fn.arn)
aws.lambda_.Permission(
    "p", action="lambda:InvokeFunction", function=fn.name, principal="events.amazonaws.com", source_arn=rule.arn
)
bus = aws.cloudwatch.EventBus("bus")
cron = aws.cloudwatch.EventRule("cron", schedule_expression="cron(0 12 * * ? *)")
