"""Tests of the flow log: its destination and the permissions of its role."""

from __future__ import annotations

from tests.components.network_recording import record_network
from tests.components.policy_documents import allowed_actions, statements
from tests.engine_recorder import ACCOUNT, REGION


def test_flow_log_writes_to_a_log_group_with_retention_by_a_minimal_role() -> None:
    recording = record_network()
    flow_log = recording.one("aws:ec2/flowLog:FlowLog")
    log_group = recording.one("aws:cloudwatch/logGroup:LogGroup")
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:net-flow-logs"
    (trust,) = statements(recording.one("aws:iam/role:Role"), "assumeRolePolicy")
    write, describe = statements(recording.one("aws:iam/rolePolicy:RolePolicy"))

    assert flow_log.inputs["vpcId"] == "net-vpc-id"
    assert flow_log.inputs["trafficType"] == "ALL"
    assert flow_log.inputs["logDestination"] == arn
    assert "net-flow-logs" in flow_log.opts.depends_on
    assert log_group.inputs["retentionInDays"] == 30
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/*"},
    }
    assert write["Resource"] == [arn, f"{arn}:*"]
    assert (describe["Action"], describe["Resource"]) == (
        "logs:DescribeLogGroups",
        "*",
    )  # no resource-level permissions
    actions = allowed_actions(recording)
    assert actions
    assert not [action for action in actions if "*" in action]


def test_log_group_uses_the_customer_managed_key_if_given() -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    encrypted = record_network(flow_log_key_arn=key).one("aws:cloudwatch/logGroup:LogGroup")
    default = record_network().one("aws:cloudwatch/logGroup:LogGroup")

    assert encrypted.inputs["kmsKeyId"] == key
    assert "kmsKeyId" not in default.inputs
