"""A stand-in for a NAT gateway: one ARM machine that forwards what private subnets send to the internet.

What it is not: it is in one zone, it is alone, and it is ours to keep. When it fails, EC2 moves or reboots it (two
alarms see to that), and for those minutes nothing in a private subnet reaches the internet; if its zone fails, that
lasts until the zone is back. Its bandwidth is that of its instance type and, for burstable ones, of their credits. Its
image is the newest Amazon Linux 2023 of the day it was made and is not patched afterwards: replace it from time to time
(`pulumi up --target-replace`), which gives it today's image and keeps its public address. Nobody can log in: it has no
key, no role, and no port open to the internet.

Good for development and the first users. Past that take a gateway (nat.py).
"""

from __future__ import annotations

import re

import pulumi_aws as aws
from pulumi import Input, InvokeOutputOptions, Output, Resource, ResourceOptions

from components.vpc.network_context import NetworkContext

# https://docs.aws.amazon.com/linux/al2023/ug/ec2.html (from memory, to be checked; others use the same name)
AMI_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
# t4g, c7gn, m8g: a "g" behind the generation is Graviton, and the image is for ARM.
_ARM_INSTANCE_TYPE = re.compile(r"[a-z]+\d+g[a-z]*\.[a-z0-9-]+")

# After https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#create-nat-ami (from memory).
# While this runs, the address the machine was started with gives way to its elastic IP: so dnf may need two tries.
_USER_DATA = """\
#!/bin/bash
set -euo pipefail
echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf
sysctl --system
until dnf install -y iptables-services; do sleep 5; done
systemctl enable --now iptables
outside=$(ip -4 route show default | awk '{{ print $5; exit }}')
iptables -F FORWARD
iptables -t nat -A POSTROUTING -s {vpc_cidr} -o "$outside" -j MASQUERADE
service iptables save
"""


def check_nat_instance_type(argument: str, instance_type: str) -> None:
    """Raises ValueError unless `instance_type` is one of ARM processors."""
    if not _ARM_INSTANCE_TYPE.fullmatch(instance_type):
        raise ValueError(
            f"{argument}: got {instance_type!r}, allowed an ARM instance type such as t4g.nano: "
            "the machine image is built for ARM"
        )


class NatInstance:
    """The machine, its address, security group and alarms. No component: it belongs to the network."""

    network_interface_id: Output[str]
    """Where routes lead. Known once the machine has its public address."""
    public_ip: Output[str]

    def __init__(
        self,
        network: NetworkContext,
        *,
        instance_type: str,
        subnet: aws.ec2.Subnet,
        way_out: Resource,
        alarm_topic_arn: Input[str] | None,
    ) -> None:
        self._network = network
        self._name = f"{network.name}-nat-instance"
        instance = self._instance(instance_type, subnet, way_out)
        address = aws.ec2.Eip(self._name, domain="vpc", tags=network.tagged(self._name), opts=network.child)
        association = aws.ec2.EipAssociation(
            self._name, allocation_id=address.id, instance_id=instance.id, opts=network.child
        )
        self._alarm("recover", "StatusCheckFailed_System", "the host below it is broken", 2, instance, alarm_topic_arn)
        self._alarm("reboot", "StatusCheckFailed_Instance", "it does not answer", 3, instance, alarm_topic_arn)
        self.network_interface_id = Output.all(instance.primary_network_interface_id, association.id).apply(
            lambda both: str(both[0])
        )
        self.public_ip = address.public_ip

    def _instance(self, instance_type: str, subnet: aws.ec2.Subnet, way_out: Resource) -> aws.ec2.Instance:
        network, name = self._network, self._name
        image = aws.ssm.get_parameter_output(name=AMI_PARAMETER, opts=InvokeOutputOptions(parent=network.child.parent))
        # Amazon publishes an image every few weeks; none of them is a reason to cut everybody off.
        keep_image = ResourceOptions(ignore_changes=["ami"])
        return aws.ec2.Instance(
            name,
            ami=image.insecure_value,  # the id of a public image; `value` would make it a secret
            instance_type=instance_type,
            subnet_id=subnet.id,
            vpc_security_group_ids=[self._security_group().id],
            source_dest_check=False,  # else EC2 drops what an instance forwards for others
            associate_public_ip_address=True,
            user_data=_USER_DATA.format(vpc_cidr=network.vpc_cidr),
            user_data_replace_on_change=True,
            metadata_options={"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
            root_block_device={"encrypted": True, "volume_type": "gp3", "tags": network.tagged(name)},
            tags=network.tagged(name),
            opts=ResourceOptions.merge(network.after(way_out), keep_image),
        )

    def _security_group(self) -> aws.ec2.SecurityGroup:
        network, name = self._network, self._name
        group = aws.ec2.SecurityGroup(
            name,
            vpc_id=network.vpc.id,
            description="NAT instance: in from the VPC, out to the internet",
            tags=network.tagged(name),
            opts=network.child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-from-vpc",
            security_group_id=group.id,
            description="What the VPC sends to the internet",
            ip_protocol="-1",
            cidr_ipv4=network.vpc_cidr,
            tags=network.tagged(f"{name}-from-vpc"),
            opts=network.child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-to-internet",
            security_group_id=group.id,
            description="The same, wherever it goes",
            ip_protocol="-1",
            cidr_ipv4="0.0.0.0/0",
            tags=network.tagged(f"{name}-to-internet"),
            opts=network.child,
        )
        return group

    def _alarm(
        self,
        action: str,
        metric: str,
        cause: str,
        minutes: int,
        instance: aws.ec2.Instance,
        topic_arn: Input[str] | None,
    ) -> None:
        """Does `action` after so many bad minutes. The two differ in minutes so that they never act on one fault:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html (from memory)."""
        network, name = self._network, f"{self._name}-{action}"
        told = [] if topic_arn is None else [topic_arn]
        aws.cloudwatch.MetricAlarm(
            name,
            alarm_description=(
                f"The NAT instance failed {minutes} checks, because {cause}. EC2 is asked to {action} it. Until it is"
                " back nothing in a private subnet reaches the internet.\nWhat to do: nothing for ten minutes; if it"
                " lasts, replace the instance or choose a NAT gateway."
            ),
            namespace="AWS/EC2",
            metric_name=metric,
            dimensions={"InstanceId": instance.id},
            statistic="Maximum",
            period=60,
            evaluation_periods=minutes,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            treat_missing_data="missing",
            alarm_actions=[Output.format("arn:aws:automate:{0}:ec2:{1}", network.region, action), *told],
            ok_actions=told,
            tags=network.tagged(name),
            opts=network.child,
        )
