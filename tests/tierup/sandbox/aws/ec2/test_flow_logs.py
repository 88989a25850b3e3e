"""Tests of the behaviour rows of VPC flow logs."""

from __future__ import annotations

from tierup.sandbox.aws.ec2_flow_logs import FLOW_LOG
from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.aws.logs import LOG_GROUP
from tierup.sandbox.cloud import CloudResource

from ..account import Account


def test_flow_log_requires_existing_destination(account: Account, vpc: CloudResource) -> None:
    group = account.make(LOG_GROUP, "flows")
    role = account.make(ROLE, "flows", assumeRolePolicy=TRUST)
    inputs = {"vpcId": vpc.id, "trafficType": "ALL", "iamRoleArn": role.outputs["arn"]}
    log = account.make(FLOW_LOG, "flows", logDestination=group.outputs["arn"], **inputs)
    assert "${version}" in log.outputs["logFormat"]
    assert log.outputs["maxAggregationInterval"] == 600
    missing = "arn:aws:logs:eu-west-1:123456789012:log-group:missing"
    assert account.codes(FLOW_LOG, "b", logDestination=missing, **inputs) == {"InvalidParameter"}
    assert account.codes(FLOW_LOG, "b", vpcId=vpc.id, logDestination=group.outputs["arn"]) == {
        "InvalidParameter",
        "MissingParameter",
    }


TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"vpc-flow-logs.amazonaws.com"}}]}'
)
