import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, enable_dns_support=True, tags={"Name": "v"})
azs = aws.get_availability_zones(state="available").names[:3]
igw = aws.ec2.InternetGateway("igw", vpc_id=vpc.id)
pub = aws.ec2.RouteTable("pub", vpc_id=vpc.id)
aws.ec2.Route("default", route_table_id=pub.id, destination_cidr_block="0.0.0.0/0", gateway_id=igw.id)
for i, az in enumerate(azs):
    public = aws.ec2.Subnet(
        f"public{i}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{i * 32}.0/20",
        availability_zone=az,
        map_public_ip_on_launch=True,
    )
    private = aws.ec2.Subnet(f"private{i}", vpc_id=vpc.id, cidr_block=f"10.0.{i * 32 + 16}.0/20", availability_zone=az)
    aws.ec2.RouteTableAssociation(f"pa{i}", subnet_id=public.id, route_table_id=pub.id)
    eip = aws.ec2.Eip(f"eip{i}", domain="vpc")
    nat = aws.ec2.NatGateway(
        f"nat{i}", subnet_id=public.id, allocation_id=eip.id, opts=pulumi.ResourceOptions(depends_on=[igw])
    )
    rt = aws.ec2.RouteTable(f"rt{i}", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "nat_gateway_id": nat.id}])
    aws.ec2.RouteTableAssociation(f"ra{i}", subnet_id=private.id, route_table_id=rt.id)
aws.ec2.VpcEndpoint("s3", vpc_id=vpc.id, service_name="com.amazonaws.us-west-2.s3", route_table_ids=[pub.id])
aws.ec2.VpcEndpoint("ddb", vpc_id=vpc.id, service_name="com.amazonaws.us-west-2.dynamodb", route_table_ids=[pub.id])
