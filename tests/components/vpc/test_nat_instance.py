"""Tests of the NAT instance: forwarding, access and recovery."""

from __future__ import annotations

import pytest

from components.vpc.nat import NatKind
from components.vpc.nat_instance import AMI_PARAMETER
from components.vpc.network import Network
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.components.network_recording import IMAGE, only, record_network, untagged
from tests.engine_recorder import REGION, Recording

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
NAME = "net-nat-instance"


@pytest.fixture(scope="module")
def recording() -> Recording[Network]:
    return record_network(PrivateSubnetsArgs(nat=NatKind.INSTANCE, alarm_topic_arn=TOPIC))


def test_instance_has_the_newest_amazon_linux_for_arm_and_forwards_packets(recording: Recording[Network]) -> None:
    instance = only(recording, "aws:ec2/instance:Instance", NAME)

    assert ("aws:ssm/getParameter:getParameter", {"name": AMI_PARAMETER}) in recording.calls
    assert instance.inputs["ami"] == IMAGE
    assert instance.secret_inputs == frozenset()
    assert instance.inputs["instanceType"] == "t4g.micro"
    assert instance.inputs["subnetId"] == "net-public-eu-west-1a-id"
    assert instance.inputs["sourceDestCheck"] is False
    assert "-s 10.20.0.0/16" in instance.inputs["userData"]
    assert "{ print $5; exit }" in instance.inputs["userData"]
    assert "net-public-eu-west-1a" in instance.opts.depends_on


def test_instance_is_replaced_by_changed_user_data_but_not_by_a_newer_image(recording: Recording[Network]) -> None:
    instance = only(recording, "aws:ec2/instance:Instance", NAME)

    assert instance.opts.ignore_changes == ("ami",)
    assert instance.inputs["userDataReplaceOnChange"] is True


def test_instance_has_no_inbound_access_from_the_internet(recording: Recording[Network]) -> None:
    instance = only(recording, "aws:ec2/instance:Instance", NAME)
    ingress = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")

    assert [rule.inputs.get("cidrIpv4") for rule in ingress] == ["10.20.0.0/16"]
    assert not {"keyName", "iamInstanceProfile"} & instance.inputs.keys()
    assert instance.inputs["metadataOptions"]["httpTokens"] == "required"
    assert instance.inputs["rootBlockDevice"]["encrypted"] is True


def test_instance_has_an_elastic_ip_and_routes_depend_on_it(recording: Recording[Network]) -> None:
    association = only(recording, "aws:ec2/eipAssociation:EipAssociation", NAME)
    route = only(recording, "aws:ec2/route:Route", "net-private-eu-west-1b-internet")

    assert association.inputs["allocationId"] == f"{NAME}-id"
    assert association.inputs["instanceId"] == f"{NAME}-id"
    assert NAME in route.opts.depends_on
    assert len(recording.result.nat_public_ips) == 1


@pytest.mark.parametrize(
    ("action", "metric"), [("recover", "StatusCheckFailed_System"), ("reboot", "StatusCheckFailed_Instance")]
)
def test_alarms_recover_and_reboot_the_instance(recording: Recording[Network], action: str, metric: str) -> None:
    alarm = only(recording, "aws:cloudwatch/metricAlarm:MetricAlarm", f"{NAME}-{action}")

    assert alarm.inputs["alarmActions"] == [f"arn:aws:automate:{REGION}:ec2:{action}", TOPIC]
    assert alarm.inputs["okActions"] == [TOPIC]
    assert alarm.inputs["metricName"] == metric
    assert alarm.inputs["dimensions"] == {"InstanceId": f"{NAME}-id"}
    assert "What to do:" in alarm.inputs["alarmDescription"]


def test_alarms_recover_and_reboot_without_a_topic() -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.INSTANCE))
    alarms = recording.of("aws:cloudwatch/metricAlarm:MetricAlarm")

    assert {len(alarm.inputs["alarmActions"]) for alarm in alarms} == {1}


def test_every_taggable_resource_has_tags_and_name(recording: Recording[Network]) -> None:
    assert not untagged(recording)
    volume = only(recording, "aws:ec2/instance:Instance", NAME).inputs["rootBlockDevice"]["tags"]
    assert volume == {"Stack": "dev", "Name": NAME}


def test_script_stops_after_failed_installations_and_disables_the_interface(recording: Recording[Network]) -> None:
    script = only(recording, "aws:ec2/instance:Instance", NAME).inputs["userData"]

    assert 'if [ "$attempts" -ge 30 ]; then ip link set "$outside" down; exit 1; fi' in script
    assert "/var/lib/cloud/scripts/per-boot/nat.sh" in script
