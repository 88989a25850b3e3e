"""Flow logs: where they go, and by whose rights."""

from __future__ import annotations

from tests.components.network_recording import record_network
from tests.components.policy_documents import allowed_actions, statements
from tests.engine_recorder import ACCOUNT, REGION


def test_flow_logs_go_to_a_log_group_with_an_end_by_a_role_that_can_do_no_more() -> None:
    recording = record_network()
    flow_log = recording.one("aws:ec2/flowLog:FlowLog")
    log_group = recording.one("aws:cloudwatch/logGroup:LogGroup")
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:net-flow-logs"
    (trust,) = statements(recording.one("aws:iam/role:Role"), "assumeRolePolicy")
    rights, lists = statements(recording.one("aws:iam/rolePolicy:RolePolicy"))

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
    assert rights["Resource"] == [arn, f"{arn}:*"]
    assert (lists["Action"], lists["Resource"]) == ("logs:DescribeLogGroups", "*")  # it takes no single group
    assert not [action for action in allowed_actions(recording) if "*" in action]


def test_its_log_is_sealed_with_the_customers_key_where_there_is_one() -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    sealed = record_network(flow_log_key_arn=key).one("aws:cloudwatch/logGroup:LogGroup")
    usual = record_network().one("aws:cloudwatch/logGroup:LogGroup")

    assert sealed.inputs["kmsKeyId"] == key
    assert "kmsKeyId" not in usual.inputs
