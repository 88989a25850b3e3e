# Rejected: endpoint-service-exists
import pulumi_aws as aws

vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16", enable_dns_hostnames=True)
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
subnets = [
    aws.ec2.Subnet(f"s{i}", vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24", availability_zone=f"us-west-2{z}")
    for i, z in enumerate("abc")
]
ids = [s.id for s in subnets]
table = aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}])
group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id)
e1 = aws.ec2.VpcEndpoint(
    "e1",
    vpc_id=vpc.id,
    service_name="com.amazonaws.us-west-2.ecr.apis",
    vpc_endpoint_type="Interface",
    private_dns_enabled=True,
    subnet_ids=ids[:1],
    security_group_ids=[group.id],
)
