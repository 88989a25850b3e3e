"""EC2: VPC flow logs."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, rule

from .network import (
    ec2_arn,
    refers,
    to_subnet,
    to_vpc,
)
from .same_scope import known
from .sources import created_only, sdk

FLOW_LOG = "aws:ec2/flowLog:FlowLog"


@rule("flow-log-destination", Stage.PLAN, source=sdk("ec2/flowlog"))
def flow_log_destination(call: Call) -> Iterator[Rejection]:
    to = known(call, "logDestinationType", "cloud-watch-logs")
    if call.get("logDestination") is None:
        yield Rejection(
            "logDestination",
            "a flow log requires the ARN of a log group, bucket or delivery stream",
            "MissingParameter",
        )
    if to == "cloud-watch-logs" and call.get("logDestinationType") is not UNKNOWN and call.get("iamRoleArn") is None:
        yield Rejection(
            "iamRoleArn",
            "a flow log to CloudWatch Logs requires iamRoleArn, a role that can write to the log group",
            "InvalidParameter",
        )
    if to != "cloud-watch-logs" and call.get("iamRoleArn") is not None:
        yield Rejection(
            "iamRoleArn",
            f"iamRoleArn is supported only for CloudWatch Logs (got destination type {to})",
            "InvalidParameter",
        )
    if call.get("trafficType") is None and not any(
        call.get(path) for path in ("transitGatewayId", "transitGatewayAttachmentId")
    ):
        yield Rejection("trafficType", "trafficType is required. Allowed are ACCEPT, REJECT, ALL.", "MissingParameter")


DEFAULT_LOG_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
    "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)

_TRAFFIC = ("ACCEPT", "REJECT", "ALL")

_ATTACHED_TO = ("eniId", "regionalNatGatewayId", "subnetId", "transitGatewayAttachmentId", "transitGatewayId", "vpcId")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=FLOW_LOG,
        source=sdk("ec2/flowlog"),
        id="fl-{hex17}",
        outputs={
            "arn": ec2_arn("vpc-flow-log"),
            "logDestinationType": "cloud-watch-logs",
            "maxAggregationInterval": 600,
            "logFormat": lambda _: DEFAULT_LOG_FORMAT,  # a function, since a template would replace the braces
        },
        replaces=frozenset(
            {
                "deliverCrossAccountRole",
                "destinationOptions",
                "iamRoleArn",
                "logDestination",
                "logDestinationType",
                "logFormat",
                "maxAggregationInterval",
                "tagFieldSpecifications",
                "trafficType",
                *_ATTACHED_TO,
            }
        ),
        replace_source=created_only("AWS::EC2::FlowLog"),
        enums={
            "logDestinationType": ("cloud-watch-logs", "s3", "kinesis-data-firehose"),
            "maxAggregationInterval": (60, 600),
            "trafficType": _TRAFFIC,
        },
        exactly_one=(_ATTACHED_TO,),
        references=(
            to_vpc(holds=False),
            to_subnet(holds=False),
            refers("iamRoleArn", "aws:iam/role:Role", "InvalidParameter", by="arn", holds=False, same_region=False),
            refers(
                "logDestination",
                ("aws:cloudwatch/logGroup:LogGroup", "aws:s3/bucket:Bucket"),
                "InvalidParameter",
                by="arn",
                external=r"arn:aws:firehose:.*|arn:aws:s3:::[^/]+/.*|arn:aws:logs:.*:\*",
                holds=False,
                same_region=False,
            ),
        ),
        rules=(flow_log_destination,),
    ),
)
