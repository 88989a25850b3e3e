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

t = aws.dynamodb.Table(
    "t",
    attributes=[{"name": "pk", "type": "S"}, {"name": "sk", "type": "S"}],
    hash_key="pk",
    range_key="sk",
    billing_mode="PAY_PER_REQUEST",
    stream_enabled=True,
    stream_view_type="NEW_AND_OLD_IMAGES",
    point_in_time_recovery={"enabled": True},
    ttl={"attribute_name": "expires", "enabled": True},
    global_secondary_indexes=[{"name": "by-sk", "hash_key": "sk", "projection_type": "ALL"}],
)
fn = aws.lambda_.Function(
    "fn",
    role=role.arn,
    runtime="nodejs20.x",
    handler="index.handler",
    code=pulumi.AssetArchive({"index.js": pulumi.StringAsset("")}),
)
policy = aws.iam.RolePolicy(
    "rp",
    role=role.id,
    policy=t.arn.apply(
        lambda a: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "dynamodb:DescribeStream",
                            "dynamodb:GetRecords",
                            "dynamodb:GetShardIterator",
                            "dynamodb:ListStreams",
                            "dynamodb:Query",
                        ],
                        "Resource": [a, f"{a}/index/*", f"{a}/stream/*"],
                    }
                ],
            }
        )
    ),
)
aws.lambda_.EventSourceMapping(
    "m",
    event_source_arn=t.stream_arn,
    function_name=fn.arn,
    starting_position="LATEST",
    opts=pulumi.ResourceOptions(depends_on=[policy]),
)
