"""A NAT instance: one ARM instance that forwards traffic from private subnets to the internet, at a low price.

Limits: it is a single instance in one zone and not managed by AWS. When it fails, EC2 recovers or reboots it (by two
alarms), and for those minutes private subnets have no IPv4 internet access; if its zone fails, until the zone is
available again. Its bandwidth is that of its instance type and, for burstable types, limited by CPU credits. Its image
is the newest Amazon Linux 2023 at the time of creation and is not patched afterwards: replace it regularly
(`pulumi up --target-replace`), which installs the current image and keeps the public address. It has no SSH key, no
instance profile, and no port open to the internet.

It suits development and the first users. Use a NAT gateway beyond that (nat.py).
"""

from __future__ import annotations

import re

import pulumi_aws as aws
from pulumi import Input, InvokeOutputOptions, Output, Resource, ResourceOptions

from components.vpc.network_context import NetworkContext

# https://docs.aws.amazon.com/linux/al2023/ug/ec2.html (from memory, to be checked; others use the same name)
AMI_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
# t4g, c7gn, m8g: a "g" after the generation means Graviton, and the image is built for ARM.
_ARM_INSTANCE_TYPE = re.compile(r"[a-z]+\d+g[a-z]*\.[a-z0-9-]+")

# After https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#create-nat-ami (from memory).
# While this runs, the instance's first public address is replaced by its Elastic IP, so dnf may need a second attempt.
# If dnf keeps failing, the script disables the network interface: the instance status check then fails, the alarm
# notifies and reboots, and the copy of the script (per-boot) starts again.
_USER_DATA = """\
#!/bin/bash
set -euo pipefail
boot_script=/var/lib/cloud/scripts/per-boot/nat.sh
[ "$0" = "$boot_script" ] || install -D -m 0700 "$0" "$boot_script"
outside=$(ip -4 route show default | awk '{{ print $5; exit }}')
echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf
sysctl --system
attempts=0
until rpm -q iptables-services || dnf install -y iptables-services; do
  attempts=$((attempts + 1))
  if [ "$attempts" -ge 30 ]; then ip link set "$outside" down; exit 1; fi
  sleep 5
done
systemctl enable --now iptables
iptables -F FORWARD
nat_rule=(POSTROUTING -s {vpc_cidr} -o "$outside" -j MASQUERADE)
iptables -t nat -C "${{nat_rule[@]}}" || iptables -t nat -A "${{nat_rule[@]}}"
service iptables save
"""


def check_nat_instance_type(argument: str, instance_type: str) -> None:
    """Raise ValueError unless `instance_type` has an ARM processor and enough memory."""
    if not _ARM_INSTANCE_TYPE.fullmatch(instance_type):
        raise ValueError(
            f"{argument}: not an ARM instance type (got {instance_type!r}). "
            "Set a Graviton type such as t4g.micro: the machine image is built for ARM."
        )
    # The kernel kills dnf on 512 MiB: https://github.com/amazonlinux/amazon-linux-2023/issues/404 (read 2026-11-24).
    if instance_type.endswith(".nano"):
        raise ValueError(
            f"{argument}: too little memory (got {instance_type!r}). "
            "Set a type with 1 GiB or more, such as t4g.micro: dnf runs out of memory on 512 MiB."
        )


class NatInstance:
    """A NAT instance with its Elastic IP, security group and alarms. Not a component: the network is the parent."""

    network_interface_id: Output[str]
    """The target of routes. It resolves after the Elastic IP is associated."""
    public_ip: Output[str]

    def __init__(
        self,
        network: NetworkContext,
        *,
        instance_type: str,
        subnet: aws.ec2.Subnet,
        internet_route: Resource,
        alarm_topic_arn: Input[str] | None,
    ) -> None:
        self._network = network
        self._name = f"{network.name}-nat-instance"
        instance = self._instance(instance_type, subnet, internet_route)
        address = aws.ec2.Eip(self._name, domain="vpc", tags=network.tagged(self._name), opts=network.child)
        association = aws.ec2.EipAssociation(
            self._name, allocation_id=address.id, instance_id=instance.id, opts=network.child
        )
        self._alarm("recover", "StatusCheckFailed_System", "its host is impaired", 2, instance, alarm_topic_arn)
        self._alarm(
            "reboot",
            "StatusCheckFailed_Instance",
            "its operating system does not respond",
            3,
            instance,
            alarm_topic_arn,
        )
        self.network_interface_id = Output.all(instance.primary_network_interface_id, association.id).apply(
            lambda both: str(both[0])
        )
        self.public_ip = address.public_ip

    def _instance(self, instance_type: str, subnet: aws.ec2.Subnet, internet_route: Resource) -> aws.ec2.Instance:
        network, name = self._network, self._name
        image = aws.ssm.get_parameter_output(name=AMI_PARAMETER, opts=InvokeOutputOptions(parent=network.child.parent))
        # Amazon publishes an image every few weeks; a new one must not replace the instance and interrupt traffic.
        keep_image = ResourceOptions(ignore_changes=["ami"])
        return aws.ec2.Instance(
            name,
            ami=image.insecure_value,  # the id of a public image; `value` would make it a secret
            instance_type=instance_type,
            subnet_id=subnet.id,
            vpc_security_group_ids=[self._security_group().id],
            source_dest_check=False,  # otherwise EC2 drops packets that an instance forwards
            associate_public_ip_address=True,
            user_data=_USER_DATA.format(vpc_cidr=network.vpc_cidr),
            user_data_replace_on_change=True,
            metadata_options={"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
            root_block_device={"encrypted": True, "volume_type": "gp3", "tags": network.tagged(name)},
            tags=network.tagged(name),
            opts=ResourceOptions.merge(network.after(internet_route), keep_image),
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
            description="Traffic from the VPC to the internet",
            ip_protocol="-1",
            cidr_ipv4=network.vpc_cidr,
            tags=network.tagged(f"{name}-from-vpc"),
            opts=network.child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-to-internet",
            security_group_id=group.id,
            description="Forwarded traffic to any destination",
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
        """Create the alarm that performs `action` after `minutes` failed checks.

        The two alarms differ in minutes so that they do not act on one failure:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html (read 2026-11-28).
        """
        network, name = self._network, f"{self._name}-{action}"
        notified = [] if topic_arn is None else [topic_arn]
        aws.cloudwatch.MetricAlarm(
            name,
            alarm_description=(
                f"The NAT instance failed {minutes} status checks, because {cause}. This alarm makes EC2 {action} it."
                " Private subnets have no internet access until then.\nWhat to do: wait ten minutes; if the alarm"
                " stays on, replace the instance or change to a NAT gateway."
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
            alarm_actions=[Output.format("arn:aws:automate:{0}:ec2:{1}", network.region, action), *notified],
            ok_actions=notified,
            tags=network.tagged(name),
            opts=network.child,
        )
