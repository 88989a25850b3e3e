"""A VPC's flow log in CloudWatch Logs: metadata of connections (addresses, ports, action), never their payload."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output

from components.iam.trust_policy import service_trust
from components.vpc.network_context import NetworkContext

# https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html (read 2026-11-24) without
# CreateLogGroup: the group exists, and one that AWS created would never expire its logs.
_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")


class FlowLog:
    """The flow log of a network, with its log group and role. Not a component: the network is the parent."""

    def __init__(self, network: NetworkContext, *, retention_days: int, kms_key_arn: Input[str] | None = None) -> None:
        name = f"{network.name}-flow-logs"
        tags = network.tagged(name)
        log_group = aws.cloudwatch.LogGroup(
            name, retention_in_days=retention_days, kms_key_id=kms_key_arn, tags=tags, opts=network.child
        )
        flow_log_arns = Output.format("arn:aws:ec2:{0}:{1}:vpc-flow-log/*", network.region, network.account_id)
        role = aws.iam.Role(
            name,
            description="Lets VPC flow logs write to their log group",
            assume_role_policy=service_trust(
                "vpc-flow-logs.amazonaws.com", account_id=network.account_id, source_arn=flow_log_arns
            ),
            tags=tags,
            opts=network.child,
        )
        policy = aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": list(_ACTIONS),
                            "Resource": [log_group.arn, Output.concat(log_group.arn, ":*")],
                        },
                        # DescribeLogGroups does not support resource-level permissions.
                        {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
                    ],
                }
            ),
            opts=network.child,
        )
        aws.ec2.FlowLog(
            name,
            vpc_id=network.vpc.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=log_group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=600,
            tags=tags,
            opts=network.after(policy),
        )
