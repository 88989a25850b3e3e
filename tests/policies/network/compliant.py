"""The compliant program's VPC: two zones, private store subnets, a flow log, an empty default group."""

from __future__ import annotations

import pulumi_aws as aws

TAGS = {"Project": "tests"}
ZONES = ("a", "b")


def deploy() -> None:
    """Declare the resources; the service of ../compliant.py names the public subnets by their ids."""
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.9.0.0/16")
    aws.ec2.DefaultSecurityGroup("closed-group", vpc_id=vpc.id)
    aws.ec2.FlowLog("flow-log", vpc_id=vpc.id, traffic_type="ALL", log_destination="arn:aws:s3:::flow-logs")
    internet = aws.ec2.InternetGateway("internet", vpc_id=vpc.id)
    public = aws.ec2.RouteTable("public-table", vpc_id=vpc.id)
    aws.ec2.Route(
        "internet-route", route_table_id=public.id, destination_cidr_block="0.0.0.0/0", gateway_id=internet.id
    )
    private = aws.ec2.RouteTable("private-table", vpc_id=vpc.id, routes=[])
    for number, zone in enumerate(ZONES):
        subnet = _subnet(vpc, f"public-{zone}", number)
        aws.ec2.RouteTableAssociation(f"public-{zone}-table", subnet_id=subnet.id, route_table_id=public.id)
        if zone == ZONES[0]:
            aws.ec2.NatGateway("nat", subnet_id=subnet.id, tags=TAGS)
    stores = [_subnet(vpc, f"store-{zone}", 10 + number) for number, zone in enumerate(ZONES)]
    for zone, subnet in zip(ZONES, stores, strict=True):
        aws.ec2.RouteTableAssociation(f"store-{zone}-table", subnet_id=subnet.id, route_table_id=private.id)
    aws.elasticache.SubnetGroup("store-subnets", subnet_ids=[subnet.id for subnet in stores])
    aws.ec2.VpcEndpoint(
        "s3-endpoint",
        vpc_id=vpc.id,
        service_name="com.amazonaws.eu-west-1.s3",
        route_table_ids=[private.id],
        tags=TAGS,
    )
    _network_acls(vpc)


def _subnet(vpc: aws.ec2.Vpc, name: str, number: int) -> aws.ec2.Subnet:
    zone = f"eu-west-1{name[-1]}"
    return aws.ec2.Subnet(name, vpc_id=vpc.id, cidr_block=f"10.9.{number}.0/24", availability_zone=zone)


def _network_acls(vpc: aws.ec2.Vpc) -> None:
    aws.ec2.NetworkAcl(
        "acl-inline",
        vpc_id=vpc.id,
        ingress=[
            {
                "rule_no": 100,
                "action": "allow",
                "protocol": "tcp",
                "cidr_block": "0.0.0.0/0",
                "from_port": 1024,
                "to_port": 65535,
            }
        ],
    )
    acl = aws.ec2.NetworkAcl("acl-apart", vpc_id=vpc.id)
    aws.ec2.NetworkAclRule(
        "acl-rule",
        network_acl_id=acl.id,
        rule_number=100,
        rule_action="allow",
        protocol="tcp",
        cidr_block="0.0.0.0/0",
        from_port=443,
        to_port=443,
    )
